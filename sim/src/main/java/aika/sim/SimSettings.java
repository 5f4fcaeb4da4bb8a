package aika.sim;

import aika.core.ledger.Policy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is simulated. Two runs with equal settings are equal, event by event.
 *
 * @param seed of everything random
 * @param municipalities municipal chains, spread evenly over the continents
 * @param continents continental chains, 1 to 11
 * @param accounts residents of each municipality
 * @param transfers sends to be accepted before the run winds down
 * @param sendsPerSecond sends that residents try, in virtual time
 * @param seats seats of each chain: 1, 4, 5 or 7
 * @param separateSeats how many of them are held by cosigners that execute for themselves
 * @param replicatedChains municipalities that have such separate seats; the others' are all held by
 *     the node that orders
 * @param blockEntries leaves of a full block
 * @param termBlocks blocks of a term, after which others are elected
 * @param siblings whether the municipalities of every other continent share one shard, so that
 *     evidence between them is cited and not carried
 * @param keepLogs whether every leaf stays in memory until the final recount; if not, leaves that
 *     nobody needs are recounted and dropped on the way; with many municipalities all are kept
 * @param upheavals as far as there are towns of which no adversary takes hold
 * @param adversaries who is against the federation; with any, all leaves are kept
 */
public record SimSettings(
    long seed,
    int municipalities,
    int continents,
    int accounts,
    long transfers,
    int sendsPerSecond,
    int seats,
    int separateSeats,
    int replicatedChains,
    int blockEntries,
    int termBlocks,
    boolean siblings,
    boolean keepLogs,
    Faults faults,
    Upheavals upheavals,
    Set<Adversary> adversaries) {

  /** From here on leaves are dropped on the way and few chains are executed twice. */
  private static final long SMALL_TRANSFERS_MAX = 50_000;

  private static final int MUNICIPALITIES_MAX = 25_000;

  /** With more, each follows only those with which it deals: all by all would be millions. */
  private static final int FOLLOW_ALL_MAX = 200;

  public SimSettings {
    boolean places = municipalities >= 1 && municipalities <= MUNICIPALITIES_MAX;
    if (!places || accounts < 2 || accounts > 10_000) {
      throw new IllegalArgumentException("1 to 25,000 municipalities of 2 to 10,000 accounts");
    }
    if (continents < 1 || continents > Federation.CONTINENTS_MAX || continents > municipalities) {
      throw new IllegalArgumentException("1 to 11 continents, each with a municipality");
    }
    if (transfers < 1 || sendsPerSecond < 1 || sendsPerSecond > 100_000) {
      throw new IllegalArgumentException("at least one transfer, 1 to 100,000 a second");
    }
    if (seats < 1 || seats > 7 || separateSeats < 0 || separateSeats > seats) {
      throw new IllegalArgumentException("1 to 7 seats, of which some may be separate");
    }
    if (termBlocks < 1) {
      throw new IllegalArgumentException("a term has at least one block");
    }
    if (blockEntries < 1 || blockEntries > Policy.BLOCK_ENTRIES_MAX) {
      throw new IllegalArgumentException("a block has 1 to 1,000 leaves");
    }
    if (!upheavals.fit(municipalities, accounts)) {
      throw new IllegalArgumentException("a town has to stay, and in each town a resident");
    }
    if (!keepLogs && !adversaries.isEmpty()) {
      throw new IllegalArgumentException("with adversaries all leaves are kept");
    }
    keepLogs |= municipalities > FOLLOW_ALL_MAX; // who deals with another late reads all of it
    adversaries =
        adversaries.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(adversaries));
  }

  /** Twelve municipalities on four continents with the standard faults. */
  public static SimSettings of(long seed, long transfers) {
    boolean small = transfers <= SMALL_TRANSFERS_MAX;
    return new SimSettings(
        seed,
        12,
        4,
        small ? 20 : 50,
        transfers,
        480,
        4,
        small ? 2 : 1,
        small ? 12 : 2,
        100,
        small ? 15 : 200,
        true,
        small,
        Faults.standard(),
        Upheavals.standard(),
        Set.of());
  }

  /** The options of {@code aika sim} that make the same run again. */
  public String options() {
    SimSettings standard = of(seed, transfers);
    StringBuilder out = new StringBuilder();
    out.append("--seed ").append(seed).append(" --transfers ").append(transfers);
    out.append(" --municipalities ").append(municipalities);
    out.append(" --continents ").append(continents);
    if (seats != standard.seats
        || separateSeats != standard.separateSeats
        || replicatedChains != standard.replicatedChains) {
      out.append(" --seats ").append(seats).append(',').append(separateSeats);
      out.append(',').append(replicatedChains);
    }
    if (accounts != standard.accounts) {
      out.append(" --accounts ").append(accounts);
    }
    if (sendsPerSecond != standard.sendsPerSecond) {
      out.append(" --sends-per-second ").append(sendsPerSecond);
    }
    if (blockEntries != standard.blockEntries) {
      out.append(" --block-entries ").append(blockEntries);
    }
    if (termBlocks != standard.termBlocks) {
      out.append(" --term-blocks ").append(termBlocks);
    }
    if (siblings != standard.siblings) {
      out.append(" --apart");
    }
    if (keepLogs != standard.keepLogs) {
      out.append(" --keep-leaves ").append(keepLogs);
    }
    if (!upheavals.equals(standard.upheavals.within(municipalities, accounts))) {
      out.append(" --upheavals ").append(upheavals.text());
    }
    out.append(" --adversary ").append(Adversary.text(adversaries));
    if (!faults.equals(standard.faults)) {
      out.append(" --faults ").append(faults.text());
    }
    return out.toString();
  }

  /** Whether every municipality follows every other from the beginning. */
  boolean followsAll() {
    return municipalities <= FOLLOW_ALL_MAX;
  }

  public SimSettings withPlaces(int newMunicipalities, int newContinents) {
    return with(draft -> {
      draft.municipalities = newMunicipalities;
      draft.continents = newContinents;
      draft.replicatedChains = Math.min(replicatedChains, newMunicipalities);
      draft.upheavals = upheavals.within(newMunicipalities, accounts);
    });
  }

  public SimSettings withTraffic(int newAccounts, int newSendsPerSecond) {
    return with(draft -> {
      draft.accounts = newAccounts;
      draft.sendsPerSecond = newSendsPerSecond;
      draft.upheavals = upheavals.within(municipalities, newAccounts);
    });
  }

  public SimSettings withSeats(int newSeats, int newSeparateSeats, int newReplicatedChains) {
    return with(draft -> {
      draft.seats = newSeats;
      draft.separateSeats = newSeparateSeats;
      draft.replicatedChains = newReplicatedChains;
    });
  }

  public SimSettings withBlockEntries(int entries) {
    return with(draft -> draft.blockEntries = entries);
  }

  public SimSettings withTermBlocks(int blocks) {
    return with(draft -> draft.termBlocks = blocks);
  }

  public SimSettings withSiblings(boolean shared) {
    return with(draft -> draft.siblings = shared);
  }

  public SimSettings withKeepLogs(boolean keep) {
    return with(draft -> draft.keepLogs = keep);
  }

  public SimSettings withFaults(Faults other) {
    return with(draft -> draft.faults = other);
  }

  public SimSettings withUpheavals(Upheavals other) {
    return with(draft -> draft.upheavals = other);
  }

  /** With these against it; all leaves are kept then. */
  public SimSettings withAdversaries(Set<Adversary> some) {
    return with(draft -> {
      draft.adversaries = some;
      draft.keepLogs |= !some.isEmpty();
    });
  }

  private SimSettings with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.settings();
  }

  /** These settings, while some of them are changed. */
  private final class Draft {
    private int municipalities = SimSettings.this.municipalities;
    private int continents = SimSettings.this.continents;
    private int accounts = SimSettings.this.accounts;
    private int sendsPerSecond = SimSettings.this.sendsPerSecond;
    private int seats = SimSettings.this.seats;
    private int separateSeats = SimSettings.this.separateSeats;
    private int replicatedChains = SimSettings.this.replicatedChains;
    private int blockEntries = SimSettings.this.blockEntries;
    private int termBlocks = SimSettings.this.termBlocks;
    private boolean siblings = SimSettings.this.siblings;
    private boolean keepLogs = SimSettings.this.keepLogs;
    private Faults faults = SimSettings.this.faults;
    private Upheavals upheavals = SimSettings.this.upheavals;
    private Set<Adversary> adversaries = SimSettings.this.adversaries;

    SimSettings settings() {
      return new SimSettings(
          seed,
          municipalities,
          continents,
          accounts,
          transfers,
          sendsPerSecond,
          seats,
          separateSeats,
          replicatedChains,
          blockEntries,
          termBlocks,
          siblings,
          keepLogs,
          faults,
          upheavals,
          adversaries);
    }
  }
}
