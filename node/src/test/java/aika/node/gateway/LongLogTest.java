package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.follow.AccountLeaves;
import aika.core.follow.Chains;
import aika.core.follow.Log;
import aika.core.follow.OfferList;
import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import aika.node.TestFederation;
import aika.node.follow.Views;
import aika.node.order.Chain;
import aika.node.store.Approvals;
import aika.node.store.ChainLog;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** How far a long log is looked through, at the limit and one past it. */
final class LongLogTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private static final AccountId B = AccountId.of("Asia-Kanazawa/p8d1x7aa");
  private static final long TIME = 1_800_000_000_000L;
  private static final Entry ANY = entry(0, settled(List.of()));

  @TempDir Path data;

  private ShardStore store;
  private Approvals approvals;
  private Views views;
  private ChainLog log;
  private Chain chain;

  @BeforeEach
  void begin() {
    store = ShardStore.open(data.resolve("ledger"), StoreSettings.standard());
    approvals = Approvals.open(data.resolve("approvals"));
    views = Views.open(data.resolve("views"));
    log = store.log(KOMATSU);
    chain = new Chain(log, approvals, () -> false);
    TestFederation federation = new TestFederation(Policy.standard());
    Action genesis = new Action.Genesis(federation.directory.fileHash());
    Applied.Accepted first =
        (Applied.Accepted)
            new Protocol(KOMATSU, federation.directory, Siblings.NONE)
                .apply(new MemoryState(), new Command(TIME, genesis));
    log.append(List.of(first.first()), first.writes());
  }

  @AfterEach
  void end() {
    views.close();
    approvals.close();
    store.close();
  }

  private static Leaf settled(List<Leaf.Ended> ended) {
    return new Leaf.Settled(TIME, B.chain(), 1, ended, List.of());
  }

  private static Entry entry(long index, Leaf leaf) {
    byte[] bytes = LeafText.encode(leaf);
    return new Entry(index, bytes, Merkle.leafHash(bytes), leaf);
  }

  private void fill(long size) {
    while (log.size() < size) {
      log.append(List.of(new Entry(log.size(), ANY.bytes(), ANY.hash(), ANY.leaf())), List.of());
    }
  }

  private static Offer offer(long send) {
    TransferId transfer = new TransferId(KOMATSU, send);
    return new Offer(transfer, A, B, Money.of("1.00"), TIME, ANY.hash());
  }

  private static void refused(Reason expected, Executable asked) {
    RefusedException refused = assertThrows(RefusedException.class, asked);
    assertEquals(expected, refused.refusal().reason());
  }

  /** [HTTP-30] */
  @Test
  void theEndOfATransferIsFoundTwentyThousandLeavesBehindItsSend() {
    long found = 3;
    long passed = 4;
    long end = found + 20_000;
    fill(end);
    refused(Reason.EVIDENCE_MISSING, () -> Settlement.of(offer(found), chain));
    Leaf.Ended received = new Leaf.Ended(found, OutcomeKind.RECEIVED, 1);
    log.append(List.of(entry(end, settled(List.of(received)))), List.of());
    fill(passed + 20_001);
    Leaf.Ended rejected = new Leaf.Ended(passed, OutcomeKind.REJECTED, 1);
    log.append(List.of(entry(passed + 20_001, settled(List.of(rejected)))), List.of());

    assertEquals(
        new Settlement(end, TIME, OutcomeKind.RECEIVED), Settlement.of(offer(found), chain));
    refused(Reason.EVIDENCE_MISSING, () -> Settlement.of(offer(passed), chain));
  }

  /** [HTTP-36] The index has nothing; a hold is looked for leaf by leaf. */
  @Test
  void aHoldIsFoundWhileTheIndexIsFiftyThousandLeavesBehind() {
    Offer offer = offer(chain.size());
    Row.Account account = new Row.Account(A, new byte[32], Money.ZERO, 1);
    Row hold = new Row.Hold(offer, Row.Hold.Status.HELD, Row.Hold.NOT_CANCELLED);
    log.append(List.of(entry(chain.size(), ANY.leaf())), List.of(account, hold));
    Holds holds =
        new Holds(
            new OfferList(new Unread(), views, 1_000), new AccountLeaves(new Unread(), views));
    fill(offer.transfer().index() + 50_000);
    assertEquals(List.of(offer), holds.of(account, chain));
    fill(chain.size() + 1);
    refused(Reason.BUSY, () -> holds.of(account, chain));
  }

  /** Of followers that have not begun. */
  private record Unread() implements Chains {
    @Override
    public @Nullable Log log(ChainId chain) {
      return null;
    }

    @Override
    public @Nullable LedgerState served(ChainId chain) {
      return null;
    }
  }
}
