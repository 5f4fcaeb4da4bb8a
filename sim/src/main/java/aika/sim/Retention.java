package aika.sim;

import aika.core.ledger.Entry;
import aika.core.ledger.OutcomeKind;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps memory bounded in long runs: leaves that no follower and no cosigner needs any more, and
 * that no later leaf of another chain can cite, are audited, recounted and dropped.
 */
final class Retention {
  private final World world;
  private final Map<ChainId, Recount> recounts = new LinkedHashMap<>();
  private @Nullable Plan plan;

  /** Leaves to drop once every separate cosigner has kept what the chains had executed then. */
  private record Plan(Map<ChainId, Long> drops, Map<ChainId, Long> sizes) {}

  Retention(World world) {
    this.world = world;
  }

  Recount recount(ChainId chain) {
    return recounts.computeIfAbsent(chain, Recount::new);
  }

  void advance() {
    Plan now = plan;
    if (now == null) {
      plan = newPlan();
    } else if (passed(now)) {
      world.auditor().audit(); // what is dropped can never be audited again
      now.drops.forEach(this::drop);
      plan = null;
    }
  }

  /** Whether all that was there when the plan was made is executed, kept and approved. */
  private boolean passed(Plan plan) {
    return world.representatives().stream()
            .allMatch(seat -> seat.keptSize() >= plan.sizes.getOrDefault(seat.chainId(), 0L))
        && world.chains().stream()
            .allMatch(chain -> chain.approvedSize() >= plan.sizes.getOrDefault(chain.id(), 0L));
  }

  private Plan newPlan() {
    Map<ChainId, Long> drops = new LinkedHashMap<>();
    Map<ChainId, Long> sizes = new LinkedHashMap<>();
    for (Chain chain : world.chains()) {
      long needed = chain.approvedSize();
      for (LogReader reader : world.logReaders()) {
        if (reader.follows(chain.id())) {
          needed = Math.min(needed, reader.needs(chain.id()));
          needed = Math.min(needed, chain.neededBy(world.chain(reader.self)));
        }
      }
      long bundles = needed / TilePath.FULL_WIDTH * TilePath.FULL_WIDTH; // published whole
      drops.put(chain.id(), Math.max(bundles, chain.firstKept()));
      sizes.put(chain.id(), chain.size());
    }
    return new Plan(drops, sizes);
  }

  private void drop(ChainId id, long to) {
    Recount recount = recount(id);
    for (Entry entry : world.chain(id).drop(to)) {
      recount.leaf(entry.bytes());
    }
  }

  /** Recounts what is left and compares every sum with the books that were kept on the way. */
  void recountAll() {
    long sent = 0;
    long persons = 0;
    long issued = 0;
    Counts counts = world.counts();
    long[] decided = new long[4];
    String[] orders = {"receive", "reject"}; // the receiver's; all others are concluded
    String[] outcomes = {"received", "rejected", "cancelled", "expired"};
    long[] ended = new long[4];
    for (Chain chain : world.chains()) {
      drop(chain.id(), chain.size());
      Recount recount = recount(chain.id());
      check(chain, recount);
      persons += recount.persons();
      issued -= recount.balance("~issued");
      sent += Recount.SENDS.stream().mapToLong(recount::count).sum();
      for (int i = 0; i < outcomes.length; i++) {
        decided[i] += recount.count(outcomes[i]);
        decided[i] += i < orders.length ? recount.count(orders[i]) : 0;
        ended[i] += recount.ended(outcomes[i]);
      }
    }
    long[] incremental = {counts.received, counts.rejected, counts.cancelled, counts.expired};
    for (int i = 0; i < outcomes.length; i++) {
      long unmatched = world.audit().unmatched(OutcomeKind.of(outcomes[i]));
      Violation.unless(
          decided[i] == incremental[i] + unmatched && ended[i] == incremental[i],
          "recounted " + decided[i] + " and " + ended[i] + " of " + outcomes[i]);
    }
    Violation.unless(sent == counts.sent, "recounted " + sent + " sends of " + counts.sent);
    long known = issued + world.audit().minted();
    Violation.unless(persons == known, "recounted " + persons + " of " + known + " issued");
  }

  private void check(Chain chain, Recount recount) {
    String where = "recount of " + chain.id() + ": ";
    Books books = world.audit().books(chain.id());
    Violation.unless(
        recount.size() == chain.size() && recount.root().equals(chain.root()), where + "root");
    Violation.unless(
        recount.persons() == books.persons()
            && recount.balance("~holds") == books.holds()
            && recount.openHolds() == 0
            && books.holds() == 0,
        where + "sums");
    long all = recount.persons() + recount.clearing() + recount.balance("~issued");
    Violation.unless(all == books.minted(), where + "conservation");
    for (Wallet wallet : world.wallets()) {
      if (wallet.account().chain().equals(chain.id())) {
        long counted = recount.balance(wallet.account().local());
        Violation.unless(
            counted == books.balance(wallet.account())
                && counted == chain.balance(wallet.account()),
            where + wallet.account());
      }
    }
  }
}
