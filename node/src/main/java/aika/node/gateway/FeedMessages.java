package aika.node.gateway;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.proto.feed.ApprovalEvent;
import aika.proto.feed.CancelAsked;
import aika.proto.feed.Changed;
import aika.proto.feed.Decided;
import aika.proto.feed.Ended;
import aika.proto.feed.Fact;
import aika.proto.feed.FeedEvent;
import aika.proto.feed.Issued;
import aika.proto.feed.LeafEvent;
import aika.proto.feed.Opened;
import aika.proto.feed.Outcome;
import aika.proto.feed.PositionEvent;
import aika.proto.feed.Recorded;
import aika.proto.feed.Sealed;
import aika.proto.feed.Sent;
import com.google.protobuf.ByteString;

/** The events of a feed as protobuf messages (docs/spec/feed.md, FEED-20). */
final class FeedMessages {
  private FeedMessages() {}

  static FeedEvent of(ChainId chain, FeedItem item) {
    return switch (item) {
      case FeedItem.OfLeaf leaf -> FeedEvent.newBuilder().setLeaf(leaf(chain, leaf)).build();
      case FeedItem.OfApproval told ->
          FeedEvent.newBuilder()
              .setApproval(
                  ApprovalEvent.newBuilder()
                      .setChain(chain.value())
                      .setSize(told.approval().checkpoint().size())
                      .setCheckpoint(ByteString.copyFrom(told.approval().encode())))
              .build();
    };
  }

  static FeedEvent position(ChainId chain, long from) {
    return FeedEvent.newBuilder()
        .setPosition(PositionEvent.newBuilder().setChain(chain.value()).setFrom(from))
        .build();
  }

  private static LeafEvent leaf(ChainId chain, FeedItem.OfLeaf item) {
    Entry entry = item.entry();
    LeafEvent.Builder leaf =
        LeafEvent.newBuilder()
            .setChain(chain.value())
            .setIndex(entry.index())
            .setKind(LeafText.kind(entry.leaf()))
            .setTimeMillis(entry.leaf().time())
            .setEntry(ByteString.copyFrom(entry.bytes()));
    if (item.block() != null) {
      leaf.setBlock(item.block());
    }
    Event.of(chain, entry).forEach(event -> leaf.addFacts(fact(event)));
    return leaf.build();
  }

  private static Fact.Builder fact(Event event) {
    Fact.Builder fact = Fact.newBuilder();
    return switch (event) {
      case Event.Opened e -> fact.setOpened(Opened.newBuilder().setAccount(e.account().toString()));
      case Event.Issued e ->
          fact.setIssued(
              Issued.newBuilder()
                  .setAccount(e.account().toString())
                  .setAmountMinor(e.amount().minor()));
      case Event.Sent e -> fact.setSent(sent(e));
      case Event.CancelAsked e ->
          fact.setCancelAsked(
              CancelAsked.newBuilder()
                  .setTransfer(e.transfer().toString())
                  .setArrivedMillis(e.arrived()));
      case Event.Decided e -> fact.setDecided(decided(e));
      case Event.Ended e ->
          fact.setEnded(
              Ended.newBuilder()
                  .setTransfer(e.transfer().toString())
                  .setOutcome(outcome(e.kind())));
      case Event.Recorded e ->
          fact.setRecorded(Recorded.newBuilder().setOrigin(e.origin().value()).setSize(e.size()));
      case Event.Changed e -> fact.setChanged(changed(e));
      case Event.Sealed e ->
          fact.setSealed(Sealed.newBuilder().setHeight(e.height()).setFirst(e.first()));
    };
  }

  private static Changed.Builder changed(Event.Changed e) {
    Changed.Builder changed = Changed.newBuilder().setWhat(e.what()).setTerm(e.term());
    if (e.account() != null) {
      changed.setAccount(e.account().toString());
    }
    if (e.amount() != null) {
      changed.setAmountMinor(e.amount().minor());
    }
    if (e.other() != null) {
      changed.setOther(e.other().value());
    }
    return changed;
  }

  private static Sent.Builder sent(Event.Sent e) {
    return Sent.newBuilder()
        .setTransfer(e.transfer().toString())
        .setOrder(e.order().toString())
        .setFrom(e.from().toString())
        .setTo(e.to().toString())
        .setAmountMinor(e.amount().minor())
        .setArrivedMillis(e.arrived())
        .setValidUntilMillis(e.validUntil());
  }

  private static Decided.Builder decided(Event.Decided e) {
    Decided.Builder decided =
        Decided.newBuilder()
            .setTransfer(e.transfer().toString())
            .setOutcome(outcome(e.kind()))
            .setArrivedMillis(e.arrived());
    if (e.by() != null) {
      decided.setBy(e.by().toString());
    }
    return decided;
  }

  private static Outcome outcome(OutcomeKind kind) {
    return switch (kind) {
      case RECEIVED -> Outcome.RECEIVED;
      case REJECTED -> Outcome.REJECTED;
      case CANCELLED -> Outcome.CANCELLED;
      case EXPIRED -> Outcome.EXPIRED;
    };
  }
}
