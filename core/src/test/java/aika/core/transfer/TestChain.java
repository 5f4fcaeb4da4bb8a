package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.LeafText;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Posting;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One chain of a test: its rows, its log, and what must hold after every command. */
public final class TestChain {
  private final ChainId id;
  private final Protocol protocol;
  private final MemoryState state = new MemoryState();
  private final MerkleTree tree = new MerkleTree();
  private final List<Entry> entries = new ArrayList<>();

  TestChain(ChainId id, Directory directory, Siblings siblings) {
    this.id = id;
    this.protocol = new Protocol(id, directory, siblings);
  }

  public ChainId id() {
    return id;
  }

  public MemoryState state() {
    return state;
  }

  public MerkleTree tree() {
    return tree;
  }

  public List<Entry> entries() {
    return entries;
  }

  public Entry last() {
    return entries.getLast();
  }

  public Row.Head head() {
    return present(state.head());
  }

  public Row.Account account(AccountId account) {
    return present(state.get(new Key.OfAccount(account)));
  }

  public Row.Hold hold(long index) {
    return present(state.get(new Key.OfHold(index)));
  }

  public Money clearing(ChainId counterpart) {
    Row.Clearing row = state.get(new Key.OfClearing(counterpart));
    return row == null ? Money.ZERO : row.balance();
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("there is no such row");
    }
    return value;
  }

  /** Executes a command; like a node, seals a full block first. */
  public Applied apply(long time, Action action) {
    Row.Head head = state.head();
    if (head != null
        && head.blockLeaves() == head.policy().blockEntries()
        && !(action instanceof Action.Seal)) {
      seal(time);
    }
    return applyOnly(time, action);
  }

  /** Executes a command and nothing before it. */
  public Applied applyOnly(long time, Action action) {
    Map<Key<?>, Row> before = rows();
    Applied applied = protocol.apply(state, new Command(time, action));
    assertEquals(describe(applied), describe(protocol.apply(state, new Command(time, action))));
    assertEquals(before, rows(), "execution itself writes nothing");
    if (applied instanceof Applied.Accepted accepted) {
      append(accepted, before);
    }
    return applied;
  }

  private void append(Applied.Accepted accepted, Map<Key<?>, Row> before) {
    Row.Head head = (Row.Head) before.get(new Key.OfHead());
    for (Entry entry : accepted.entries()) {
      assertEquals(entries.size(), entry.index());
      assertEquals(Merkle.leafHash(entry.bytes()), entry.hash());
      assertArrayEquals(entry.bytes(), LeafText.encode(LeafText.parse(entry.bytes())));
      assertTrue(head == null || head.time() <= entry.leaf().time(), "time went back");
      long sum = 0;
      for (Posting posting : entry.leaf().postings()) {
        sum = Math.addExact(sum, posting.amount().minor());
      }
      assertEquals(0, sum, "postings do not balance");
      entries.add(entry);
      tree.append(entry.hash());
    }
    state.write(accepted.writes());
    checkRows();
  }

  /** Sums every row again and compares with the head. */
  private void checkRows() {
    Money balances = Money.ZERO;
    Money holds = Money.ZERO;
    Money clearing = Money.ZERO;
    Money exposure = Money.ZERO;
    Map<AccountId, Integer> open = new HashMap<>();
    Map<AccountId, Integer> claimed = new HashMap<>();
    for (Row row : state.rows()) {
      switch (row) {
        case Row.Account a -> {
          assertTrue(!a.balance().isNegative(), () -> "negative: " + a);
          balances = balances.plus(a.balance());
          if (a.openHolds() != 0) {
            claimed.put(a.id(), a.openHolds());
          }
        }
        case Row.Hold h when h.status() == Row.Hold.Status.HELD -> {
          holds = holds.plus(h.offer().amount());
          open.merge(h.offer().from(), 1, Integer::sum);
        }
        case Row.Clearing c -> {
          clearing = clearing.plus(c.balance()).plus(c.cleared());
          if (c.balance().isNegative() && !c.counterpart().equals(id)) {
            exposure = exposure.minus(c.balance());
          }
        }
        default -> {}
      }
    }
    Row.Head head = head();
    assertEquals(entries.size(), head.size());
    assertEquals(balances, head.balances());
    assertEquals(holds, head.holds());
    assertEquals(clearing, head.clearing());
    assertEquals(exposure, head.exposure());
    assertEquals(open, claimed, "open holds");
    assertTrue(head.totals().conserved());
  }

  public Entry accepted(long time, Action action) {
    return assertInstanceOf(Applied.Accepted.class, apply(time, action)).first();
  }

  public void refused(Reason reason, long time, Action action) {
    Applied applied = apply(time, action);
    Applied.Refused refused =
        assertInstanceOf(Applied.Refused.class, applied, () -> "expected " + reason);
    assertEquals(reason, refused.refusal().reason(), refused.refusal().detail());
  }

  /** Closes the open block, if there is one. */
  public void seal(long time) {
    if (!head().sealed()) {
      accepted(time, new Action.Seal(head().height() + 1));
    }
  }

  public Action.Proof proof(long index, long size) {
    byte[] leaf = entries.get(Math.toIntExact(index)).bytes();
    return new Action.Proof(leaf, Proofs.inclusion(index, size, tree));
  }

  public Hash root() {
    return tree.root();
  }

  private Map<Key<?>, Row> rows() {
    Map<Key<?>, Row> rows = new HashMap<>();
    state.rows().forEach(row -> rows.put(row.key(), row));
    return rows;
  }

  private static Object describe(Applied applied) {
    return applied instanceof Applied.Accepted accepted
        ? List.of(accepted.first().hash(), accepted.writes())
        : applied;
  }
}
