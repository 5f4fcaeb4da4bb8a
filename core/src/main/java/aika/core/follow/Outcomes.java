package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the municipalities' approved leaves for the chains that are served here. Decisions are
 * settled as they are read; what an origin does not take goes into its {@link Outbox}, in one write
 * with the cursor, so that a backlog never delays what is fresh. What may have to be concluded
 * later is noted for {@link Endings}.
 */
public final class Outcomes {
  private static final String NAME = "outcomes";
  private static final int LEAVES_MAX = 20_000;

  private final Chains chains;
  private final Rows rows;
  private final Endings endings;
  private final Relay relay;
  private final Cursors cursors;

  public Outcomes(Chains chains, Directory directory, Rows rows, Endings endings) {
    this.chains = chains;
    this.rows = rows;
    this.endings = endings;
    this.relay = new Relay(chains, directory);
    this.cursors = new Cursors(rows, NAME);
  }

  /** Leaves of this chain that were dealt with. */
  public long seen(ChainId municipality) {
    return cursors.of(municipality);
  }

  /** Some leaves that were read, and what they ask of other chains. */
  public final class Reading implements Step {
    private final Changes changes = new Changes();
    private final List<Request> requests = new ArrayList<>();
    private final Map<ChainId, Long> soonest = new HashMap<>();

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

  /** Reads on in this chain; null when all that is approved was read. */
  public @Nullable Reading next(ChainId municipality) {
    Log log = chains.log(municipality);
    long from = cursors.of(municipality);
    long to = log == null ? 0 : Math.min(log.readable(), from + LEAVES_MAX);
    if (log == null || from >= to) {
      return null;
    }
    Reading reading = new Reading();
    Map<ChainId, List<Action.Item>> decided = new LinkedHashMap<>();
    for (long i = from; i < to; i++) {
      read(municipality, log, i, reading, decided);
    }
    decided.forEach((origin, items) -> settle(reading, origin, municipality, log, items));
    cursors.set(reading.changes, municipality, to);
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
      endings.read(log, found, entry.leaf().time(), reading.changes, reading.soonest);
    }
  }

  private void settle(
      Reading reading, ChainId origin, ChainId from, Log decider, List<Action.Item> items) {
    Relay.Cover cover = relay.cover(origin, from, items.getLast().index() + 1);
    if (cover == null) {
      Outbox.keep(reading.changes, origin, from, items);
    } else {
      reading.requests.addAll(Outbox.requests(origin, from, decider, cover, items));
    }
  }
}
