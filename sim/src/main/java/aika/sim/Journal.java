package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.ActionWire;
import aika.core.ledger.Command;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** A shard's durable list of ordered commands, in the bytes in which nodes replicate them. */
final class Journal {
  private final Sabotage sabotage;
  private final List<byte[]> records = new ArrayList<>();
  private int durable;

  Journal(Sabotage sabotage) {
    this.sabotage = sabotage;
  }

  void append(ChainId chain, Command command) {
    Wire out = new Wire(1_024);
    out.text(chain.value()).i64(sabotage.journaled(command.time()));
    ActionWire.write(out, command.action());
    records.add(out.toBytes());
  }

  void sync() {
    if (sabotage.syncs()) {
      durable = records.size();
    }
  }

  /** Commands since the last snapshot. */
  int size() {
    return records.size();
  }

  /** Everything so far is in a snapshot now. */
  void clear() {
    records.clear();
    durable = 0;
  }

  /** Loses some of what was not synced: the disk may have kept a part of it. */
  void crash(SplittableRandom random) {
    int kept = durable + random.nextInt(records.size() - durable + 1);
    records.subList(kept, records.size()).clear();
    durable = kept;
  }

  void replay(BiConsumer<ChainId, Command> to) {
    records.forEach(record -> replay(record, to));
  }

  /** A new disk with those commands that {@code which} takes, told in their order. */
  void keepOnly(BiPredicate<ChainId, Command> which) {
    boolean[] takes = {false};
    records.removeIf(record -> {
      replay(record, (chain, command) -> takes[0] = which.test(chain, command));
      return !takes[0];
    });
    durable = records.size();
  }

  private static void replay(byte[] record, BiConsumer<ChainId, Command> to) {
    Wire.Reader in = new Wire.Reader(record);
    ChainId chain = ChainId.of(in.text());
    long time = in.i64();
    Action action = ActionWire.read(in);
    to.accept(chain, new Command(time, action));
  }
}
