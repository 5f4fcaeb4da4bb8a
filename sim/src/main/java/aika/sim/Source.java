package aika.sim;

import aika.core.ledger.Offer;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one follower has to do about one chain. After a crash it reads that chain again from the
 * oldest leaf that still needed something; all its requests may be repeated.
 */
final class Source {
  final ChainId id;
  final Cursor cursor;
  final List<Decide> decides = new ArrayList<>();
  final List<Waiting> concludes = new ArrayList<>();

  /** No checkpoint of this source is asked to be recorded before this time, ms. */
  long recordAgain;

  private final Follower follower;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private List<Decided> decided = new ArrayList<>();

  /** A leaf that is not done with. */
  sealed interface Open {
    boolean done(Follower follower);
  }

  /** An offer to this municipality that has no decision yet. */
  static final class Waiting implements Open {
    final Offer offer;
    long due;
    long cancel = -1;

    Waiting(Offer offer) {
      this.offer = offer;
      this.due = offer.validUntil();
    }

    @Override
    public boolean done(Follower follower) {
      return follower.hasDecided(offer.transfer());
    }
  }

  /** A decision by leaf {@code index} on a hold of this municipality. */
  record Decided(long hold, long index) implements Open {
    @Override
    public boolean done(Follower follower) {
      return follower.hasEnded(hold);
    }
  }

  /** A resident's decision about the transfer of leaf {@code index}. */
  record Decide(SignedOrder order, long index, Consumer<Answer> answer) {}

  Source(Follower follower, Shard shard, ChainId id) {
    this.follower = follower;
    this.id = id;
    this.cursor = new Cursor(follower, shard, id, entry -> follower.read(this, entry), () -> {});
  }

  Waiting wait(Offer offer) {
    Waiting waiting = new Waiting(offer);
    open.put(offer.transfer().index(), waiting);
    return waiting;
  }

  void decided(long hold, long index) {
    Decided found = new Decided(hold, index);
    open.put(index, found);
    decided.add(found);
  }

  void cancel(long send, long index) {
    if (open.get(send) instanceof Waiting waiting) {
      waiting.cancel = index;
      concludes.add(waiting);
    }
  }

  /** Leaves from this one on are still needed; forgets what is done on the way there. */
  long oldestNeeded() {
    for (Iterator<Map.Entry<Long, Open>> it = open.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Long, Open> oldest = it.next();
      if (!oldest.getValue().done(follower)) {
        return oldest.getKey();
      }
      it.remove();
    }
    return cursor.next();
  }

  void forget() {
    cursor.reset(oldestNeeded());
    open.clear();
    decides.clear();
    concludes.clear();
    decided = new ArrayList<>();
    recordAgain = 0;
  }

  /** How many approved leaves of the source must be recorded for what waits; 0 for nothing. */
  long needed() {
    long approved = cursor.approvedSize();
    long needed = 0;
    decided.removeIf(one -> one.done(follower));
    for (Decided one : decided) {
      needed = Math.max(needed, one.index + 1);
    }
    concludes.removeIf(one -> one.done(follower));
    for (Waiting one : concludes) {
      needed = Math.max(needed, Math.max(one.cancel, one.offer.transfer().index()) + 1);
    }
    decides.removeIf(one -> one.index >= approved); // not approved here yet: the wallet asks again
    for (Decide one : decides) {
      needed = Math.max(needed, one.index + 1);
    }
    return Math.min(needed, approved);
  }

  List<Decided> takeDecided() {
    List<Decided> taken = decided;
    decided = new ArrayList<>();
    return taken;
  }

  List<Waiting> takeConcludes() {
    List<Waiting> taken = List.copyOf(concludes);
    concludes.clear();
    return taken;
  }

  List<Decide> takeDecides() {
    List<Decide> taken = List.copyOf(decides);
    decides.clear();
    return taken;
  }

  void askAgain(List<Decided> asked) {
    for (Decided one : asked) {
      if (!one.done(follower)) {
        decided.add(one);
      }
    }
  }
}
