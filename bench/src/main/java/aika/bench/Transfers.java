package aika.bench;

import aika.core.money.TransferId;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Some transfers: signed and sent in one stage, received in a later one. */
final class Transfers {
  private final Residents residents;
  private final int[] from;
  private final int[] to;
  private final @Nullable TransferId[] ids;
  private final byte[][] sends;
  private final byte[][] receives;

  /** Signs the sends of {@code count} transfers, each to somebody at random. */
  Transfers(Residents residents, int count, long seed, Workers signers) {
    this.residents = residents;
    from = new int[count];
    to = new int[count];
    ids = new TransferId[count];
    sends = new byte[count][];
    receives = new byte[count][];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      from[i] = i % residents.count();
      to[i] = (from[i] + 1 + random.nextInt(residents.count() - 1)) % residents.count();
    }
    signers.each(count, i -> sends[i] = residents.send(from[i], to[i]));
  }

  /** No transfers. */
  static Transfers none(Residents residents, Workers signers) {
    return new Transfers(residents, 0, 0, signers);
  }

  /** Signs the receives of what has been sent. */
  void signReceives(Workers signers) {
    signers.each(count(), i -> receives[i] = residents.receive(to[i], id(i)));
  }

  int count() {
    return sends.length;
  }

  byte[] send(int i) {
    return sends[i];
  }

  byte[] receive(int i) {
    return receives[i];
  }

  /** The transfer {@code i} became leaf {@code index} of its sender's chain. */
  void sent(int i, long index) {
    ids[i] = new TransferId(residents.id(from[i]).chain(), index);
  }

  TransferId id(int i) {
    TransferId id = ids[i];
    if (id == null) {
      throw new BenchException("transfer " + i + " was never sent");
    }
    return id;
  }
}
