package aika.bench;

import aika.core.money.TransferId;
import java.util.SplittableRandom;

/**
 * Some transfers: signed and sent in one stage, received in a later one. Kept in few large arrays,
 * so that waiting orders are no work for the garbage collector.
 */
final class Transfers {
  private static final long UNSENT = -1;

  private final Residents residents;
  private final int[] from;
  private final int[] to;
  private final long[] leaves;
  private Notes sends;
  private Notes receives;

  /** Signs the sends of {@code count} transfers, each to somebody at random. */
  Transfers(Residents residents, int count, long seed, Workers signers) {
    this.residents = residents;
    from = new int[count];
    to = new int[count];
    leaves = new long[count];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      from[i] = i % residents.count();
      to[i] = (from[i] + 1 + random.nextInt(residents.count() - 1)) % residents.count();
      leaves[i] = UNSENT;
    }
    sends = Notes.of(count, signers, i -> residents.send(from[i], to[i]));
    receives = Notes.NONE;
  }

  /** Signs the receives of what has been sent. */
  void signReceives(Workers signers) {
    sends = Notes.NONE;
    receives = Notes.of(count(), signers, i -> residents.receive(to[i], id(i)));
  }

  int count() {
    return leaves.length;
  }

  byte[] send(int i) {
    return sends.get(i);
  }

  byte[] receive(int i) {
    return receives.get(i);
  }

  /** The transfer {@code i} became leaf {@code index} of its sender's chain. */
  void sent(int i, long index) {
    leaves[i] = index;
  }

  TransferId id(int i) {
    if (leaves[i] == UNSENT) {
      throw new BenchException("transfer " + i + " was never sent");
    }
    return new TransferId(residents.id(from[i]).chain(), leaves[i]);
  }
}
