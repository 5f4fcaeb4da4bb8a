package aika.node.follow;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.follow.Outbox;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.approve.Approver;
import aika.node.config.HeldKey;
import aika.node.mirror.ReadableChains;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Komatsu, Kanazawa and Asia in one shard, with as many of their seats and followers as wanted. */
final class Town implements AutoCloseable {
  private static final long BLOCK_MILLIS = 20;

  final TestFederation federation;
  final Shard shard;
  private final Path data;
  private final Approver approver;
  private final @Nullable Views views;
  private final @Nullable Followers followers;
  private volatile long ahead;

  /** What stands between the followers and the shard; by default nothing. */
  volatile Disturbance disturbance;

  @FunctionalInterface
  interface Disturbance {
    CompletableFuture<Answer> put(Shard shard, ChainId chain, Action action);
  }

  /** What runs. */
  enum Following {
    EVERYTHING,
    NOTHING
  }

  Town(Path data, TestFederation federation, Following following) {
    this(data, federation, following, Map.of(), 0);
  }

  /**
   * @param missing seats of each chain that are not there
   * @param ahead how far its clock is ahead, ms
   */
  Town(
      Path data,
      TestFederation federation,
      Following following,
      Map<ChainId, Integer> missing,
      long ahead) {
    this(data, federation, following, missing, ahead, Shard::submit);
  }

  /**
   * @param disturbance from the start on
   */
  Town(
      Path data,
      TestFederation federation,
      Following following,
      Map<ChainId, Integer> missing,
      long ahead,
      Disturbance disturbance) {
    this.data = data;
    this.disturbance = disturbance;
    this.ahead = ahead;
    LongSupplier clock = () -> System.currentTimeMillis() + this.ahead;
    this.federation = federation;
    Ed25519 ed25519 = new Ed25519(64);
    List<ChainId> ids =
        List.of(TestFederation.ASIA, TestFederation.KOMATSU, TestFederation.KANAZAWA);
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard"),
                ids,
                BLOCK_MILLIS,
                10_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            clock);
    List<HeldKey> seats = new ArrayList<>();
    federation.seats.forEach(
        (chain, all) -> seats.addAll(all.subList(missing.getOrDefault(chain, 0), all.size())));
    approver = new Approver(shard, federation.directory, federation.logKeys, seats, ed25519, clock);
    if (following != Following.NOTHING) {
      views = Views.open(data.resolve("views"));
      Asking asking = new Asking((chain, action) -> this.disturbance.put(shard, chain, action));
      followers =
          new Followers(ReadableChains.served(shard, data), federation.directory, views, asking);
      approver.onApproval(followers::approved);
      followers.start();
    } else {
      views = null;
      followers = null;
    }
    approver.start();
  }

  Followers followers() {
    assertNotNull(followers);
    return followers;
  }

  /** Its clock steps; two other machines tell the right time. */
  void jump(long millis) {
    shard.clock().heard("Asia", "one", System.currentTimeMillis());
    shard.clock().heard("Europe", "another", System.currentTimeMillis());
    ahead = millis;
  }

  /** Its approver signs for a further seat. */
  void hold(HeldKey seat) {
    approver.hold(seat);
  }

  Chain chain(ChainId id) {
    return shard.chain(id);
  }

  /** Opens the account and gives it this much. */
  void open(Person person, String amount) {
    accepted(shard.submit(federation.open(person), null));
    if (!amount.isEmpty()) {
      accepted(shard.submit(federation.issue(person, amount), null));
    }
  }

  static long accepted(Answer answer) {
    return assertInstanceOf(Answer.Accepted.class, answer, answer::toString).index();
  }

  /** Sends; it can be received until so many seconds from now, cut to a whole one. */
  TransferId send(Person from, Person to, String amount, int seconds) {
    long until = (System.currentTimeMillis() / 1000 + seconds) * 1000;
    Order send =
        new Order.Send(
            federation.header(), from.account(), to.account(), Money.of(amount), until, null);
    return new TransferId(from.account().chain(), accepted(shard.submit(from.sign(send), null)));
  }

  Answer cancel(Person from, TransferId transfer) {
    Order cancel = new Order.Cancel(federation.header(), from.account(), transfer);
    return shard.submit(from.sign(cancel), null);
  }

  /** Receives or rejects once there is evidence. */
  Answer decide(Person to, TransferId transfer, boolean receive) throws InterruptedException {
    Chain receiver = chain(to.account().chain());
    await(() -> chain(transfer.origin()).approvedSize() > transfer.index());
    ReadableChains readable = ReadableChains.served(shard, data);
    Evidencing evidencing =
        new Evidencing(readable, new FollowedChains(readable), federation.directory);
    Action.Citation citation =
        assertInstanceOf(Evidencing.Found.Citation.class, evidencing.citation(receiver, transfer))
            .citation();
    Order decide = new Order.Decide(federation.header(), to.account(), transfer, receive);
    SignedOrder signed = to.sign(decide);
    return shard.submit(signed, citation);
  }

  Row.Hold.Status hold(TransferId transfer) {
    Row.Hold hold = chain(transfer.origin()).get(new Key.OfHold(transfer.index()));
    assertNotNull(hold);
    return hold.status();
  }

  @Nullable OutcomeKind outcome(Person to, TransferId transfer) {
    Row.Outcome outcome = chain(to.account().chain()).get(new Key.OfOutcome(transfer));
    return outcome == null ? null : outcome.kind();
  }

  Money balance(Person person) {
    Row.Account account = account(person);
    return account.balance();
  }

  Row.Account account(Person person) {
    Row.Account account = chain(person.account().chain()).get(new Key.OfAccount(person.account()));
    assertNotNull(account);
    return account;
  }

  /** How often a leaf of its origin ended this transfer. */
  long ends(TransferId transfer) {
    Chain origin = chain(transfer.origin());
    return LongStream.range(0, origin.size())
        .mapToObj(origin::entry)
        .filter(entry ->
            entry.leaf() instanceof Leaf.Settled settled
                && settled.ended().stream().anyMatch(e -> e.hold() == transfer.index()))
        .count();
  }

  /** Decisions that wait in the outbox of this chain. */
  int outbox(ChainId origin) {
    assertNotNull(views);
    int[] count = {0};
    Outbox outbox =
        new Outbox(
            new FollowedChains(ReadableChains.served(shard, data)), federation.directory, views);
    outbox.waiting(origin, (decider, leaf) -> count[0]++);
    return count[0];
  }

  /** Every chain's books balance, and all leaves are approved in the end. */
  void rests() throws InterruptedException {
    await(() ->
        shard.chains().stream().allMatch(c -> c.head().sealed() && c.approvedSize() == c.size()));
    shard
        .chains()
        .forEach(chain -> assertTrue(chain.head().totals().conserved() && !chain.halted()));
  }

  void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    long seen = shard.changes().version();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "timed out");
      shard.changes().await(seen, 500);
      seen = shard.changes().version();
    }
  }

  @Override
  public void close() {
    approver.close();
    if (followers != null) {
      followers.close();
    }
    if (views != null) {
      views.close();
    }
    shard.close();
  }
}
