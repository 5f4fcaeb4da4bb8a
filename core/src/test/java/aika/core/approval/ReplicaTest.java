package aika.core.approval;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cosigner that trusts nobody executes the worked example from its leaves, and nothing else. */
final class ReplicaTest {
  private static final WorkedExample EXAMPLE = new WorkedExample();
  private static final Ed25519 ED25519 = new Ed25519(64);

  /** The logs of the example as their tiles would show them. */
  private static class Logs implements Origins {
    private final WorkedExample example;

    Logs(WorkedExample example) {
      this.example = example;
    }

    @Override
    public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
      TestChain chain = example.chain(tree.origin());
      return index < tree.size() && tree.size() <= chain.tree().size()
          ? chain.proof(index, tree.size())
          : null;
    }

    @Override
    public List<Hash> consistency(long oldSize, Row.Recorded tree) {
      return Proofs.consistency(oldSize, tree.size(), example.chain(tree.origin()).tree());
    }

    @Override
    public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
      if (example.federation().directory().find(origin) == null) {
        return false;
      }
      TestChain chain = example.chain(origin);
      long size = checkpoint.size();
      return size <= chain.tree().size() && chain.tree().root(size).equals(checkpoint.root());
    }
  }

  private static Replica replica(ChainId chain) {
    return replica(chain, new Logs(EXAMPLE));
  }

  private static Replica replica(ChainId chain, Origins origins) {
    return new Replica(chain, EXAMPLE.federation().directory(), ED25519, origins);
  }

  /** A file that continues the one with which the chain began adds chains and changes nothing. */
  @Test
  void aChainIsExecutedWithALaterFederationFileThatContinuesItsOwn() {
    Directory own = EXAMPLE.federation().directory();
    Hash later = Hash.of(new byte[Hash.BYTES]);
    Directory continued =
        new Directory(own.federation(), later, List.of(own.fileHash()), own.policy(), own.chains());
    Replica replica = new Replica(KANAZAWA, continued, ED25519, new Logs(EXAMPLE));
    for (Entry entry : EXAMPLE.chain(KANAZAWA).entries()) {
      replica.execute(entry.bytes());
    }
    assertEquals(EXAMPLE.chain(KANAZAWA).entries().size(), replica.size());

    Directory another = new Directory(own.federation(), later, own.policy(), own.chains());
    Replica stranger = new Replica(KANAZAWA, another, ED25519, new Logs(EXAMPLE));
    byte[] first = EXAMPLE.chain(KANAZAWA).entries().getFirst().bytes();
    assertThrows(DivergedException.class, () -> stranger.execute(first));
  }

  private static Replica executed(ChainId chain, int leaves) {
    Replica replica = replica(chain);
    EXAMPLE.chain(chain).entries().subList(0, leaves).forEach(e -> replica.execute(e.bytes()));
    return replica;
  }

  private static Seats seats(ChainId chain) {
    return EXAMPLE.federation().directory().entry(chain).seats();
  }

  @Test
  void executesTheExampleToTheSameRootsAtEverySeal() {
    for (TestChain chain : EXAMPLE.federation().chains()) {
      Replica replica = replica(chain.id());
      for (Entry entry : chain.entries()) {
        replica.execute(entry.bytes());
        long size = entry.index() + 1;
        assertEquals(size, replica.size());
        Execution.Sealed sealed = replica.sealed(chain.id(), size);
        if (entry.leaf() instanceof Leaf.Sealed) {
          Hash root = chain.tree().root(size);
          assertEquals(
              new Execution.Sealed(root, entry.leaf().time(), seats(chain.id()), 0), sealed);
        } else {
          assertNull(sealed);
        }
      }
      assertEquals(chain.head(), replica.state().head());
    }
  }

  @Test
  void forgetsSealsThatNobodyAsksFor() {
    Replica replica = executed(KOMATSU, 12);
    replica.forget(10);
    assertNull(replica.sealed(KOMATSU, 9));
    assertTrue(replica.sealed(KOMATSU, 12) != null);
    assertNull(replica.sealed(KANAZAWA, 12));
  }

  /**
   * Every byte of every leaf is changed in turn. What execution cannot know is the leader's clock:
   * when a leaf was ordered and when its order arrived. Everything else diverges.
   */
  @Test
  void detectsEveryChangedByte() {
    detects(new WorkedExample(TestFederation.Signing.CHEAP), TestKeys.CHEAP, 1);
  }

  /** The same with real signatures, which take a while: some bytes of each leaf. */
  @Test
  void detectsChangedBytesOfRealSignatures() {
    detects(EXAMPLE, ED25519, 17);
  }

  private static void detects(WorkedExample example, SignatureScheme scheme, int step) {
    for (ChainId id : List.of(KOMATSU, KANAZAWA, ASIA)) {
      Replica replica =
          new Replica(id, example.federation().directory(), scheme, new Logs(example));
      for (Entry entry : example.chain(id).entries()) {
        byte[] good = entry.bytes();
        for (int at = (int) entry.index() % step; at < good.length; at += step) {
          byte[] changed = good.clone();
          changed[at] ^= 1;
          if (!untimed(changed).equals(untimed(good))) {
            String leaf = id + " leaf " + entry.index() + ", byte " + at;
            assertThrows(DivergedException.class, () -> replica.execute(changed), leaf);
          }
        }
        assertEquals(entry.index(), replica.size(), "a leaf that diverges is not executed");
        replica.execute(good);
      }
    }
  }

  /** The leaf with its clocks stopped; the bytes themselves when it is no leaf. */
  private static String untimed(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      LeafText.parse(bytes);
    } catch (MalformedException notALeaf) {
      return text;
    }
    return text.replaceFirst("time [^\n]*", "").replaceFirst("arrived [^\n]*", "");
  }

  @Test
  void timeNeverGoesBack() {
    String send = text(KOMATSU, 4);
    diverges(
        KOMATSU, 4, send.replace("time 2026-11-22T10:00:05.005Z", "time 2026-11-22T10:00:04.003Z"));
    diverges(
        KOMATSU, 4, send.replace("time 2026-11-22T10:00:05.005Z", "time 2026-11-22T11:00:05.000Z"));
  }

  @Test
  void detectsLeavesThatAreLeftOutOrRepeated() {
    List<Entry> entries = EXAMPLE.chain(KOMATSU).entries();
    for (int i = 0; i < entries.size(); i++) {
      if (i + 1 < entries.size()) {
        Replica without = executed(KOMATSU, i);
        List<Entry> rest = entries.subList(i + 1, entries.size());
        assertThrows(
            DivergedException.class,
            () -> rest.forEach(entry -> without.execute(entry.bytes())),
            "without leaf " + i);
      }
      Replica twice = executed(KOMATSU, i + 1);
      byte[] again = entries.get(i).bytes();
      assertThrows(DivergedException.class, () -> twice.execute(again), "leaf " + i + " twice");
    }
  }

  @Test
  void detectsAnotherChainsLeaves() {
    for (Entry entry : EXAMPLE.chain(KANAZAWA).entries()) {
      Replica replica = replica(KOMATSU);
      assertThrows(DivergedException.class, () -> replica.execute(entry.bytes()));
    }
  }

  @Test
  void detectsInventedMoney() {
    String issue = text(KOMATSU, 2);
    diverges(KOMATSU, 2, issue.replace("1000.00 1000.00", "1000.01 1000.01"));
    String send = text(KOMATSU, 3);
    diverges(KOMATSU, 3, send.replace("post Asia-Komatsu/k3v9q2mw -200.00 800.00\n", ""));
    String settle = text(KOMATSU, 10);
    diverges(KOMATSU, 10, settle.replace("ended 4 rejected 4", "ended 4 received 4"));
    diverges(KOMATSU, 10, settle.replace("ended 4 rejected 4\n", ""));
    diverges(KOMATSU, 10, settle.replace("ended 3 received 3", "ended 3 received 4"));
    String seal = text(KOMATSU, 8);
    diverges(KOMATSU, 8, seal.replace("issued -1000.00", "issued -1000.01"));
    String record = text(KANAZAWA, 2);
    diverges(KANAZAWA, 2, record.replace("size 9", "size 8"));
    diverges(KANAZAWA, 2, record.replace("term 1", "term 2"));
    String receive = text(KANAZAWA, 3);
    diverges(KANAZAWA, 3, receive.replace("cites 3 9", "cites 3 12"));
    diverges(KANAZAWA, 3, receive.replace("cites 3 9", "cites 4 9"));
  }

  private static String text(ChainId chain, int index) {
    byte[] bytes = EXAMPLE.chain(chain).entries().get(index).bytes();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void diverges(ChainId chain, int index, String changed) {
    assertNotEquals(text(chain, index), changed, "nothing was changed");
    Replica replica = executed(chain, index);
    byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
    DivergedException error = assertThrows(DivergedException.class, () -> replica.execute(bytes));
    assertTrue(
        String.valueOf(error.getMessage()).startsWith(chain + " leaf " + index + ": "),
        error.getMessage());
  }

  @Test
  void evidenceComesFromTheOriginsThemselves() {
    byte[] record = EXAMPLE.chain(KANAZAWA).entries().get(2).bytes();
    byte[] receive = EXAMPLE.chain(KANAZAWA).entries().get(3).bytes();
    List<byte[]> before =
        new ArrayList<>(
            EXAMPLE.chain(KANAZAWA).entries().subList(0, 2).stream().map(Entry::bytes).toList());
    Replica unapproved =
        replica(
            KANAZAWA,
            new Logs(EXAMPLE) {
              @Override
              public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
                return false;
              }
            });
    before.forEach(unapproved::execute);
    assertThrows(DivergedException.class, () -> unapproved.execute(record));
    Replica lied =
        replica(
            KANAZAWA,
            new Logs(EXAMPLE) {
              @Override
              public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
                return super.proof(tree, index + 1);
              }
            });
    before.forEach(lied::execute);
    lied.execute(record);
    assertThrows(DivergedException.class, () -> lied.execute(receive));
    assertEquals(3, lied.size());
  }

  /** Approved once, but not to be recorded behind a larger one. */
  @Test
  void anEarlierApprovedCheckpointDiverges() {
    Replica replica = executed(KOMATSU, 10);
    TestChain kanazawa = EXAMPLE.chain(KANAZAWA);
    for (long size : new long[] {1, 7}) {
      String record =
          text(KOMATSU, 9)
              .replace("size 8", "size " + size)
              .replaceFirst("root .*", "root " + kanazawa.tree().root(size).base64());
      byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
      assertThrows(DivergedException.class, () -> replica.execute(bytes));
    }
  }

  @Test
  void whatIsNoLeafDiverges() {
    for (String noise : List.of("", "\n", "hello\n", "aika/leaf/v1\nkind settle\n")) {
      Replica replica = executed(KOMATSU, 3);
      byte[] bytes = noise.getBytes(StandardCharsets.UTF_8);
      assertThrows(DivergedException.class, () -> replica.execute(bytes));
    }
    byte[] empty =
        """
        aika/leaf/v1
        kind settle
        time 2026-11-22T11:00:13.013Z
        from Asia-Kanazawa
        recorded 8
        """
            .getBytes(StandardCharsets.UTF_8);
    Replica replica = executed(KOMATSU, 3);
    assertThrows(DivergedException.class, () -> replica.execute(empty));
  }
}
