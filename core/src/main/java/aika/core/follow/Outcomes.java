package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the municipalities' approved leaves for the chains that are served here. Decisions are
 * settled as they are read; what an origin does not take goes into its {@link Outbox}, in one write
 * with the cursor, so that a backlog never delays what is fresh. For the same reason a long way
 * behind the end of a chain is set aside as a {@link Span} and read in parts of its own. What may
 * have to be concluded later is noted for {@link Endings}. Leaves may be read in any order.
 */
public final class Outcomes {
  private static final String NAME = "outcomes";

  /** More leaves than these are not read at once: they are set aside. */
  public static final int FRESH_LEAVES_MAX = 2_000;

  /** Of what was set aside, read at once. */
  private static final int OLDER_LEAVES_MAX = 250;

  private final Chains chains;
  private final Rows rows;
  private final Endings endings;
  private final Relay relay;
  private final Cursors cursors;
  private final Spans older;
  private final int freshMax;

  public Outcomes(Chains chains, Directory directory, Rows rows, Endings endings) {
    this(chains, directory, rows, endings, FRESH_LEAVES_MAX);
  }

  /**
   * @param freshMax how many unread leaves are still fresh
   */
  public Outcomes(Chains chains, Directory directory, Rows rows, Endings endings, int freshMax) {
    this.chains = chains;
    this.rows = rows;
    this.endings = endings;
    this.relay = new Relay(chains, directory);
    this.cursors = new Cursors(rows, NAME);
    this.older = new Spans(rows, NAME);
    this.freshMax = freshMax;
  }

  /** How many leaves of this chain were dealt with. */
  public long seen(ChainId municipality) {
    return cursors.of(municipality) - older.leaves(municipality);
  }

  /** The first leaf of this chain that was not dealt with. */
  public long first(ChainId municipality) {
    Spans.Span span = older.first(municipality);
    return span == null ? cursors.of(municipality) : span.from();
  }

  /** Some leaves that were read, and what they ask of other chains. */
  public final class Reading implements Step {
    private final Changes changes = new Changes();
    private final List<Request> requests = new ArrayList<>();
    private final Map<ChainId, Long> soonest = new HashMap<>();
    private final Set<ChainId> kept = new LinkedHashSet<>();
    private boolean aside;

    /** Of the sends that were read; whether their decisions wait is looked up once for each. */
    private final Set<ChainId> receivers = new HashSet<>();

    /**
     * Origins whose decisions went into their outbox without being asked, or wait there for a send
     * that was read now.
     */
    public Set<ChainId> kept() {
      return kept;
    }

    /** Whether leaves were set aside instead of read. */
    public boolean aside() {
      return aside;
    }

    /** When something is due next at each receiver's chain, ms; not before the step is finished. */
    public Map<ChainId, Long> soonest() {
      return soonest;
    }

    @Override
    public List<Request> requests() {
      return requests;
    }

    @Override
    public boolean finish(BitSet done) {
      for (int i = 0; i < requests.size(); i++) {
        Request request = requests.get(i);
        if (!done.get(i) && request.last() instanceof Action.Settle settle) {
          Outbox.keep(changes, request.chain(), settle.from(), settle.items());
        }
      }
      rows.write(changes);
      return true;
    }
  }

  /**
   * Reads on in this chain, or sets aside what is too much to be read at once; null when all that
   * is approved was read or set aside.
   */
  public @Nullable Reading next(ChainId municipality) {
    Log log = chains.log(municipality);
    long from = cursors.of(municipality);
    long to = log == null ? 0 : log.readable();
    if (log == null || from >= to) {
      return null;
    }
    Reading reading;
    if (to - from > freshMax) {
      reading = new Reading();
      reading.aside = true;
      older.add(reading.changes, municipality, new Spans.Span(from, to));
    } else {
      reading = read(municipality, log, from, to);
    }
    cursors.set(reading.changes, municipality, to);
    return reading;
  }

  /** Reads some of what was set aside of this chain; null when nothing is. */
  public @Nullable Reading older(ChainId municipality) {
    Log log = chains.log(municipality);
    Spans.Span span = older.first(municipality);
    if (log == null || span == null) {
      return null;
    }
    long to = Math.min(span.to(), Math.min(log.readable(), span.from() + OLDER_LEAVES_MAX));
    if (span.from() >= to) {
      return null;
    }
    Reading reading = read(municipality, log, span.from(), to);
    older.shorten(reading.changes, municipality, span, to);
    return reading;
  }

  private Reading read(ChainId municipality, Log log, long from, long to) {
    Reading reading = new Reading();
    Map<ChainId, List<Action.Item>> decided = new LinkedHashMap<>();
    for (long i = from; i < to; i++) {
      read(municipality, log, i, reading, decided);
    }
    decided.forEach((origin, items) -> {
      long size = Outbox.leaves(chains, origin);
      List<Action.Item> early = items.stream().filter(item -> item.hold() >= size).toList();
      Outbox.keep(reading.changes, origin, municipality, early);
      items.removeAll(early);
      if (!items.isEmpty()) {
        settle(reading, origin, municipality, log, items);
      }
    });
    return reading;
  }

  private void read(
      ChainId chain, Log log, long i, Reading reading, Map<ChainId, List<Action.Item>> decided) {
    Entry entry = log.entry(i);
    for (Consequence found : Consequence.of(chain, entry)) {
      if (found instanceof Consequence.Decided decision
          && chains.served(decision.transfer().origin()) != null) {
        decided
            .computeIfAbsent(decision.transfer().origin(), any -> new ArrayList<>())
            .add(new Action.Item(decision.transfer().index(), i, null));
      }
      if (found instanceof Consequence.Offered offered
          && chains.served(chain) != null
          && reading.receivers.add(offered.offer().to().chain())
          && Outbox.holds(rows, chain, offered.offer().to().chain())) {
        reading.kept.add(chain);
      }
      endings.read(log, found, entry.leaf().time(), reading.changes, reading.soonest);
    }
  }

  private void settle(
      Reading reading, ChainId origin, ChainId from, Log decider, List<Action.Item> items) {
    Relay.Cover cover = relay.cover(origin, from, items.getLast().index() + 1);
    if (cover == null) {
      Outbox.keep(reading.changes, origin, from, items);
      reading.kept.add(origin);
    } else {
      reading.requests.addAll(Outbox.requests(origin, from, decider, cover, items));
    }
  }
}
