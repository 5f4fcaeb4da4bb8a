package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends transfers without their receivers: asks the receiver's chain to conclude what nobody
 * received in time, what its sender asked back and what went where nothing is received any more.
 * The chain decides by its own clock and may have decided otherwise meanwhile; what it does not
 * take is asked again later, after as long again as it has been due.
 */
public final class Endings {
  /** Rows of one step. */
  static final int AT_ONCE_MAX = 250;

  /** How far ahead the next due row is looked for; further ones are found by the next look. */
  static final long LOOK_AHEAD_MILLIS = 10 * 60_000;

  private static final long AGAIN_MILLIS_MIN = 1_000;
  private static final long AGAIN_MILLIS_MAX = 60 * 60_000;

  private final Chains chains;
  private final Rows rows;
  private final Relay relay;

  public Endings(Chains chains, Directory directory, Rows rows) {
    this.chains = chains;
    this.rows = rows;
    this.relay = new Relay(chains, directory);
  }

  /**
   * @param due when the chain is asked, ms; part of the key
   * @param since when it was due at first
   * @param leaf what is cited as evidence: the send, or the cancel order
   */
  private record Waiting(
      ChainId receiver, long due, OutcomeKind kind, TransferId transfer, long leaf, long since) {
    static Waiting of(byte[] key, byte[] value) {
      RowKey.Reader in = new RowKey.Reader(key);
      ChainId receiver = in.chain();
      long due = in.number();
      OutcomeKind kind = kind(in.u8());
      TransferId transfer = new TransferId(in.chain(), in.number());
      Wire.Reader rest = new Wire.Reader(value);
      return new Waiting(receiver, due, kind, transfer, rest.i64(), rest.i64());
    }

    byte[] key() {
      byte[] origin = RowKey.of(transfer.origin());
      byte[] at = RowKey.of(receiver, due);
      return ByteBuffer.allocate(at.length + 1 + origin.length + Long.BYTES)
          .put(at)
          .put((byte) number(kind))
          .put(origin)
          .putLong(transfer.index())
          .array();
    }

    /** Numbers of their own: an enum's order may change. */
    private static int number(OutcomeKind kind) {
      return switch (kind) {
        case CANCELLED -> 0;
        case EXPIRED -> 1;
        case RECEIVED -> 2;
        case REJECTED -> 3;
      };
    }

    private static OutcomeKind kind(int number) {
      return switch (number) {
        case 0 -> OutcomeKind.CANCELLED;
        case 1 -> OutcomeKind.EXPIRED;
        case 2 -> OutcomeKind.RECEIVED;
        case 3 -> OutcomeKind.REJECTED;
        default -> throw new MalformedException("no kind of ending has number " + number);
      };
    }

    void put(Changes changes) {
      byte[] value = new Wire(2 * Long.BYTES).i64(leaf).i64(since).toBytes();
      changes.put(Rows.Table.DUE, key(), value);
    }

    Waiting again(long now) {
      long wait = Math.clamp(now - since, AGAIN_MILLIS_MIN, AGAIN_MILLIS_MAX);
      return new Waiting(receiver, now + wait, kind, transfer, leaf, since);
    }
  }

  private static Waiting expiry(Offer offer) {
    TransferId transfer = offer.transfer();
    ChainId receiver = offer.to().chain();
    long until = offer.validUntil();
    return new Waiting(receiver, until, OutcomeKind.EXPIRED, transfer, transfer.index(), until);
  }

  /**
   * Notes what an approved leaf means for transfers to chains that are served here.
   *
   * @param log where it stands
   * @param time the leaf's time
   * @param soonest when the next of each receiver's chain is due; lowered
   */
  void read(Log log, Consequence found, long time, Changes changes, Map<ChainId, Long> soonest) {
    switch (found) {
      case Consequence.Offered offered -> {
        note(expiry(offered.offer()), changes, soonest);
        OutcomeKind kind = unasked(offered.offer());
        if (kind != null) {
          note(atOnce(offered.offer(), kind, time), changes, soonest);
        }
      }
      case Consequence.CancelAsked asked -> {
        Offer offer = log.offer(asked.transfer().index());
        if (offer != null) {
          ChainId receiver = offer.to().chain();
          OutcomeKind kind = OutcomeKind.CANCELLED;
          TransferId transfer = asked.transfer();
          note(new Waiting(receiver, time, kind, transfer, asked.index(), time), changes, soonest);
        }
      }
      case Consequence.Decided decided -> forget(decided, changes);
      case Consequence.Ended ended -> {}
      case Consequence.Closed closed -> decline(closed, time, changes, soonest);
    }
  }

  /**
   * Nobody waits for what can only be declined. An offer whose own row is written at the same
   * moment is missed, and runs out.
   */
  private void decline(
      Consequence.Closed closed, long time, Changes changes, Map<ChainId, Long> soonest) {
    waiting(
        closed.chain(),
        transfer -> {
          Log origin = chains.log(transfer.origin());
          Offer offer = origin == null ? null : origin.offer(transfer.index());
          if (offer != null && (closed.account() == null || offer.to().equals(closed.account()))) {
            note(atOnce(offer, OutcomeKind.REJECTED, time), changes, soonest);
          }
        });
  }

  /** How the receiver's chain would end it without being asked by its receiver; null for not. */
  private @Nullable OutcomeKind unasked(Offer offer) {
    LedgerState receiver = chains.served(offer.to().chain());
    Row.Head head = receiver == null ? null : receiver.head();
    if (receiver == null || head == null) {
      return null;
    }
    Row.Account account = receiver.get(new Key.OfAccount(offer.to()));
    if (head.closed() || account != null && account.standing().closed()) {
      return OutcomeKind.REJECTED;
    }
    return account != null && account.standing().autoReceive().compareTo(offer.amount()) >= 0
        ? OutcomeKind.RECEIVED
        : null;
  }

  private static Waiting atOnce(Offer offer, OutcomeKind kind, long time) {
    TransferId transfer = offer.transfer();
    return new Waiting(offer.to().chain(), time, kind, transfer, transfer.index(), time);
  }

  /**
   * A chain that has decided need not be asked. If its leaf is read before the send is, the row is
   * found and dropped when it is due. What another chain decides is of another history of the
   * origin, or a lie, and ends nothing.
   */
  private void forget(Consequence.Decided decided, Changes changes) {
    TransferId transfer = decided.transfer();
    Log origin = chains.log(transfer.origin());
    Offer offer = origin == null ? null : origin.offer(transfer.index());
    if (offer != null
        && offer.to().chain().equals(decided.by())
        && chains.served(decided.by()) != null) {
      changes.delete(Rows.Table.DUE, expiry(offer).key());
    }
  }

  private void note(Waiting waiting, Changes changes, Map<ChainId, Long> soonest) {
    if (chains.served(waiting.receiver) != null) {
      waiting.put(changes);
      soonest.merge(waiting.receiver, waiting.due, Math::min);
    }
  }

  /** A look at what is due at one chain, with what must be asked of it. */
  public final class Look implements Step {
    private final long now;
    private final Changes changes = new Changes();
    private final List<Request> requests = new ArrayList<>();
    private final List<Waiting> asked = new ArrayList<>();
    private long then;

    private Look(long now, long then) {
      this.now = now;
      this.then = then;
    }

    /** When to look again at the latest; known when the step is finished. */
    public long then() {
      return then;
    }

    @Override
    public List<Request> requests() {
      return requests;
    }

    @Override
    public boolean finish(BitSet done) {
      for (int i = 0; i < asked.size(); i++) {
        if (done.get(i)) {
          changes.delete(Rows.Table.DUE, asked.get(i).key());
        } else {
          later(asked.get(i));
        }
      }
      rows.write(changes);
      return then <= now;
    }

    private void later(Waiting waiting) {
      Waiting again = waiting.again(now);
      changes.delete(Rows.Table.DUE, waiting.key());
      again.put(changes);
      then = Math.min(then, again.due);
    }

    private void ask(ChainId receiver, ChainId origin, List<Waiting> waiting) {
      long needed = waiting.stream().mapToLong(Waiting::leaf).max().orElseThrow() + 1;
      Relay.Cover cover = relay.cover(receiver, origin, needed);
      Log log = chains.log(origin);
      if (cover == null || log == null) {
        waiting.forEach(this::later);
        return;
      }
      List<Action.RecordCheckpoint> first = cover.first();
      for (Waiting one : waiting) {
        Action.Proof proof = receiver.equals(origin) ? null : log.proof(one.leaf, cover.size());
        Action.Citation citation = new Action.Citation(one.leaf, cover.size(), proof);
        Action conclude = new Action.Conclude(one.transfer, one.kind, citation);
        requests.add(Request.of(receiver, first, conclude));
        asked.add(one);
        first = List.of();
      }
    }
  }

  /**
   * What is due at a chain that is served here.
   *
   * @param from nothing is due before, ms
   * @param now by the clock of the chain's leader, ms
   */
  public Look next(ChainId receiver, long from, long now) {
    LedgerState state = chains.served(receiver);
    List<Waiting> due = due(receiver, from, now, AT_ONCE_MAX);
    Look look =
        new Look(now, due.size() < AT_ONCE_MAX ? nextDue(receiver, now) : due.getLast().due);
    Map<ChainId, List<Waiting>> open = new LinkedHashMap<>();
    for (Waiting waiting : due) {
      if (state != null && state.get(new Key.OfOutcome(waiting.transfer)) != null) {
        look.changes.delete(Rows.Table.DUE, waiting.key());
      } else {
        open.computeIfAbsent(waiting.transfer.origin(), any -> new ArrayList<>()).add(waiting);
      }
    }
    open.forEach((origin, waiting) -> look.ask(receiver, origin, waiting));
    return look;
  }

  /**
   * Makes what waits to be asked again due as it was before it was put off: whoever did so did not
   * ask the chain itself, or had a wrong clock.
   */
  public void hasten(ChainId receiver, long now) {
    for (long from = now + 1; ; ) {
      List<Waiting> later = due(receiver, from, Long.MAX_VALUE - 1, AT_ONCE_MAX);
      Changes changes = new Changes();
      for (Waiting one : later) {
        long due = Math.max(one.since, now);
        if (one.due > due) {
          changes.delete(Rows.Table.DUE, one.key());
          new Waiting(receiver, due, one.kind, one.transfer, one.leaf, one.since).put(changes);
        }
      }
      rows.write(changes);
      if (later.size() < AT_ONCE_MAX) {
        return;
      }
      from = later.getLast().due + 1; // of more at one millisecond the rest waits as it would have
    }
  }

  private long nextDue(ChainId receiver, long now) {
    List<Waiting> next = due(receiver, now + 1, now + LOOK_AHEAD_MILLIS, 1);
    return next.isEmpty() ? now + LOOK_AHEAD_MILLIS : next.getFirst().due;
  }

  private List<Waiting> due(ChainId receiver, long from, long to, int limit) {
    List<Waiting> found = new ArrayList<>();
    rows.scan(
        Rows.Table.DUE,
        RowKey.of(receiver, from),
        RowKey.of(receiver, to + 1),
        (key, value) -> {
          found.add(Waiting.of(key, value));
          return found.size() < limit;
        });
    return found;
  }

  /** Transfers to this chain that may have to be concluded: their sends are still evidence. */
  public void waiting(ChainId receiver, Consumer<TransferId> visitor) {
    byte[] all = RowKey.of(receiver);
    rows.scan(
        Rows.Table.DUE,
        all,
        RowKey.after(all),
        (key, value) -> {
          visitor.accept(Waiting.of(key, value).transfer);
          return true;
        });
  }
}
