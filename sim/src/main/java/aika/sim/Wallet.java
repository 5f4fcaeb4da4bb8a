package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A resident. Asks again with the very same order until an answer comes, and after the order's time
 * is over looks up what became of it before making another.
 */
final class Wallet extends Actor {
  private static final long NOT_AFTER_MILLIS = 45_000;

  /** By so much a leader's clock may be behind: before, a stale order may still be accepted. */
  private static final long CLOCK_MILLIS_MAX = 12_000;

  /**
   * So much less often it asks in calm days: about a decision, and about what must not be
   * forgotten.
   */
  private static final long PATIENCE_MAX = 100;

  private static final long ORDER_PATIENCE_MAX = 4;
  private static final int STAND_MILLIS = 4_000;
  private static final int ASK_AGAIN_MILLIS = 900;
  private static final long SEEN_MILLIS = 240_000;

  private final AccountId account;
  private final Errands errands;
  private final Shard shard;
  private final Set<TransferId> seen = new HashSet<>();
  private final ArrayDeque<Seen> seenOrder = new ArrayDeque<>();
  private Signer key;
  private int keys;
  private boolean opened;
  private @Nullable Leaving leaving;

  private record Seen(TransferId transfer, long until) {}

  Wallet(World world, AccountId account) {
    super(world, "wallet " + account);
    this.account = account;
    this.key = world.keys().signer("resident " + account);
    this.shard = world.shard(account.chain());
    this.errands = new Errands(world, this);
  }

  Errands errands() {
    return errands;
  }

  /** A key that it never had. */
  Signer nextKey() {
    return world.keys().signer("resident " + account + " key " + ++keys);
  }

  /** From now on it signs with this key. */
  void uses(Signer next) {
    key = next;
  }

  AccountId account() {
    return account;
  }

  @Override
  ChainId place() {
    return account.chain();
  }

  /** The resident of a municipality who never leaves an open one. */
  static AccountId first(ChainId town) {
    return new AccountId(town, "resident0");
  }

  /** Whether it had an account with money; what is sent to it is received, or not any more. */
  boolean opened() {
    return opened;
  }

  /** Whether it has an account with money and goes on using it. */
  boolean ready() {
    return opened && leaving == null;
  }

  /** Begins to move out, unless it has begun. */
  void leave(ChainId to, boolean closes) {
    if (leaving == null) {
      leaving = new Leaving(world, this, to, closes);
      leaving.begin();
    }
  }

  /** Whether it has left. */
  boolean gone() {
    return leaving != null && leaving.over();
  }

  @Override
  void started() {
    every(7_000, this::lookForOffers);
    every(STAND_MILLIS, this::perhapsStand);
    open();
  }

  @Override
  void crashed() {}

  private void perhapsStand() {
    if (ready() && !world.winding() && random.nextInt(4) == 0) {
      errands.stand();
    }
  }

  private void open() {
    Signer registrar = world.federation().registrar(account.chain());
    String registrarName = Federation.registrarName(account.chain());
    Job.Maker maker =
        header -> {
          Order.Open open = new Order.Open(header, account, key.publicKey());
          SignedNote note = SignedNote.sign(open.text(), account.toString(), Ed25519.TYPE, key);
          return SignedOrder.of(note.signedBy(registrarName, Ed25519.TYPE, registrar));
        };
    start(maker, (job, answer) -> issue());
  }

  private void issue() {
    Job.Maker maker =
        header -> {
          Order.Issue issue = new Order.Issue(header, account, Money.ofMinor(200_000));
          ChainId chain = account.chain();
          Signer first = world.federation().issuer(chain, 0);
          Signer second = world.federation().issuer(chain, 1);
          SignedNote note =
              SignedNote.sign(issue.text(), Federation.issuerName(chain, 0), Ed25519.TYPE, first)
                  .signedBy(Federation.issuerName(chain, 1), Ed25519.TYPE, second);
          return SignedOrder.of(note);
        };
    start(maker, (job, answer) -> opened = true);
  }

  /** Sends money; {@code ended} hears whether the send was accepted. */
  void send(AccountId to, Money amount, Consumer<Boolean> ended) {
    Job.Maker maker =
        header -> {
          long validUntil = seconds(world.now() + 15_000 + random.nextInt(60_000));
          return signed(new Order.Send(header, account, to, amount, validUntil, null));
        };
    start(
        maker,
        (job, accepted) -> {
          ended.accept(accepted);
          if (!accepted) {
            return;
          }
          TransferId transfer = new TransferId(account.chain(), job.index);
          if (random.nextInt(16) == 0) {
            cancelSoon(transfer);
          } else if (tellsNumbers() && random.nextInt(3) == 0) {
            Wallet receiver = world.wallet(to);
            send(receiver, () -> receiver.told(transfer));
          }
        });
  }

  void cancelSoon(TransferId transfer) {
    after(random.nextInt(9_000), () -> cancel(transfer));
  }

  private void cancel(TransferId transfer) {
    Job.Maker maker = header -> signed(new Order.Cancel(header, account, transfer));
    start(maker, (job, accepted) -> {});
  }

  /** Where a continent cannot be trusted, people tell each other the number of a transfer. */
  private boolean tellsNumbers() {
    return world.settings().adversaries().contains(Adversary.CONTINENT);
  }

  /** The sender says: I sent you something, its number is this. No list is needed. */
  private void told(TransferId transfer) {
    if (!seen.add(transfer)) {
      return;
    }
    seenOrder.add(new Seen(transfer, world.now() + SEEN_MILLIS));
    after(
        random.nextInt(4_000),
        () ->
            decide(
                transfer,
                true,
                (job, accepted) ->
                    world.counts().did("continent: received by number", accepted ? 1 : 0)));
  }

  /** An offer waits for this resident. */
  void offered(Offer offer) {
    while (!seenOrder.isEmpty() && seenOrder.peek().until < world.now()) {
      seen.remove(seenOrder.remove().transfer);
    }
    if (!seen.add(offer.transfer())) {
      return;
    }
    seenOrder.add(new Seen(offer.transfer(), world.now() + SEEN_MILLIS));
    int mood = random.nextInt(100);
    if (mood < 7) {
      return; // never answers
    }
    int patience = mood < 12 ? 90_000 : 4_000; // some are late, perhaps too late
    boolean receive = leaving == null && (mood >= 18 || mood < 10);
    after(random.nextInt(patience), () -> decide(offer, receive));
    if (mood > 96) {
      after(random.nextInt(patience), () -> decide(offer.transfer(), mood == 97));
    }
  }

  private void decide(Offer offer, boolean receive) {
    boolean givesBack = receive && random.nextInt(25) == 0;
    decide(
        offer.transfer(),
        receive,
        (job, accepted) -> {
          if (accepted && givesBack) {
            errands.giveBack(offer.transfer(), offer.from(), offer.amount());
          }
        });
  }

  /** Receives or rejects. */
  void decide(TransferId transfer, boolean receive) {
    decide(transfer, receive, (job, accepted) -> {});
  }

  private void decide(TransferId transfer, boolean receive, Job.Ended ended) {
    Job.Maker maker = header -> signed(new Order.Decide(header, account, transfer, receive));
    Follower gateway = world.follower(account.chain());
    start(
        maker,
        ended,
        job -> {
          SignedOrder order = job.order;
          send(
              gateway,
              () -> gateway.decide(order, transfer, answer(shard, a -> answered(job, order, a))));
        });
  }

  /** Receives or rejects with evidence that somebody else brings. */
  void decide(TransferId transfer, boolean receive, Action.Citation brought) {
    Job.Maker maker = header -> signed(new Order.Decide(header, account, transfer, receive));
    start(
        maker,
        (job, accepted) -> {},
        job -> {
          SignedOrder order = job.order;
          send(
              shard,
              () -> shard.submit(order, brought, answer(shard, a -> answered(job, order, a))));
        });
  }

  private void lookForOffers() {
    List<Continent> all = world.continents();
    Continent asked =
        random.nextInt(10) == 0
            ? all.get(random.nextInt(all.size()))
            : world.continent(account.chain().continent());
    send(
        asked, () -> asked.offers(account, answer(asked, offers -> offers.forEach(this::offered))));
  }

  /** Signed by the holder. */
  SignedOrder signed(Order order) {
    return SignedOrder.of(SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, key));
  }

  /** Wants something of its own chain done once. */
  void start(Job.Maker maker, Job.Ended ended) {
    start(maker, ended, this::submit);
  }

  private void start(Job.Maker maker, Job.Ended ended, Job.Way way) {
    long intent = world.intent();
    Job job = new Job(intent, maker, ended, way, maker.order(header(intent, 0)));
    world.jobOpened();
    ask(job);
  }

  private Order.Header header(long intent, int attempt) {
    OrderId id = new OrderId(new UUID(intent, attempt));
    long notAfter = seconds(world.now() + NOT_AFTER_MILLIS);
    return new Order.Header(world.directory().federation(), id, notAfter);
  }

  private static long seconds(long time) {
    return time / 1000 * 1000;
  }

  /** Asks, and asks again until there is an answer. */
  private void ask(Job job) {
    if (job.closed) {
      return;
    }
    if (world.now() > job.order.order().header().notAfter() + CLOCK_MILLIS_MAX) {
      lookUp(job);
    } else {
      if (job.asked > 0 && world.sabotage().forgetsOrderIds()) {
        again(job);
      }
      job.way.ask(job);
    }
    job.asked++;
    long patience = Math.min(world.pace(), isDecision(job) ? PATIENCE_MAX : ORDER_PATIENCE_MAX);
    long wait = ASK_AGAIN_MILLIS * patience * Math.min(job.asked, 5);
    after(wait + random.nextInt(400), () -> ask(job));
  }

  /** A decision that was forgotten is refused, any other order executed again. */
  private static boolean isDecision(Job job) {
    return job.order.order() instanceof Order.Decide;
  }

  private void submit(Job job) {
    SignedOrder order = job.order;
    send(
        shard,
        () -> shard.submit(order, null, answer(shard, given -> answered(job, order, given))));
  }

  private void lookUp(Job job) {
    SignedOrder order = job.order;
    AccountId of = order.order().account();
    OrderId id = order.order().header().id();
    Consumer<Shard.Known> found =
        answer(
            shard,
            known -> {
              if (known.index() >= 0) {
                accepted(job, order, known.index());
              } else if (job.isAbout(order) && isVoid(order, known.time())) {
                again(job);
              } else if (job.isAbout(order)) {
                job.way.ask(job);
              }
            });
    send(shard, () -> shard.lookUp(of, id, found));
  }

  /**
   * Whether it will never be executed. The chain's own time never goes back; by the leader's clock
   * nobody can tell when that may be wrong.
   */
  private boolean isVoid(SignedOrder order, long chainTime) {
    return !world.clocksAreWrong() || chainTime > order.order().header().notAfter();
  }

  /** The last order is void for good: the same intention in a new one. */
  private void again(Job job) {
    job.attempt++;
    job.order = job.maker.order(header(job.intent, job.attempt));
  }

  private void answered(Job job, SignedOrder order, Answer answer) {
    switch (answer) {
      case Answer.Accepted accepted -> accepted(job, order, accepted.index());
      case Answer.Repeated repeated -> accepted(job, order, repeated.index());
      case Answer.Refused refused -> {
        Reason reason = refused.refusal().reason();
        if (job.isAbout(order) && reason == Reason.BAD_SIGNATURE && keys > 0) {
          lookUp(job); // signed with a key that it has no more; perhaps accepted before
        } else if (job.isAbout(order)
            && (isFinal(reason) || isForgotten(order, reason) || deceived(order, reason))) {
          close(job, false);
        }
      }
    }
  }

  /** Whether asking again is of no use; a stale order is looked up in its time. */
  private static boolean isFinal(Reason reason) {
    return switch (reason) {
      case STALE, BUSY, CAP_REACHED, EVIDENCE_MISSING, CHAIN_NOT_STARTED -> false;
      case EVIDENCE_INVALID -> false;
      case BAD_SIGNATURE, MALFORMED, WRONG_CHAIN, WRONG_FEDERATION, ID_REUSED ->
          throw new Violation("an honest wallet is refused: " + reason);
      default -> true;
    };
  }

  /** Leaves are dropped only when their transfers have ended: a decision comes too late. */
  private boolean isForgotten(SignedOrder order, Reason reason) {
    boolean forgotten =
        reason == Reason.EVIDENCE_MISSING
            && order.order() instanceof Order.Decide decide
            && decide.transfer().index() < world.chain(decide.transfer().origin()).firstKept();
    if (forgotten) {
      world.counts().did("residents: decided what was dropped");
    }
    return forgotten;
  }

  /** Evidence may also have been on its way since before the gateway was replaced. */
  private boolean gatewayLies() {
    return world.settings().adversaries().contains(Adversary.RELAY) && world.unsettled();
  }

  /**
   * Whether it wanted to receive what a list made up, or what was given up with a history; where
   * all are honest that does not happen.
   */
  private boolean deceived(SignedOrder order, Reason reason) {
    if (reason != Reason.EVIDENCE_INVALID || gatewayLies()) {
      return false; // if the gateway lies, it may be the evidence that was made up
    }
    boolean madeUp =
        order.order() instanceof Order.Decide decide
            && (tellsNumbers() || world.fork(decide.transfer().origin()) != null);
    Violation.unless(madeUp, () -> "an honest wallet is refused: " + reason);
    return true;
  }

  private void accepted(Job job, SignedOrder order, long index) {
    if (!shard.chain(account.chain()).isFinal(index)) {
      return; // it asks again until that is approved
    }
    world.audit().acknowledged(order.order(), index);
    if (job.isAbout(order)) {
      job.index = index;
      close(job, true);
    }
  }

  private void close(Job job, boolean accepted) {
    job.closed = true;
    world.jobClosed();
    job.ended.ended(job, accepted);
  }
}
