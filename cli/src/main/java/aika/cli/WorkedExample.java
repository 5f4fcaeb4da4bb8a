package aika.cli;

import aika.core.follow.OfferList;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.Node;
import aika.node.approve.Approved;
import aika.node.follow.Evidencing;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.store.Seal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The source's example: A in Komatsu sends 200 愛貨 to B in Kanazawa. Made once in the life of a data
 * directory; a start after a crash goes on where the earlier one ended.
 */
final class WorkedExample {
  private static final Logger LOG = LoggerFactory.getLogger(WorkedExample.class);
  private static final Money AMOUNT = Money.of("200.00");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
  private static final List<Integer> COLUMNS = List.of(15, 13, 8, 12);

  private final Node node;
  private final Residents residents;
  private final Stop stop;
  private final Screen screen;
  private final AccountId a;
  private final AccountId b;

  WorkedExample(Node node, Residents residents, Stop stop, Screen screen) {
    this.node = node;
    this.residents = residents;
    this.stop = stop;
    this.screen = screen;
    a = residents.account("A");
    b = residents.account("B");
  }

  /** How far it is. */
  enum End {
    /** It was complete before this start. */
    EARLIER,
    NOW,
    /** B, or time, ended it otherwise. */
    OTHERWISE,
    STOPPED
  }

  /** The transfer, once it is sent. */
  Optional<TransferId> transfer() {
    return residents.find(a, header().id()).stream()
        .mapToObj(index -> new TransferId(a.chain(), index))
        .findFirst();
  }

  private Order.Header header() {
    return residents.header("send 200.00 from A to B");
  }

  End run() throws InterruptedException {
    Order.Header header = header();
    OptionalLong earlier = residents.find(a, header.id());
    if (earlier.isPresent() && ended(new TransferId(a.chain(), earlier.getAsLong()))) {
      return End.EARLIER;
    }
    heading();
    long index = earlier.isPresent() ? earlier.getAsLong() : send(header);
    TransferId transfer = new TransferId(a.chain(), index);
    try (MDC.MDCCloseable _ = MDC.putCloseable("transfer", transfer.toString())) {
      return follow(transfer);
    }
  }

  private End follow(TransferId transfer) throws InterruptedException {
    long index = transfer.index();
    if (!await(() -> chain(a).approvedSize() > index)) {
      return End.STOPPED;
    }
    executed("send", "send_pending", chain(a), index);
    if (!await(() -> listing(transfer) != null)) {
      return End.STOPPED;
    }
    OfferList.Listed listed = node.pending().listed(transfer).orElseThrow();
    row("listed", node.shard().chain(listed.continent()), listed.index(), listed.time());

    if (outcome(transfer) == null) {
      receive(transfer);
    }
    Row.Outcome outcome = outcome(transfer);
    if (outcome == null || outcome.kind() != OutcomeKind.RECEIVED) {
      return End.OTHERWISE;
    }
    if (!await(() -> chain(b).approvedSize() > outcome.index())) {
      return End.STOPPED;
    }
    executed("receive", "receive_pending", chain(b), outcome.index());
    row("complete", chain(b), outcome.index(), approvedAt(chain(b), outcome.index()));
    if (!await(() -> ended(transfer) && chain(a).approvedSize() > settled(index))) {
      return End.STOPPED;
    }
    long settled = settled(index);
    row("settled", chain(a), settled, chain(a).entry(settled).leaf().time());
    return End.NOW;
  }

  private long send(Order.Header header) {
    long validUntil =
        header.notAfter() + node.federation().limits().validUntilStandard().toMillis();
    return submit(node.wallet().sign(new Order.Send(header, a, b, AMOUNT, validUntil, null)), null);
  }

  private void receive(TransferId transfer) {
    switch (node.evidencing().citation(chain(b), transfer)) {
      case Evidencing.Found.Citation found -> {
        Order receive =
            new Order.Decide(residents.header("receive " + transfer), b, transfer, true);
        long _ = submit(node.wallet().sign(receive), found.citation());
      }
      case Evidencing.Found.Missing missing -> throw CommandException.of(missing.refusal());
    }
  }

  private long submit(SignedOrder order, Action.@Nullable Citation citation) {
    return switch (node.shard().submit(order, citation)) {
      case Answer.Accepted accepted -> accepted.index();
      case Answer.Repeated repeated -> repeated.index();
      case Answer.Refused refused -> throw CommandException.of(refused.refusal());
    };
  }

  private Chain chain(AccountId account) {
    return node.shard().chain(account.chain());
  }

  private Row.@Nullable Outcome outcome(TransferId transfer) {
    return chain(b).get(new Key.OfOutcome(transfer));
  }

  private boolean ended(TransferId transfer) {
    Row.Hold hold = chain(a).get(new Key.OfHold(transfer.index()));
    return hold != null && hold.status() != Row.Hold.Status.HELD;
  }

  /** The leaf that ended A's hold; the chain's size while there is none. */
  private long settled(long hold) {
    Chain chain = chain(a);
    long size = chain.size();
    for (long i = hold; i < size; i++) {
      if (chain.entry(i).leaf() instanceof Leaf.Settled settled
          && settled.ended().stream().anyMatch(ended -> ended.hold() == hold)) {
        return i;
      }
    }
    return size;
  }

  /** Where the transfer came on the pending list, once that block is approved as well. */
  private OfferList.@Nullable Listed listing(TransferId transfer) {
    return node.pending()
        .listed(transfer)
        .filter(at -> node.shard().chain(at.continent()).approvedSize() > at.index())
        .orElse(null);
  }

  /**
   * @return false when the process was asked to stop before
   */
  private boolean await(BooleanSupplier condition) throws InterruptedException {
    for (long seen = version(); !stop.asked(); seen = version()) {
      if (condition.getAsBoolean()) {
        return true;
      }
      boolean _ = node.shard().changes().await(seen, 1_000);
    }
    return false;
  }

  private long version() {
    return node.shard().changes().version();
  }

  private void heading() {
    screen.line("A (" + a.chain() + ") sends " + AMOUNT + " 愛貨 to B (" + b.chain() + ")");
    screen.line();
    screen.row(COLUMNS, "state 状態", "chain", "block", "time", "approved by 承認した代表者");
  }

  private void executed(String durable, String executed, Chain chain, long index) {
    if (chain.entry(index).leaf() instanceof Leaf.Executed leaf) {
      row(durable, chain, index, Math.min(leaf.arrived(), leaf.time()));
      row(executed, chain, index, leaf.time());
    }
  }

  private void row(String state, Chain chain, long index, long time) {
    Seal block = chain.sealAfter(index);
    LOG.atInfo().addKeyValue("chain", chain.id()).addKeyValue("leaf", index).log(state);
    screen.row(
        COLUMNS,
        state,
        chain.id().value(),
        block == null ? "" : String.valueOf(block.height()),
        TIME.format(Instant.ofEpochMilli(time)),
        String.join(" ", approvers(chain.approvalOf(index))));
  }

  private List<String> approvers(@Nullable SignedCheckpoint approval) {
    return approval == null ? List.of() : Approved.of(approval).seats();
  }

  /** When the block was approved; cosignatures count whole seconds, so never before its leaf. */
  private long approvedAt(Chain chain, long index) {
    SignedCheckpoint approval = chain.approvalOf(index);
    long time = approval == null ? 0 : Approved.of(approval).time();
    return Math.max(time, chain.entry(index).leaf().time());
  }
}
