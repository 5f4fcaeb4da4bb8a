package aika.sim;

import aika.core.ledger.Entry;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A follower's place in a chain's approved leaves, which it reads in order, each once. */
final class Cursor {
  private static final int PULL_AGAIN_MILLIS = 1_200;

  private final Actor reader;
  private final Shard shard;
  private final ChainId chain;
  private final Consumer<Entry> each;
  private final Runnable then;
  private long next;
  private boolean pulling;
  private @Nullable SignedCheckpoint approved;

  /**
   * @param each takes a leaf
   * @param then runs after some were taken
   */
  Cursor(Actor reader, Shard shard, ChainId chain, Consumer<Entry> each, Runnable then) {
    this.reader = reader;
    this.shard = shard;
    this.chain = chain;
    this.each = each;
    this.then = then;
  }

  ChainId chain() {
    return chain;
  }

  Shard shard() {
    return shard;
  }

  /** The leaf to read next. */
  long next() {
    return next;
  }

  @Nullable SignedCheckpoint approved() {
    return approved;
  }

  long approvedSize() {
    return approved == null ? 0 : approved.checkpoint().size();
  }

  /** After a crash: reads again from here. */
  void reset(long from) {
    next = from;
    pulling = false;
    approved = null;
  }

  void pull() {
    if (pulling) {
      return;
    }
    pulling = true;
    long from = next;
    reader.send(shard, () -> shard.feed(chain, from, reader.answer(shard, this::read)));
    reader.after(
        PULL_AGAIN_MILLIS,
        () -> {
          if (next == from) {
            pulling = false;
          }
        });
  }

  private void read(Shard.Feed feed) {
    if (feed.from() != next) {
      return;
    }
    pulling = false;
    SignedCheckpoint latest = feed.approved();
    if (latest != null && latest.checkpoint().size() > approvedSize()) {
      if (!reader.world.approved(chain, latest)) {
        throw new Violation(chain + " serves a checkpoint that is not approved");
      }
      approved = latest;
    }
    for (Entry entry : feed.entries()) {
      next = entry.index() + 1;
      each.accept(entry);
    }
    if (next < approvedSize()) {
      pull();
    }
    then.run();
  }
}
