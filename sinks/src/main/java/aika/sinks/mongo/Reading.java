package aika.sinks.mongo;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.OutcomeKind;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Progress;
import aika.sinks.Source;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads leaves and approvals and says what follows for the documents. It follows all chains, since
 * any of them may tell of a transfer of a municipality in the scope.
 */
final class Reading {
  /** Leaves, and approvals of leaves, of one step. */
  static final int LEAVES_MAX = 1_000;

  private final Source source;
  private final Set<ChainId> scope;

  Reading(Source source, Collection<ChainId> scope) {
    this.source = source;
    this.scope = Set.copyOf(scope);
  }

  boolean isInScope(ChainId chain) {
    return scope.contains(chain);
  }

  /** Where a leaf stands. */
  private record Place(ChainId chain, long block, long leaf) {}

  /**
   * Says what comes next of this chain.
   *
   * @param limit not beyond it
   * @param written leaves of another chain that are in the store already
   * @return how far the chain is when the batch is written
   */
  Cursor step(
      ChainId chain, Cursor at, Progress limit, ToLongFunction<ChainId> written, Batch batch) {
    Cursor committed = committed(chain, at, limit.leaves(), written, batch);
    Cursor next = approved(chain, committed, limit.approved(), batch);
    if (scope.contains(chain) && !next.equals(at)) {
      summary(chain, next, batch);
    }
    return next;
  }

  private Cursor committed(
      ChainId chain, Cursor at, long limit, ToLongFunction<ChainId> written, Batch batch) {
    Map<ChainId, Long> listed = new HashMap<>(at.listed());
    long end = Math.min(limit, at.leaves() + LEAVES_MAX);
    long leaf = at.leaves();
    long height = leaf < end ? height(chain, leaf) : 0;
    boolean all = true;
    while (all && leaf < end && !batch.isFull()) {
      for (Event event : Event.of(chain, source.entry(chain, leaf))) {
        if (event instanceof Event.Recorded recorded) {
          all &= list(new Place(chain, height, leaf), recorded, listed, written, batch);
        } else {
          all &= commit(new Place(chain, height, leaf), event, batch);
        }
        if (event instanceof Event.Sealed sealed) {
          height = sealed.height() + 1;
        }
      }
      leaf += all ? 1 : 0;
    }
    return new Cursor(leaf, at.approved(), listed);
  }

  private Cursor approved(ChainId chain, Cursor at, long limit, Batch batch) {
    long end = Math.min(Math.min(limit, at.leaves()), at.approved() + LEAVES_MAX);
    long leaf = at.approved();
    Approval approval = null;
    Block block = null;
    for (; leaf < end; leaf++) {
      if (approval == null || approval.size() <= leaf) {
        approval = source.approval(chain, leaf);
      }
      if (block == null || block.size() <= leaf) {
        block = source.block(chain, leaf);
      }
      if (approval == null || block == null) {
        break;
      }
      for (Event event : Event.of(chain, source.entry(chain, leaf))) {
        approve(new Place(chain, block.height(), leaf), event, approval, batch);
      }
    }
    return new Cursor(at.leaves(), leaf, at.listed());
  }

  /** The height of the block that this leaf is in, or will be in when it is sealed. */
  private long height(ChainId chain, long leaf) {
    Block before = source.block(chain, leaf);
    if (before != null) {
      return before.height();
    }
    long open = source.height(chain) + 1;
    // It may have been sealed between the two questions, and others after it.
    Block after = source.block(chain, leaf);
    return after != null ? after.height() : open;
  }

  /** Says what an executed leaf tells; false when the source does not know all of it yet. */
  private boolean commit(Place place, Event event, Batch batch) {
    switch (event) {
      case Event.Opened opened -> person(opened.account(), batch);
      case Event.Sent sent -> sent(place, sent, batch);
      case Event.Decided decided -> decided(place, decided, batch);
      case Event.Ended ended -> ended(place, ended, batch);
      case Event.Sealed sealed -> {
        return sealed(place, batch);
      }
      case Event.Issued issued -> {}
      case Event.Changed changed -> {}
      case Event.CancelAsked asked -> {}
      case Event.Recorded recorded -> {}
    }
    return true;
  }

  private void sent(Place place, Event.Sent sent, Batch batch) {
    if (!scope.contains(sent.from().chain()) && !scope.contains(sent.to().chain())) {
      return;
    }
    String link = "/transfers/" + sent.transfer();
    Facts facts =
        parties(sent.transfer(), sent.to().chain(), batch)
            .begin()
            .say("client_id", sent.order().toString())
            .say("sender.account", sent.from().toString())
            .say("receiver.account", sent.to().toString())
            .say("amount", sent.amount().toString())
            .say("amount_minor", sent.amount().minor())
            .say("valid_until", Instant.ofEpochMilli(sent.validUntil()))
            .say("links.send_receipt", link + "/receipt?half=send")
            .atLeast("versions.origin", place.leaf)
            .reach(State.SEND_PENDING);
    tell(facts, State.SEND.text(), sent.arrived(), place);
    tell(facts, State.SEND_PENDING.text(), sent.time(), place);
    person(sent.from(), batch);
    person(sent.to(), batch);
  }

  /**
   * What both halves of a transfer know, so that a node with one of them has a document to show.
   */
  private static Facts parties(TransferId transfer, ChainId destination, Batch batch) {
    return batch
        .transfer(transfer)
        .say("sender.municipality", transfer.origin().value())
        .say("receiver.municipality", destination.value())
        .say("links.self", "/transfers/" + transfer);
  }

  private void decided(Place place, Event.Decided decided, Batch batch) {
    if (!scope.contains(place.chain) && !scope.contains(decided.transfer().origin())) {
      return;
    }
    String link = "/transfers/" + decided.transfer() + "/receipt?half=receive";
    State state = State.decided(decided.kind());
    Facts facts =
        parties(decided.transfer(), place.chain, batch)
            .say("links.receive_receipt", link)
            .atLeast("versions.destination", place.leaf)
            .reach(state);
    AccountId by = decided.by();
    if (by != null) {
      facts.say("receiver.account", by.toString());
    }
    if (decided.kind() == OutcomeKind.RECEIVED) {
      tell(facts, State.RECEIVE.text(), decided.arrived(), place);
    }
    tell(facts, state.text(), decided.time(), place);
  }

  private void ended(Place place, Event.Ended ended, Batch batch) {
    if (!concerns(ended.transfer())) {
      return;
    }
    Facts facts = batch.transfer(ended.transfer()).atLeast("versions.origin", place.leaf);
    boolean settled = ended.kind() == OutcomeKind.RECEIVED;
    tell(facts, settled ? "settled" : "refunded", ended.time(), place);
  }

  /** Whether a transfer that began on a chain that is here has a document. */
  private boolean concerns(TransferId transfer) {
    if (scope.contains(transfer.origin())) {
      return true;
    }
    Event.Sent sent = sent(transfer);
    return sent != null && scope.contains(sent.to().chain());
  }

  /** The leaf with which the transfer began, or null when this is none. */
  Event.@Nullable Sent sent(TransferId transfer) {
    Entry entry = source.entry(transfer.origin(), transfer.index());
    for (Event event : Event.of(transfer.origin(), entry)) {
      if (event instanceof Event.Sent sent) {
        return sent;
      }
    }
    return null;
  }

  private boolean sealed(Place place, Batch batch) {
    if (!scope.contains(place.chain)) {
      return true;
    }
    Block block = source.block(place.chain, place.leaf);
    if (block == null) {
      return false;
    }
    batch
        .block(place.chain, block.height())
        .begin()
        .say("chain", place.chain.value())
        .say("height", block.height())
        .say("first", block.first())
        .say("size", block.size())
        .say("root", block.root().base64())
        .say("time", Instant.ofEpochMilli(block.time()));
    batch
        .chain(place.chain)
        .atLeast("height", block.height())
        .atLeast("last_block", Instant.ofEpochMilli(block.time()));
    return true;
  }

  /**
   * An anchor lists the sends below it that no earlier one listed [MONGO-9].
   *
   * @return false when it must be read again: not all of them are in the store yet, or not all fit
   */
  private boolean list(
      Place place,
      Event.Recorded anchor,
      Map<ChainId, Long> listed,
      ToLongFunction<ChainId> written,
      Batch batch) {
    ChainId origin = anchor.origin();
    if (place.chain.municipal()
        || !origin.continent().equals(place.chain)
        || !source.chains().contains(origin)) {
      return true;
    }
    long next = listed.getOrDefault(origin, 0L);
    if (next < anchor.size() && written.applyAsLong(origin) < anchor.size()) {
      return false;
    }
    while (next < anchor.size() && !batch.isFull()) {
      listed(place, anchor, new TransferId(origin, next), batch);
      next++;
    }
    listed.put(origin, Math.max(next, listed.getOrDefault(origin, 0L)));
    return next >= anchor.size();
  }

  private void listed(Place place, Event.Recorded anchor, TransferId transfer, Batch batch) {
    Event.Sent sent = sent(transfer);
    if (sent != null && (scope.contains(transfer.origin()) || scope.contains(sent.to().chain()))) {
      tell(batch.transfer(transfer), "listed", anchor.time(), place);
    }
  }

  /** Says what an approval of a leaf tells [MONGO-8]. */
  private void approve(Place place, Event event, Approval approval, Batch batch) {
    long time = Math.max(approval.time(), event.time());
    Instant at = Instant.ofEpochMilli(time);
    switch (event) {
      case Event.Sent sent -> {
        if (scope.contains(sent.from().chain()) || scope.contains(sent.to().chain())) {
          batch.transfer(sent.transfer()).say("history.send_pending.approved_at", at);
        }
      }
      case Event.Decided decided -> {
        if (scope.contains(place.chain) || scope.contains(decided.transfer().origin())) {
          String state = State.decided(decided.kind()).text();
          Facts facts =
              batch.transfer(decided.transfer()).say("history." + state + ".approved_at", at);
          if (decided.kind() == OutcomeKind.RECEIVED) {
            tell(facts, State.COMPLETE.text(), time, place);
            facts.reach(State.COMPLETE);
          }
        }
      }
      case Event.Sealed sealed -> {
        if (scope.contains(place.chain)) {
          batch
              .block(place.chain, place.block)
              .say("approved_at", at)
              .say("approvals", approval.seats());
        }
      }
      case Event.Opened opened -> {}
      case Event.Issued issued -> {}
      case Event.Changed changed -> {}
      case Event.CancelAsked asked -> {}
      case Event.Ended ended -> {}
      case Event.Recorded recorded -> {}
    }
  }

  private static void tell(Facts facts, String key, long time, Place place) {
    String path = "history." + key;
    facts
        .say(path + ".time", Instant.ofEpochMilli(time))
        .say(path + ".chain", place.chain.value())
        .say(path + ".block", place.block)
        .say(path + ".leaf", place.leaf);
  }

  private void person(AccountId account, Batch batch) {
    if (scope.contains(account.chain())) {
      batch.person(account);
    }
  }

  /**
   * What this one leaf and its approval say; of an anchor, only what it says about the transfer.
   */
  void leaf(ChainId chain, long leaf, @Nullable TransferId about, Batch batch) {
    Place place = new Place(chain, height(chain, leaf), leaf);
    Approval approval = leaf < source.approvedSize(chain) ? source.approval(chain, leaf) : null;
    for (Event event : Event.of(chain, source.entry(chain, leaf))) {
      if (event instanceof Event.Recorded anchor) {
        if (about != null
            && anchor.origin().equals(about.origin())
            && about.index() < anchor.size()) {
          listed(place, anchor, about, batch);
        }
        continue;
      }
      commit(place, event, batch);
      if (approval != null) {
        approve(place, event, approval, batch);
      }
    }
  }

  /** How the chain stands when so much of it is written. */
  static void summary(ChainId chain, Cursor at, Batch batch) {
    String value = chain.value();
    batch
        .chain(chain)
        .say("kind", chain.municipal() ? "municipality" : "continent")
        .say("continent", chain.continent().value())
        .say("name", chain.municipal() ? value.substring(value.indexOf('-') + 1) : value)
        .atLeast("leaves", at.leaves())
        .atLeast("approved", at.approved());
  }
}
