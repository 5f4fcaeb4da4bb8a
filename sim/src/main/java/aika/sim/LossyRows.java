package aika.sim;

import aika.core.follow.Changes;
import aika.core.follow.MemoryRows;
import aika.core.follow.Rows;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A follower's rows as a disk keeps them: a crash may undo the last writes, each of them whole. */
final class LossyRows implements Rows {
  private static final int UNDONE_MAX = 16;

  private final Sabotage sabotage;
  private MemoryRows rows = new MemoryRows();
  private final ArrayDeque<Changes> undo = new ArrayDeque<>();

  LossyRows(Sabotage sabotage) {
    this.sabotage = sabotage;
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    return rows.get(table, key);
  }

  @Override
  public void scan(Table table, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
    rows.scan(table, from, to, visitor);
  }

  @Override
  public void write(Changes changes) {
    Changes back = new Changes();
    for (Changes.Change change : changes.list()) {
      if (change.table() == Table.CURSORS && !sabotage.writesWhole()) {
        continue;
      }
      byte[] before = rows.get(change.table(), change.key());
      if (before == null) {
        back.delete(change.table(), change.key());
      } else {
        back.put(change.table(), change.key(), before);
      }
    }
    undo.push(back);
    if (undo.size() > UNDONE_MAX) {
      undo.removeLast();
    }
    rows.write(changes);
  }

  void crash(SplittableRandom random) {
    for (int lost = random.nextInt(undo.size() + 1); lost > 0; lost--) {
      rows.write(undo.pop());
    }
    undo.clear();
  }

  /** A new disk. */
  void wipe() {
    rows = new MemoryRows();
    undo.clear();
  }

  /** What was written so far survives. */
  void sync() {
    undo.clear();
  }
}
