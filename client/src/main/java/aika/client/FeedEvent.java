package aika.client;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.List;

/** What a feed tells. Nothing of it has been checked; {@link VerifiedLog} does that. */
public sealed interface FeedEvent {
  ChainId chain();

  /** A leaf of the log, whole. */
  record Leaf(ChainId chain, Entry entry) implements FeedEvent {
    /** Its position: ask from the next one to go on. */
    public long index() {
      return entry.index();
    }

    /** What it says, read from the leaf itself. */
    public List<Event> facts() {
      return Event.of(chain, entry);
    }
  }

  /** Everything below the checkpoint is approved. */
  record Approval(ChainId chain, SignedCheckpoint checkpoint) implements FeedEvent {}
}
