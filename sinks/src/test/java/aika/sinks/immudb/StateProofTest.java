package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.Hash;
import aika.proto.immudb.DualProof;
import aika.sinks.SinkException;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proofs between states, with trees that lag behind the chain in every way. */
final class StateProofTest {
  private static final int TRANSACTIONS = 40;

  private static GrowingStore store(Random random, int lagMax) {
    GrowingStore store = new GrowingStore();
    long inTree = 0;
    for (long id = 1; id <= TRANSACTIONS; id++) {
      long lag = lagMax == 0 ? 0 : random.nextInt(lagMax + 1);
      inTree = Math.max(inTree, id - 1 - lag);
      store.add(inTree);
    }
    return store;
  }

  private static Random seeded(String test) {
    long seed = System.nanoTime();
    System.out.println(test + " seed " + seed);
    return new Random(seed);
  }

  @Test
  void everyProofOfAnHonestStoreIsAccepted() {
    Random random = seeded("everyProofOfAnHonestStoreIsAccepted");
    for (int lag : new int[] {0, 1, 3, 12, TRANSACTIONS}) {
      GrowingStore store = store(random, lag);
      for (long from = 1; from <= TRANSACTIONS; from++) {
        for (long to = from; to <= TRANSACTIONS; to++) {
          StateProof.check(store.proof(from, to), store.state(from), store.state(to));
        }
      }
    }
  }

  @Test
  void aProofIsGoodForItsOwnStatesOnly() {
    GrowingStore store = store(new Random(1), 3);
    DualProof proof = store.proof(7, 30);
    refused(proof, store.state(6), store.state(30));
    refused(proof, store.state(7), store.state(29));
    refused(proof, store.state(30), store.state(7));
    refused(proof, new State(7, store.state(6).hash()), store.state(30));
    refused(proof, store.state(7), new State(30, store.state(29).hash()));
    refused(DualProof.getDefaultInstance(), store.state(7), store.state(30));
  }

  @Test
  void anotherHistoryIsRefused() {
    // The same up to transaction 10, then otherwise.
    GrowingStore one = new GrowingStore();
    GrowingStore other = new GrowingStore();
    for (long id = 1; id <= 20; id++) {
      one.add(id - 1);
      other.add(id <= 10 ? id - 1 : id - 2);
    }
    assertEquals(one.state(10), other.state(10));
    StateProof.check(other.proof(10, 20), one.state(10), other.state(20));
    refused(other.proof(11, 20), one.state(11), other.state(20));
    refused(one.proof(11, 20), one.state(11), other.state(20));
  }

  @Test
  void everyFlippedBitIsRefused() {
    Random random = seeded("everyFlippedBitIsRefused");
    for (int lag : new int[] {0, 5, 20}) {
      GrowingStore store = store(random, lag);
      for (int i = 0; i < 12; i++) {
        long from = 1L + random.nextInt(TRANSACTIONS - 1);
        long to = from + random.nextInt((int) (TRANSACTIONS - from) + 1);
        byte[] proof = store.proof(from, to).toByteArray();
        for (int at = 0; at < proof.length; at++) {
          byte[] changed = proof.clone();
          changed[at] ^= (byte) (1 << random.nextInt(8));
          refused(changed, store.state(from), store.state(to));
        }
      }
    }
  }

  private static void refused(byte[] proof, State from, State to) {
    DualProof parsed;
    try {
      parsed = DualProof.parseFrom(proof);
    } catch (InvalidProtocolBufferException notEvenOne) {
      return;
    }
    refused(parsed, from, to);
  }

  private static void refused(DualProof proof, State from, State to) {
    SinkException failed =
        assertThrows(SinkException.class, () -> StateProof.check(proof, from, to));
    assertTrue(
        failed.kind() == SinkException.Kind.TAMPERED
            || String.valueOf(failed.getMessage()).contains("version"),
        failed::toString);
  }

  @Test
  void aShortOrLongHashIsRefused() {
    GrowingStore store = store(new Random(2), 0);
    DualProof proof = store.proof(3, 9);
    for (int length : new int[] {0, Hash.BYTES - 1, Hash.BYTES + 1}) {
      refused(
          proof.toBuilder()
              .setInclusionProof(0, com.google.protobuf.ByteString.copyFrom(new byte[length]))
              .build(),
          store.state(3),
          store.state(9));
    }
  }
}
