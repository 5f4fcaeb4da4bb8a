package aika.sim;

import aika.core.approval.Replica;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A separate cosigner's rows. */
final class ReplicaRows implements Replica.Rows {
  private final MemoryState rows = new MemoryState();

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
    rows.forget(time);
  }
}
