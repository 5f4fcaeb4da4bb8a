package aika.node.gateway;

import aika.core.follow.OfferList;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.config.Federation;
import aika.node.config.Municipality;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Waiting;
import aika.node.mirror.ReadableChains;
import aika.node.neighbour.Neighbours;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.register.Memo;
import aika.node.register.RateLimit;
import aika.node.wallet.RepeatGuard.Claim;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payments as people make them, by names, and what is known of them. What changes something returns
 * when it is durable. All methods throw {@link RefusedException} for what is refused, and {@link
 * MalformedException} for a name, an amount or a memo that is none.
 */
public final class Payments {
  /** Offers in one answer. */
  public static final int PENDING_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Payments.class);

  private final Federation federation;
  private final Shard shard;
  private final PendingList pending;
  private final Waiting waiting;
  private final Counter counter;
  private final Neighbours neighbours;
  private final LongSupplier clock;
  private final SecureRandom random;
  private final Routing routing;
  private final Signing signing;
  private final People people;
  private final Transfers transfers;
  private final Refunds refunds;
  private final Ordered ordered;
  private final Receiving receiving;
  private final Cancelling cancelling;
  private final Accounts accounts;
  private final Representatives representatives;

  /**
   * @param federation as it runs, with the ports on which the gateways listen
   * @param clock ms since 1970
   */
  public Payments(
      Federation federation,
      ReadableChains chains,
      Followers followers,
      Counter counter,
      Neighbours neighbours,
      Meters meters,
      LongSupplier clock,
      SecureRandom random) {
    this.federation = federation;
    shard = chains.shard();
    pending = followers.pending();
    waiting = followers.waitingOffers();
    this.counter = counter;
    this.neighbours = neighbours;
    this.clock = clock;
    this.random = random;
    routing = new Routing(federation);
    signing = new Signing(shard, counter.wallet(), clock);
    people = new People(counter, neighbours, signing);
    Holds holds = new Holds(pending, followers.accountLeaves());
    transfers = new Transfers(chains, pending, holds, people, clock);
    refunds = new Refunds(followers.accountLeaves());
    RateLimit rate = new RateLimit(Ordered.RATE, System::nanoTime);
    ordered = new Ordered(federation, shard, rate, meters, clock, random);
    receiving =
        new Receiving(shard, waiting, followers.evidencing(), transfers, ordered, signing, clock);
    cancelling = new Cancelling(transfers, ordered, signing);
    accounts = new Accounts(transfers, people, signing);
    representatives = new Representatives(federation);
  }

  /**
   * Chooses the municipality that serves a request: on a municipality's port its own; on a
   * continental port the one that the names say, or Default's.
   */
  public Municipality route(
      @Nullable String municipality, @Nullable String continent, Caller caller) {
    return routing.acting(municipality, continent, caller);
  }

  /** The municipality of the person who acts, which must be served here. */
  private Municipality acting(
      @Nullable String municipality, @Nullable String continent, Caller caller) {
    Municipality own = routing.acting(municipality, continent, caller);
    var _ = transfers.served(own.id());
    return own;
  }

  /** The municipality that these names say, on any port. */
  Municipality anyMunicipality(
      @Nullable String municipality, @Nullable String continent, Caller caller) {
    return routing.other(municipality, continent, caller);
  }

  /** Sends by names, signed by the counter wallet. */
  public TransferView send(SendRequest request, Caller caller) {
    Municipality own = acting(request.senderMunicipality(), request.continent(), caller);
    Municipality other = routing.other(request.receiverMunicipality(), caller);
    Money amount = amount(request.amount());
    Memo memo = request.memo() == null ? null : Memo.of(request.memo(), random);
    AccountId from = people.acting(request.sender(), own, caller);
    AccountId to = people.other(request.receiver(), other, caller);
    Supplier<SignedOrder> make = () -> signedSend(request, from, to, amount, memo);
    return once(
        from, request.id(), request.bodyHash(), request.again(), make, one -> sent(one, caller));
  }

  /** Makes and signs the order for a request, once (CW-7 ff.), and has it executed. */
  private <T> T once(
      AccountId account,
      @Nullable OrderId id,
      Hash body,
      boolean again,
      Supplier<SignedOrder> make,
      Function<SignedOrder, T> execute) {
    Refusal doubt = shard.clock().refusal();
    if (doubt != null) { // by a wrong clock a repetition may look like another payment
      throw new RefusedException(doubt);
    }
    Claim claim =
        id == null
            ? counter.repeats().claim(account, body, again, make)
            : counter.repeats().claim(account, id, body, make);
    return switch (claim) {
      case Claim.Refused refused -> throw new RefusedException(refused.refusal());
      case Claim.Granted granted when granted.repeat() && id != null ->
          again(granted.order(), body, make, execute);
      case Claim.Granted granted -> execute.apply(granted.order());
    };
  }

  /**
   * What was refused before, or never ordered, may be asked for again under its id, also when the
   * order that was made for it is too old by now (CW-9).
   */
  private <T> T again(
      SignedOrder order, Hash body, Supplier<SignedOrder> make, Function<SignedOrder, T> execute) {
    try {
      return execute.apply(order);
    } catch (RefusedException refused) {
      if (!ordered.isDead(order, refused.refusal())) {
        throw refused;
      }
      AccountId account = order.order().account();
      return execute.apply(counter.repeats().renew(account, order, body, make).order());
    }
  }

  private SignedOrder signedSend(
      SendRequest request, AccountId from, AccountId to, Money amount, @Nullable Memo memo) {
    Long asked = request.validUntil();
    long validUntil =
        asked == null ? ordered.fromNow(federation.limits().validUntilStandard()) : asked;
    Hash memoHash = memo == null ? null : memo.hash();
    if (memo != null) {
      people.keep(to, memo);
    }
    return signing.sign(
        new Order.Send(
            ordered.header(request.id()),
            from,
            to,
            amount,
            validUntil,
            memoHash,
            request.refundOf()));
  }

  /** Strangers must not have other nodes asked by orders that nobody has signed. */
  private void checkSigned(SignedOrder order) {
    Refusal refusal = shard.refusal(order);
    if (refusal != null) {
      throw Ordered.refused(order, refusal);
    }
  }

  /** No money is held for somebody who cannot receive it (HTTP-21). */
  private void checkReceiver(SignedOrder order, AccountId to) {
    Chain chain = shard.find(to.chain());
    if (chain == null && neighbours.gateway(to.chain()) == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, to.chain().value());
    }
    if (chain == null) {
      checkSigned(order);
    }
    boolean receives =
        chain == null
            ? people.receivesElsewhere(to)
            : chain.get(new Key.OfAccount(to)) != null || people.reserved(to);
    if (!receives) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, to.toString());
    }
  }

  private TransferView sent(SignedOrder order, Caller caller) {
    Ordered.Done done = ordered.earlier(order);
    if (done == null) {
      if (order.order() instanceof Order.Send send) {
        checkReceiver(order, send.to());
      }
      done = ordered.submit(order, null);
    }
    TransferId id = new TransferId(order.order().chain(), done.index());
    return logged("send", transfers.view(id, people.rightToAsk(caller)), done.repeated());
  }

  private static Money amount(String text) {
    try {
      Money amount = Money.lenient(text.strip());
      if (amount.isPositive()) {
        return amount;
      }
    } catch (MalformedException notOne) {
      throw RefusedException.of(Reason.AMOUNT_INVALID, String.valueOf(notOne.getMessage()));
    }
    throw RefusedException.of(Reason.AMOUNT_INVALID, "an amount is more than zero");
  }

  /** Receives or declines by name, signed by the counter wallet; each transfer for itself. */
  public Received receive(ReceiveRequest request, Caller caller) {
    TransferId transfer = request.transfer();
    if (transfer != null) {
      return Received.one(receiveOne(request, transfer, caller));
    }
    if (request.reject()) {
      throw RefusedException.of(Reason.MALFORMED, "to decline, say which transfer");
    }
    AccountId receiver = receiver(request, caller);
    Received received = receiving.everything(receiver, people.rightToAsk(caller));
    for (Received.Result result : received.results()) {
      if (result instanceof Received.Taken taken) {
        var _ = logged("receive", taken.view(), taken.view().repeated());
      }
    }
    return received;
  }

  /** Receives or declines the transfer that the request names. */
  TransferView receiveOne(ReceiveRequest request, TransferId transfer, Caller caller) {
    AccountId receiver = receiver(request, caller);
    TransferView view =
        receiving.one(receiver, transfer, !request.reject(), people.rightToAsk(caller));
    return logged(request.reject() ? "reject" : "receive", view, view.repeated());
  }

  private AccountId receiver(ReceiveRequest request, Caller caller) {
    Municipality own = acting(request.receiverMunicipality(), request.continent(), caller);
    return people.acting(request.receiver(), own, caller);
  }

  /** Asks for a transfer back by name, signed by the counter wallet. */
  public TransferView cancel(CancelRequest request, Caller caller) {
    Municipality own = acting(request.senderMunicipality(), request.continent(), caller);
    AccountId sender = people.acting(request.sender(), own, caller);
    TransferView view = cancelling.one(sender, request.transfer(), people.rightToAsk(caller));
    return logged("cancel", view, view.repeated());
  }

  /** Orders about an account in its own name, signed by the counter wallet. */
  public OrderView change(AccountRequest request, Caller caller) {
    String chain = request.account().chain().value();
    AccountId account =
        people.acting(request.account().toString(), acting(chain, null, caller), caller);
    Supplier<SignedOrder> make =
        () -> accounts.signed(account, request.wish(), ordered.header(request.id()));
    return once(
        account,
        request.id(),
        request.bodyHash(),
        true,
        make,
        signed -> told(signed.order(), executed(signed), caller));
  }

  /** Refuses an order that this port does not serve, and passes one of another node on. */
  private void check(ChainId chain, Caller caller) {
    routing.check(chain, caller);
    if (neighbours.gateway(chain) != null) {
      throw new ElsewhereException(chain);
    }
  }

  /** Executes what somebody signed: a send, a receive, a reject or a cancel. */
  public TransferView submit(SignedOrder order, Caller caller) {
    check(order.order().chain(), caller);
    People.Right right = people.rightToAsk(caller);
    return switch (order.order()) {
      case Order.Send send -> sent(order, caller);
      case Order.Decide decide -> {
        Ordered.Done done = receiving.signed(order, decide);
        yield logged(decide.kind(), transfers.view(decide.transfer(), right), done.repeated());
      }
      case Order.Cancel cancel -> {
        TransferView view = cancelling.signed(order, cancel, right);
        yield logged(cancel.kind(), view, view.repeated());
      }
      default -> throw notHere(order.order());
    };
  }

  /** Executes what somebody signed, of whatever kind. */
  public OrderView execute(SignedOrder signed, Caller caller) {
    Order order = signed.order();
    check(order.chain(), caller);
    Ordered.Done done =
        switch (order) {
          case Order.Decide decide -> receiving.signed(signed, decide);
          case Order.Cancel cancel -> cancelling.executed(signed, cancel);
          default -> executed(signed);
        };
    return told(order, done, caller);
  }

  private OrderView told(Order order, Ordered.Done done, Caller caller) {
    LOG.atInfo()
        .addKeyValue("account", order.account())
        .addKeyValue("order", order.header().id())
        .addKeyValue("repeated", done.repeated())
        .log(order.kind());
    boolean newKey = order instanceof Order.RotateKey || order instanceof Order.RecoverKey;
    if (newKey && !done.repeated()) { // anybody may repeat what is in the log
      counter.tokens().revoke(order.account());
    }
    return ordered(order.account(), order.header().id(), done, caller);
  }

  private Ordered.Done executed(SignedOrder signed) {
    Ordered.Done earlier = ordered.earlier(signed);
    if (earlier != null) {
      return earlier;
    }
    switch (signed.order()) {
      case Order.Send send -> {
        checkReceiver(signed, send.to());
      }
      case Order.SendBatch batch -> {
        batch.payments().stream()
            .map(Order.Payment::to)
            .distinct()
            .forEach(to -> checkReceiver(signed, to));
      }
      default -> {}
    }
    Ordered.Done done = ordered.submit(signed, null);
    if (signed.order() instanceof Order.Open open) {
      people.opened(open.account());
    }
    return done;
  }

  private static RefusedException notHere(Order order) {
    return RefusedException.of(
        Reason.MALFORMED, "line 3: an order of kind " + order.kind() + " is not taken here");
  }

  private static TransferView logged(String kind, TransferView view, boolean repeated) {
    LOG.atInfo()
        .addKeyValue("transfer", view.id())
        .addKeyValue("order", view.order())
        .addKeyValue("state", view.state().text())
        .addKeyValue("repeated", repeated)
        .log(kind);
    return view.asRepeated(repeated);
  }

  /** What is known of a transfer, with the names that this caller may see. */
  public TransferView transfer(TransferId id, Caller caller) {
    if (transfers.lacks(id.origin())) {
      throw new ElsewhereException(id.origin()); // its own node can tell all of it
    }
    return transfers.view(id, people.rightToAsk(caller));
  }

  /**
   * Of a transfer; where its receiver's chain is not served, nothing is known of what came after.
   */
  public RefundView refunds(TransferId id, Caller caller) {
    TransferView received = transfer(id, caller);
    AccountId account = received.receiver().account();
    Chain chain = shard.find(account.chain());
    Row.Outcome outcome = chain == null ? null : chain.get(new Key.OfOutcome(id));
    if (chain == null || outcome == null) {
      return new RefundView(received, List.of(), chain != null);
    }
    Refunds.Found found = refunds.of(id, account, chain, outcome.index());
    People.Right right = people.rightToAsk(caller);
    List<TransferView> given =
        found.refunds().stream()
            .map(refund -> transfers.view(refund, right))
            .filter(refund -> !refund.state().cameBack())
            .toList();
    return new RefundView(received, given, found.all());
  }

  /** Who a name stands for; the look-up is limited for everybody but the counter. */
  public Party find(String name, @Nullable String municipality, Caller caller) {
    AccountId account = people.other(name, routing.other(municipality, caller), caller);
    return people.party(account, people.rightToAsk(caller).sees(account, account));
  }

  public AccountView account(AccountId id, Caller caller) {
    return accounts.view(id, caller);
  }

  /** The account of somebody who may act without a signature here, by name. */
  public AccountView account(
      String name, @Nullable String municipality, @Nullable String continent, Caller caller) {
    Municipality own = acting(municipality, continent, caller);
    return account(people.asking(name, own, caller), caller);
  }

  /** An accepted order by the id that its client gave it. */
  public OrderView order(AccountId account, OrderId id, Caller caller) {
    Chain chain = transfers.served(account.chain());
    Row.Ordered row = chain.get(new Key.OfOrder(account, id));
    if (row == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "no accepted order " + id + " of " + account);
    }
    return ordered(account, id, new Ordered.Done(row.index(), false), caller);
  }

  private OrderView ordered(AccountId account, OrderId id, Ordered.Done done, Caller caller) {
    Chain chain = transfers.served(account.chain());
    long index = done.index();
    Leaf leaf = chain.entry(index).leaf();
    List<TransferId> about =
        leaf instanceof Leaf.Executed executed ? about(executed.order().order(), index) : List.of();
    People.Right right = people.rightToAsk(caller);
    return new OrderView(
        account,
        id,
        LeafText.kind(leaf),
        chain.id(),
        index,
        leaf.time(),
        about.stream().map(transfer -> transfers.view(transfer, right)).toList(),
        done.repeated());
  }

  /** The transfers that an order is about; the payments of a batch are leaves in a row. */
  private static List<TransferId> about(Order order, long index) {
    return switch (order) {
      case Order.Send send -> List.of(new TransferId(send.chain(), index));
      case Order.SendBatch batch ->
          LongStream.range(index, index + batch.payments().size())
              .mapToObj(leaf -> new TransferId(batch.chain(), leaf))
              .toList();
      case Order.Decide decide -> List.of(decide.transfer());
      case Order.Cancel cancel -> List.of(cancel.transfer());
      default -> List.of();
    };
  }

  /**
   * What can be received now, by receiver and then by the sender's chain: of one receiver all that
   * is known here, of others what is on the pending list.
   *
   * @param limit at most so many; {@link #PENDING_MAX} at most
   */
  public PendingViews pending(PendingQuery query, int limit, Caller caller) {
    long now = clock.getAsLong();
    Waiting.Found found =
        switch (query) {
          case PendingQuery.OfPerson of -> {
            Municipality theirs = routing.other(of.municipality(), of.continent(), caller);
            AccountId receiver = people.other(of.receiver(), theirs, caller);
            yield waiting.approved(receiver, now, limit);
          }
          case PendingQuery.OfAccount of -> waiting.approved(of.account(), now, limit);
          case PendingQuery.OfMunicipality of -> listed(of.receivers(), now, limit);
          case PendingQuery.OfContinent of -> listed(of.receivers(), now, limit);
        };
    People.Right right = people.rightToAsk(caller);
    return new PendingViews(
        found.offers().stream().map(offer -> listed(offer, right)).toList(), found.incomplete());
  }

  private Waiting.Found listed(ChainId receivers, long now, int limit) {
    return new Waiting.Found(pending.receivable(receivers, now, limit), null);
  }

  private PendingView listed(Offer offer, People.Right right) {
    boolean named = right.sees(offer.from(), offer.to());
    Long listedAt = pending.listed(offer.transfer()).map(OfferList.Listed::time).orElse(null);
    return new PendingView(
        offer.transfer(),
        people.party(offer.from(), named, offer.transfer(), offer.to()),
        people.party(offer.to(), named, offer.transfer(), offer.from()),
        offer.amount(),
        offer.validUntil(),
        listedAt);
  }

  /** Who approves the blocks of a chain that is served here, and who may be next. */
  public RepresentativesView representatives(ChainId chain) {
    return representatives.view(transfers.served(chain));
  }

  /** The way to other nodes. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** The transfers, for receipts. */
  Transfers transfers() {
    return transfers;
  }

  People people() {
    return people;
  }

  Shard shard() {
    return shard;
  }
}
