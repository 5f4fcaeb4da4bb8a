package aika.sim;

import aika.core.audit.AuditBook;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Row;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the auditor knows of one chain, from one audit to the next of a run. */
final class KeptBook implements AuditBook {
  private static final int ROWS_MIN = 10_000;

  private MemoryState rows = new MemoryState();
  private int rowsMax = ROWS_MIN;
  private byte @Nullable [] seen;
  private byte @Nullable [] kept;

  @Override
  public <R extends Row> @Nullable R get(Key<R> key) {
    return rows.get(key);
  }

  @Override
  public void write(List<Row> changed) {
    rows.write(changed);
  }

  @Override
  public void forget(long time) {
    if (rows.size() > rowsMax) { // seldom: it looks at every row
      rows.forget(time);
      rowsMax = 2 * rows.size() + ROWS_MIN;
    }
  }

  @Override
  public byte @Nullable [] seen() {
    return seen;
  }

  @Override
  public void see(byte[] checkpoint) {
    seen = checkpoint;
  }

  @Override
  public byte @Nullable [] kept() {
    return kept;
  }

  @Override
  public void keep(byte @Nullable [] mark) {
    kept = mark;
  }

  @Override
  public void clear() {
    rows = new MemoryState();
    kept = null;
  }

  @Override
  public void latest(Consumer<Row.Latest> visitor) {
    for (Row row : rows.rows()) {
      if (row instanceof Row.Latest latest) {
        visitor.accept(latest);
      }
    }
  }

  @Override
  public void open(Consumer<Row.Hold> visitor) {
    for (Row row : rows.rows()) {
      if (row instanceof Row.Hold hold && hold.status() == Row.Hold.Status.HELD) {
        visitor.accept(hold);
      }
    }
  }
}
