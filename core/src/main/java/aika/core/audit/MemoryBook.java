package aika.core.audit;

import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Row;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A book in memory; audits that are given the same one go on where the last one ended. */
public final class MemoryBook implements AuditBook {
  private static final long ROWS_MIN = 50_000;

  private MemoryState rows = new MemoryState();
  private long rowsMax = ROWS_MIN;
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
  public void forget() {
    if (rows.size() > rowsMax) { // seldom: it looks at every row
      rows.forget();
      rowsMax = 2L * rows.size() + ROWS_MIN;
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
