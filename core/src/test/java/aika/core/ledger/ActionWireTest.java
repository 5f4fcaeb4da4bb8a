package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is ordered comes out as it went in; what is not an action is refused as such. */
final class ActionWireTest {
  private static final String ORDER =
      """
      aika/order/v1
      federation aika.example
      kind receive
      id 019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10
      account Asia-Kanazawa/p8d1x7aa
      transfer Asia-Komatsu:12
      not-after 2026-11-22T10:02:00Z
      """;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final TransferId TRANSFER = TransferId.of("Asia-Komatsu:12");
  private static final Hash ONE = Hash.of(TestKeys.seed("one"));
  private static final Hash TWO = Hash.of(TestKeys.seed("two"));

  static List<Action> actions() {
    SignedOrder order =
        SignedOrder.of(
            SignedNote.sign(ORDER, "Asia-Kanazawa/p8d1x7aa", 1, TestKeys.cheap("somebody")));
    byte[] key = TestKeys.seed("key");
    Action.Proof proof = new Action.Proof(new byte[] {1, 2, 3}, List.of(ONE, TWO));
    Action.Proof bare = new Action.Proof(new byte[0], List.of());
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", 77, ONE);
    return List.of(
        new Action.Genesis(Hash.of(new byte[Hash.BYTES])),
        new Action.Submit(order, key, 1_795_341_600_000L, null),
        new Action.Submit(order, key, 0, new Action.Citation(12, 77, null)),
        new Action.Submit(order, key, 1, new Action.Citation(12, Long.MAX_VALUE, proof)),
        new Action.Conclude(TRANSFER, OutcomeKind.EXPIRED, new Action.Citation(12, 0, null)),
        new Action.Conclude(TRANSFER, OutcomeKind.CANCELLED, new Action.Citation(13, 77, bare)),
        new Action.RecordCheckpoint(KOMATSU, 1, checkpoint, List.of()),
        new Action.RecordCheckpoint(KOMATSU, Long.MAX_VALUE, checkpoint, List.of(TWO, ONE)),
        new Action.Settle(KOMATSU, 77, List.of(new Action.Item(1, 2, proof))),
        new Action.Settle(
            KOMATSU, 0, Collections.nCopies(250, new Action.Item(Long.MAX_VALUE, 0, null))),
        new Action.Seal(1),
        new Action.Seal(Long.MAX_VALUE));
  }

  private static byte[] bytes(Action action) {
    Wire out = new Wire(16);
    ActionWire.write(out, action);
    return out.toBytes();
  }

  private static Action read(byte[] bytes) {
    Wire.Reader in = new Wire.Reader(bytes);
    Action action = ActionWire.read(in);
    assertFalse(in.hasMore());
    return action;
  }

  @ParameterizedTest
  @MethodSource("actions")
  void comesOutAsItWentIn(Action action) {
    Action copy = read(bytes(action));
    assertEquals(action.getClass(), copy.getClass());
    assertArrayEquals(bytes(action), bytes(copy));
  }

  @Test
  void everyFieldComesOut() {
    Action.Submit submit = assertInstanceOf(Action.Submit.class, read(bytes(actions().get(3))));
    assertEquals(ORDER, submit.order().order().text());
    assertArrayEquals(TestKeys.seed("key"), submit.key());
    assertEquals(1, submit.arrived());
    Action.Citation citation = submit.citation();
    assertEquals(12, citation == null ? 0 : citation.index());
    assertEquals(Long.MAX_VALUE, citation == null ? 0 : citation.recorded());
    Action.Proof proof = citation == null ? null : citation.proof();
    assertArrayEquals(new byte[] {1, 2, 3}, proof == null ? null : proof.leaf());
    assertEquals(List.of(ONE, TWO), proof == null ? null : proof.path());
    assertEquals(actions().get(4), read(bytes(actions().get(4))));
    assertEquals(actions().get(7), read(bytes(actions().get(7))));
    assertEquals(actions().get(9), read(bytes(actions().get(9))));
    assertEquals(actions().get(10), read(bytes(actions().get(10))));
  }

  /** Errors of other types would stop whoever reads. */
  private static void readOrRefuse(byte[] bytes) {
    try {
      Action action = ActionWire.read(new Wire.Reader(bytes));
      assertEquals(action, action);
    } catch (MalformedException refused) {
      assertFalse(String.valueOf(refused.getMessage()).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("actions")
  void cutBytesAreRefused(Action action) {
    byte[] good = bytes(action);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThrows(MalformedException.class, () -> read(cut));
    }
  }

  @ParameterizedTest
  @MethodSource("actions")
  void changedBytesAreReadOrRefused(Action action) {
    byte[] good = bytes(action);
    for (int at = 0; at < good.length; at++) {
      for (int value : new int[] {0, 1, 2, 0x7f, 0x80, 0xff}) {
        byte[] changed = good.clone();
        changed[at] = (byte) value;
        readOrRefuse(changed);
      }
    }
  }

  @Test
  void noiseIsReadOrRefused() {
    long seed = 7;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) random.nextInt(8);
      }
      readOrRefuse(noise);
    }
  }

  @Test
  void countsOutOfRangeAreRefused() {
    for (int count : new int[] {-1, 0, 251, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      Wire settle = new Wire(16).u8(5).text("Asia-Komatsu").i64(1).i32(count);
      for (int i = 0; i < Math.min(count, 300); i++) {
        settle.i64(1).i64(1).u8(0);
      }
      assertThrows(MalformedException.class, () -> read(settle.toBytes()));
    }
    List<Integer> hashes = new ArrayList<>(List.of(-1, 64, Integer.MAX_VALUE));
    for (int count : hashes) {
      Wire record = new Wire(16).u8(4).text("Asia-Komatsu").i64(1);
      record.text(new Checkpoint("aika.example/Asia-Komatsu", 7, ONE).text()).i32(count);
      for (int i = 0; i < Math.min(count, 100); i++) {
        record.hash(ONE);
      }
      assertThrows(MalformedException.class, () -> read(record.toBytes()));
    }
  }

  /** Otherwise two sequences of bytes would be read as one text. */
  @Test
  void textIsUtf8() {
    byte[] text = new Wire(16).blob(new byte[] {'A', (byte) 0xe1, '.'}).toBytes();
    assertThrows(MalformedException.class, () -> new Wire.Reader(text).text());
  }

  @Test
  void flagsAreZeroOrOne() {
    byte[] seal = new Wire(16).u8(2).toBytes();
    assertThrows(MalformedException.class, () -> read(seal));
    byte[] submit = bytes(actions().get(1));
    submit[submit.length - 1] = 2;
    assertThrows(MalformedException.class, () -> read(submit));
  }

  @Test
  void submissionsHaveAKeyAndATime() {
    SignedOrder order = ((Action.Submit) actions().get(1)).order();
    assertThrows(MalformedException.class, () -> new Action.Submit(order, new byte[31], 0, null));
    assertThrows(MalformedException.class, () -> new Action.Submit(order, new byte[32], -1, null));
    long year10000 = 253_402_300_800_000L;
    assertThrows(
        MalformedException.class, () -> new Action.Submit(order, new byte[32], year10000, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Command(-1, new Action.Genesis(Hash.of(new byte[Hash.BYTES]))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Command(year10000, new Action.Genesis(Hash.of(new byte[Hash.BYTES]))));
  }
}
