package aika.node.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.VerifierKey;
import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyType;
import aika.node.config.Municipality;
import aika.node.gateway.AccountRequest;
import aika.node.gateway.AccountRequest.Wish;
import aika.node.gateway.AccountView;
import aika.node.gateway.Caller;
import aika.node.gateway.CancelRequest;
import aika.node.gateway.OrderView;
import aika.node.gateway.Party;
import aika.node.gateway.PendingView;
import aika.node.gateway.PendingViews;
import aika.node.gateway.ReceiveRequest;
import aika.node.gateway.Received;
import aika.node.gateway.RefundView;
import aika.node.gateway.RefusedException;
import aika.node.gateway.RepresentativesView;
import aika.node.gateway.SendRequest;
import aika.node.gateway.TransferState;
import aika.node.gateway.TransferView;
import aika.node.gateway.TransferView.Actor;
import aika.node.gateway.TransferView.Decider;
import aika.node.gateway.TransferView.Next;
import aika.node.gateway.TransferView.Step;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Payments in memory that move only when a test says so. A has 1,000.00 in Komatsu, B none. */
final class FakeDesk implements Desk {
  @Override
  public @Nullable URI gateway(ChainId chain) {
    return null;
  }

  static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  static final Party A = new Party(new AccountId(KOMATSU, "k3v9q2mw"), "A");
  static final Party B = new Party(new AccountId(KANAZAWA, "p8d1x7aa"), "B");

  /** 10:00:01 in Japan on 22 November 2026. */
  static final long TEN = 1_795_309_201_000L;

  private static final String KEY = "OEFYM4UtQO7BJNWjHM4rvTq7nV7qOL1+UBRkhPXwyGA=";
  private static final String OTHER_KEY = "b0AcYZ4xLvWcJeJ3TxUn2Xn2jE1v0i5nTn0oYc1xkQk=";
  private static final AccountView.Standing USUAL =
      new AccountView.Standing(KEY, false, false, Money.ZERO, null);

  private static final List<String> SEATS = List.of("seat-1", "seat-2", "seat-4", "seat-5");

  private final Map<TransferId, TransferView> transfers = new LinkedHashMap<>();
  private final Map<AccountId, Money> balances = new HashMap<>();
  private final Map<OrderId, TransferId> orders = new HashMap<>();
  private final Map<AccountId, AccountView.Standing> standings = new HashMap<>();
  private final Map<OrderId, OrderView> changed = new HashMap<>();
  private long now = TEN;
  private int changes;
  private boolean closed;

  /** Whether the counter wallet has everybody's key. */
  volatile boolean signs = true;

  /** Why more may wait than is known; null when all is known. */
  volatile @Nullable Refusal incomplete;

  /** Refuses the next order with this; null for none. */
  @Nullable Refusal refuseNext;

  FakeDesk() {
    balances.put(A.account(), Money.of("1000.00"));
    balances.put(B.account(), Money.ZERO);
  }

  /** The demo's federation with keys that nobody uses. */
  static Federation federation() {
    return FederationTemplate.demo()
        .federation((place, type, name) ->
            new VerifierKey(name, type.signatureType(), distinct(type, name)));
  }

  private static byte[] distinct(KeyType type, String name) {
    byte[] key = new byte[type.publicKeyBytes()];
    byte[] text = name.getBytes(UTF_8);
    System.arraycopy(text, 0, key, 0, Math.min(text.length, key.length));
    key[key.length - 1] = (byte) name.hashCode();
    return key;
  }

  synchronized int sends() {
    return transfers.size();
  }

  @Override
  public synchronized AccountView acting(String name, String municipality, Caller caller) {
    if (caller.at() instanceof Municipality own && !own.id().value().equals(municipality)) {
      throw refused(Reason.WRONG_CHAIN);
    }
    return account(find(name, municipality, caller).account(), caller);
  }

  @Override
  public Party find(String name, String municipality, Caller caller) {
    for (Party party : List.of(A, B)) {
      if (party.account().chain().value().equals(municipality)
          && List.of(party.account().toString(), String.valueOf(party.name())).contains(name)) {
        return party;
      }
    }
    throw refused(Reason.UNKNOWN_PERSON);
  }

  @Override
  public synchronized AccountView account(AccountId account, Caller caller) {
    Money balance = balances.get(account);
    if (balance == null) {
      throw refused(Reason.UNKNOWN_ACCOUNT);
    }
    List<AccountView.Hold> holds =
        transfers.values().stream()
            .filter(one -> one.sender().account().equals(account))
            .filter(one -> one.state() == TransferState.SEND_PENDING)
            .map(one ->
                new AccountView.Hold(one.id(), one.receiver(), one.amount(), one.validUntil()))
            .toList();
    return new AccountView(
        party(account.toString()),
        balance,
        holds.stream().map(AccountView.Hold::amount).reduce(Money.ZERO, Money::plus),
        holds.size(),
        holds,
        standings.getOrDefault(account, USUAL),
        signs);
  }

  /** A new key is announced for this account, five minutes ago. */
  synchronized void announce(AccountId account) {
    AccountView.Standing was = standings.getOrDefault(account, USUAL);
    long since = now - 300_000;
    AccountView.Announced key =
        new AccountView.Announced(OTHER_KEY, since, since + Row.Account.RECOVERY_MILLIS);
    standings.put(
        account,
        new AccountView.Standing(was.key(), was.frozen(), was.closed(), was.autoReceive(), key));
  }

  synchronized AccountView.Standing standing(AccountId account) {
    return standings.getOrDefault(account, USUAL);
  }

  @Override
  public synchronized OrderView change(AccountRequest request, Caller caller) {
    refuseIfTold();
    OrderView earlier = changed.get(request.id());
    if (earlier != null) {
      return earlier;
    }
    AccountId account = request.account();
    AccountView.Standing was = standing(account);
    AccountView.Standing is =
        switch (request.wish()) {
          case Wish.Veto() -> standing(was.key(), was.frozen(), was.autoReceive(), null);
          case Wish.Freeze() -> standing(was.key(), true, was.autoReceive(), was.announced());
          case Wish.NewKey() -> standing(OTHER_KEY, was.frozen(), was.autoReceive(), null);
          case Wish.AutoReceive(Money limit) ->
              standing(was.key(), was.frozen(), limit, was.announced());
        };
    standings.put(account, is);
    String kind =
        switch (request.wish()) {
          case Wish.Veto() -> "veto-recovery";
          case Wish.Freeze() -> "freeze";
          case Wish.NewKey() -> "rotate-key";
          case Wish.AutoReceive(Money limit) -> "auto-receive";
        };
    OrderView done =
        new OrderView(account, request.id(), kind, account.chain(), 40, now, List.of(), false);
    changed.put(request.id(), done);
    return done;
  }

  private static AccountView.Standing standing(
      String key, boolean frozen, Money limit, AccountView.@Nullable Announced announced) {
    return new AccountView.Standing(key, frozen, false, limit, announced);
  }

  synchronized int changes() {
    return changed.size();
  }

  @Override
  public synchronized OrderView order(AccountId account, OrderId id, Caller caller) {
    OrderView done = changed.get(id);
    if (done == null) {
      throw refused(Reason.NOT_FOUND);
    }
    return done;
  }

  private static Party party(String account) {
    return A.account().toString().equals(account) ? A : B;
  }

  private static RefusedException refused(Reason reason) {
    return new RefusedException(Refusal.of(reason, "in this test"));
  }

  private void refuseIfTold() {
    Refusal refusal = refuseNext;
    if (refusal != null) {
      refuseNext = null;
      throw new RefusedException(refusal);
    }
  }

  @Override
  public synchronized TransferView send(SendRequest request, Caller caller) {
    refuseIfTold();
    OrderId id = Objects.requireNonNull(request.id());
    TransferId earlier = orders.get(id);
    if (earlier != null) {
      return transfer(earlier, caller);
    }
    Party from = party(request.sender());
    Money amount = Money.of(request.amount());
    balances.merge(from.account(), amount, Money::minus);
    TransferId transfer = new TransferId(from.account().chain(), 12 + 3L * transfers.size());
    orders.put(id, transfer);
    TransferView sent =
        new TransferView(
            transfer,
            id,
            from,
            party(request.receiver()),
            amount,
            TransferState.SEND_PENDING,
            Row.Hold.Status.HELD,
            List.of(step(transfer, "send", false), step(transfer, "send_pending", false)),
            new Next(Actor.REPRESENTATIVES, transfer.origin(), null),
            request.refundOf(),
            Objects.requireNonNull(request.validUntil()),
            false,
            false,
            request.memo());
    transfers.put(transfer, sent);
    return sent;
  }

  @Override
  public synchronized RefundView refunds(TransferId received, Caller caller) {
    List<TransferView> given =
        transfers.values().stream()
            .filter(one -> received.equals(one.refundOf()) && !one.state().cameBack())
            .toList();
    return new RefundView(transfer(received, caller), given, true);
  }

  private Step step(TransferId transfer, String what, boolean approved) {
    boolean received = !List.of("send", "send_pending", Step.LISTED, Step.CANCEL).contains(what);
    return new Step(
        what,
        now,
        received ? KANAZAWA : transfer.origin(),
        approved ? 4L : null,
        transfer.index() + (received ? 20 : 0),
        approved ? SEATS : List.of(),
        approved ? now : null,
        switch (what) {
          case "receive_pending", "rejected" -> Decider.RECEIVER;
          case "cancelled" -> Decider.SENDER;
          case "expired" -> Decider.DEADLINE;
          default -> null;
        });
  }

  /** The sender's representatives approve it, and it is listed. */
  synchronized void list(TransferId id) {
    now += 1_000;
    TransferView view = view(id);
    change(
        view,
        TransferState.SEND_PENDING,
        Row.Hold.Status.HELD,
        new Next(Actor.RECEIVER, view.receiver().account().chain(), view.validUntil()),
        step(id, Step.LISTED, true));
  }

  /** Nobody received it in time, and the receiver's municipality says nothing. */
  synchronized void passDeadline(TransferId id) {
    TransferView view = view(id);
    now = view.validUntil();
    change(
        view,
        TransferState.SEND_PENDING,
        Row.Hold.Status.HELD,
        new Next(Actor.REPRESENTATIVES, KANAZAWA, null));
  }

  @Override
  public synchronized PendingViews waitingFor(AccountId receiver, Caller caller) {
    return new PendingViews(waitingFor(receiver), incomplete);
  }

  private List<PendingView> waitingFor(AccountId receiver) {
    return transfers.values().stream()
        .filter(view -> view.receiver().account().equals(receiver))
        .filter(view -> view.next().who() == Actor.RECEIVER)
        .map(view ->
            new PendingView(
                view.id(), view.sender(), view.receiver(), view.amount(), view.validUntil(), now))
        .toList();
  }

  @Override
  public synchronized Received receive(ReceiveRequest request, Caller caller) {
    refuseIfTold();
    TransferId id = Objects.requireNonNull(request.transfer());
    TransferView view = view(id);
    boolean decided = view.next().who() != Actor.RECEIVER;
    if (!decided) {
      now += 338_000;
      if (request.reject()) {
        change(
            view,
            TransferState.REJECTED,
            Row.Hold.Status.HELD,
            new Next(Actor.REPRESENTATIVES, KANAZAWA, null),
            step(id, "rejected", false));
      } else {
        balances.merge(view.receiver().account(), view.amount(), Money::plus);
        change(
            view,
            TransferState.RECEIVE_PENDING,
            Row.Hold.Status.HELD,
            new Next(Actor.REPRESENTATIVES, KANAZAWA, null),
            step(id, "receive", false),
            step(id, "receive_pending", false));
      }
    }
    return Received.one(view(id));
  }

  @Override
  public synchronized TransferView cancel(CancelRequest request, Caller caller) {
    refuseIfTold();
    TransferView view = view(request.transfer());
    now += 60_000;
    change(
        view,
        TransferState.SEND_PENDING,
        Row.Hold.Status.HELD,
        new Next(Actor.REPRESENTATIVES, KANAZAWA, null),
        step(view.id(), Step.CANCEL, false));
    return view(view.id());
  }

  /** The receiver's representatives approve it, and the sender's chain settles. */
  synchronized void complete(TransferId id) {
    now += 1_000;
    change(
        view(id),
        TransferState.COMPLETE,
        Row.Hold.Status.SETTLED,
        new Next(Actor.NOBODY, null, null),
        step(id, "complete", true));
  }

  synchronized void refund(TransferId id, TransferState state) {
    TransferView view = view(id);
    balances.merge(view.sender().account(), view.amount(), Money::plus);
    Step[] decided =
        view.state() == state ? new Step[0] : new Step[] {step(id, state.text(), true)};
    change(view, state, Row.Hold.Status.REFUNDED, new Next(Actor.NOBODY, null, null), decided);
  }

  private void change(
      TransferView view, TransferState state, Row.Hold.Status hold, Next next, Step... steps) {
    List<Step> history = new ArrayList<>(view.history());
    history.addAll(List.of(steps));
    transfers.put(
        view.id(),
        new TransferView(
            view.id(),
            view.order(),
            view.sender(),
            view.receiver(),
            view.amount(),
            state,
            hold,
            history,
            next,
            view.refundOf(),
            view.validUntil(),
            state == TransferState.SEND_PENDING && now >= view.validUntil(),
            false,
            view.memo()));
    changes++;
    notifyAll();
  }

  /** Waits until not just {@code seen} changes have happened, or this desk is closed. */
  synchronized int awaitChange(int seen) throws InterruptedException {
    while (changes == seen && !closed) {
      wait();
    }
    return changes;
  }

  synchronized boolean hasEnded(TransferId id) {
    return view(id).ended();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private TransferView view(TransferId id) {
    TransferView view = transfers.get(id);
    if (view == null) {
      throw refused(Reason.UNKNOWN_TRANSFER);
    }
    return view;
  }

  @Override
  public synchronized TransferView transfer(TransferId id, Caller caller) {
    return view(id);
  }

  /** An elected term, with two who stand for the next, or a continent's that nobody elected. */
  @Override
  public RepresentativesView representatives(ChainId chain) {
    List<VerifierKey> seats =
        federation().directory(Hash.of(new byte[Hash.BYTES])).entry(chain).seats().keys();
    if (!chain.municipal()) {
      return new RepresentativesView(
          chain,
          1,
          RepresentativesView.By.FEDERATION_FILE,
          TEN,
          TEN + 90L * 24 * 60 * 60 * 1000,
          null,
          5,
          4,
          seats,
          List.of(new RepresentativesView.Standing(KOMATSU.value(), 1_234, Money.ZERO)),
          List.of());
    }
    return new RepresentativesView(
        chain,
        2,
        RepresentativesView.By.ELECTION,
        TEN,
        null,
        12L,
        5,
        4,
        seats,
        List.of(
            new RepresentativesView.Standing("Asia-Komatsu/k3v9q2mw", 21, Money.of("12345.67")),
            new RepresentativesView.Standing("Asia-Komatsu/p8d1x7aa", 3, Money.of("80.00"))),
        List.of(
            new RepresentativesView.Election(
                2, RepresentativesView.By.ELECTION, 30, TEN, SEATS, List.of(), "")));
  }
}
