package aika.core.follow;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes each municipality's approved blocks to its continental main chain, which records them. The
 * continental chain itself is the cursor: what it has recorded is not passed again.
 */
public final class Anchoring {
  private final Chains chains;
  private final Relay relay;

  public Anchoring(Chains chains, Directory directory) {
    this.chains = chains;
    this.relay = new Relay(chains, directory);
  }

  /** Leaves of this municipality that its continental main chain has recorded. */
  public long seen(ChainId municipality) {
    LedgerState continent = chains.served(municipality.continent());
    Row.Latest latest = continent == null ? null : continent.get(new Key.OfLatest(municipality));
    return latest == null ? 0 : latest.size();
  }

  /** The municipality's next anchor, or null when its continent has it or is not served here. */
  public @Nullable Step next(ChainId municipality) {
    ChainId continent = municipality.continent();
    Log log = chains.log(municipality);
    SignedCheckpoint approved = log == null ? null : log.approved();
    if (approved == null || chains.served(continent) == null) {
      return null;
    }
    Relay.Cover cover = relay.cover(continent, municipality, approved.checkpoint().size());
    return cover == null || cover.first().isEmpty()
        ? null
        : new Anchor(List.of(new Request(continent, List.copyOf(cover.first()))));
  }

  private record Anchor(List<Request> requests) implements Step {
    @Override
    public boolean finish(BitSet done) {
      return !done.isEmpty();
    }
  }
}
