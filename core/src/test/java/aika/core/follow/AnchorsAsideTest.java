package aika.core.follow;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestFederation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Anchors that the pending list cannot read do not stop it. */
final class AnchorsAsideTest {
  private final TestFederation fed = TestFederation.standard();
  private final FollowedFederation chains = new FollowedFederation(fed);
  private final OfferList list = new OfferList(chains, chains.rows, HOUR);
  private final Set<ChainId> unread = new HashSet<>();
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb", "1000.00");

  /** Anchored, though nobody can read the leaves. */
  private void anchor(long size) {
    Hash root = Hash.of(TestKeys.seed("a branch that was given up"));
    Checkpoint given = new Checkpoint(fed.directory().origin(KOMATSU), size, root);
    fed.chain(ASIA).accepted(fed.now(), new Action.RecordCheckpoint(KOMATSU, 1, given, List.of()));
  }

  private static List<TransferId> listed(OfferList.Read read) {
    return read.listed().stream().map(offer -> offer.transfer()).toList();
  }

  private Entry late(ChainId municipality) {
    Entry entry = fed.record(ASIA, municipality);
    chains.approve(ASIA);
    return entry;
  }

  @Test
  void theListGoesOnBehindOne() {
    anchor(1_000);
    TransferId behind = fed.send(b, a, "1.00");
    chains.record(ASIA, KANAZAWA);
    chains.approve(ASIA);
    OfferList.Read read = list.read(ASIA);
    assertEquals(List.of(behind), listed(read));
    assertEquals(List.of(KOMATSU), read.aside());
    assertEquals(1, list.aside(ASIA));
    assertEquals(0, list.aside(TestFederation.EUROPE));
    assertEquals(List.of(), list.read(ASIA).aside(), "once");
    assertEquals(1, list.aside(ASIA));
  }

  /** The log has as many leaves, but others. */
  @Test
  void whatStandsBelowAnotherBranchIsNotListed() {
    TransferId transfer = fed.send(a, b, "1.00");
    chains.approve(KOMATSU);
    anchor(fed.chain(KOMATSU).head().size());
    chains.approve(ASIA);
    OfferList.Read read = list.read(ASIA);
    assertEquals(List.of(), listed(read));
    assertEquals(List.of(KOMATSU), read.aside());
    assertTrue(list.listed(transfer).isEmpty());
    assertEquals(0, list.seen(KOMATSU));
  }

  @Test
  void oneThatWasLateIsTakenUp() {
    TransferId transfer = fed.send(a, b, "1.00");
    Entry anchor = late(KOMATSU);
    assertEquals(List.of(), listed(list.read(ASIA)));
    assertEquals(1, list.aside(ASIA));
    chains.approve(KOMATSU);
    assertEquals(List.of(transfer), listed(list.read(ASIA)));
    assertEquals(0, list.aside(ASIA));
    OfferList.Listed when = list.listed(transfer).orElseThrow();
    assertEquals(new OfferList.Listed(ASIA, anchor.index(), anchor.leaf().time()), when);
    assertEquals(List.of(), listed(list.read(ASIA)));
  }

  @Test
  void manyDoNotHideALateOne() {
    Changes changes = new Changes();
    for (int i = 0; i < 40; i++) {
      Hash root = Hash.of(TestKeys.seed("branch " + i));
      Anchor lost = new Anchor(KANAZAWA, 1_000 + i, root, i, fed.now());
      changes.put(Rows.Table.ASIDE, lost.key(ASIA), lost.value());
    }
    chains.rows.write(changes);
    TransferId transfer = fed.send(a, b, "1.00");
    late(KOMATSU);
    list.read(ASIA);
    assertEquals(41, list.aside(ASIA));
    chains.approve(KOMATSU);
    int looks = 0;
    while (list.listed(transfer).isEmpty()) {
      list.read(ASIA);
      assertTrue(++looks < 5, "not taken up");
    }
    assertEquals(40, list.aside(ASIA));
  }

  /** The same chains, of which some are not read. */
  private final Chains some =
      new Chains() {
        @Override
        public @Nullable Log log(ChainId id) {
          return unread.contains(id) ? null : chains.log(id);
        }

        @Override
        public @Nullable LedgerState served(ChainId id) {
          return chains.served(id);
        }
      };

  /** [NBR-18] */
  @Test
  void whatIsNotReadIsPassedByAndTakenUpOnceItIs() {
    OfferList fewer = new OfferList(some, chains.rows, HOUR);
    unread.add(KOMATSU);
    TransferId first = fed.send(a, b, "1.00");
    chains.record(ASIA, KOMATSU);
    TransferId second = fed.send(a, b, "2.00");
    chains.record(ASIA, KOMATSU);
    TransferId other = fed.send(b, a, "3.00");
    chains.record(ASIA, KANAZAWA);
    chains.approve(ASIA);
    OfferList.Read read = fewer.read(ASIA);
    assertEquals(List.of(other), listed(read));
    assertEquals(Set.of(KOMATSU), read.passed());
    assertEquals(List.of(), read.aside());
    assertEquals(0, fewer.aside(ASIA));
    assertTrue(fewer.hasPassed(KOMATSU));
    assertFalse(fewer.hasPassed(KANAZAWA));
    assertEquals(List.of(), listed(fewer.takeUp(KOMATSU)), "still not read");
    assertEquals(List.of(), listed(fewer.read(ASIA)), "not tried again");

    unread.remove(KOMATSU);
    assertEquals(List.of(first, second), listed(fewer.takeUp(KOMATSU)));
    assertFalse(fewer.hasPassed(KOMATSU));
    assertEquals(List.of(first, second), fewer.from(a, 10).stream().map(Offer::transfer).toList());
    assertTrue(fewer.listed(first).isPresent());
    assertEquals(List.of(), listed(fewer.takeUp(KOMATSU)), "once");
  }

  /** Its log is long on the way: what is anchored meanwhile is one row, not thousands. */
  @Test
  void whileItsLogComesTheNewestIsKept() {
    OfferList fewer = new OfferList(some, chains.rows, HOUR);
    unread.add(KOMATSU);
    late(KOMATSU);
    assertEquals(Set.of(KOMATSU), fewer.read(ASIA).passed());
    unread.remove(KOMATSU);
    TransferId transfer = fed.send(a, b, "1.00");
    late(KOMATSU);
    assertEquals(Set.of(KOMATSU), fewer.read(ASIA).passed());
    assertEquals(0, fewer.aside(ASIA));
    assertEquals(List.of(), listed(fewer.takeUp(KOMATSU)));
    chains.approve(KOMATSU);
    assertEquals(List.of(transfer), listed(fewer.takeUp(KOMATSU)));
  }

  /** Once its log is here, what it does not show is set aside like any other. */
  @Test
  void whatWasPassedByMayBeOfAnotherBranch() {
    OfferList fewer = new OfferList(some, chains.rows, HOUR);
    unread.add(KOMATSU);
    anchor(fed.chain(KOMATSU).head().size());
    chains.approve(ASIA);
    fewer.read(ASIA);
    unread.remove(KOMATSU);
    chains.approve(KOMATSU);
    assertEquals(List.of(KOMATSU), fewer.takeUp(KOMATSU).aside());
    assertFalse(fewer.hasPassed(KOMATSU));
    assertEquals(1, fewer.aside(ASIA));
    unread.add(KOMATSU); // its copy was begun anew, and is not needed any more
    assertEquals(Set.of(KOMATSU), fewer.read(ASIA).passed());
    assertEquals(0, fewer.aside(ASIA));
  }
}
