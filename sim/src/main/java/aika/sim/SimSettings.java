package aika.sim;

import aika.core.ledger.Policy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

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
    out.append(" --adversary ").append(Adversary.text(adversaries));
    if (!faults.equals(standard.faults)) {
      out.append(" --faults ").append(faults.text());
    }
    return out.toString();
  }

  public SimSettings withFaults(Faults other) {
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
        other,
        adversaries);
  }

  public SimSettings withPlaces(int newMunicipalities, int newContinents) {
    return new SimSettings(
        seed,
        newMunicipalities,
        newContinents,
        accounts,
        transfers,
        sendsPerSecond,
        seats,
        separateSeats,
        Math.min(replicatedChains, newMunicipalities),
        blockEntries,
        termBlocks,
        siblings,
        keepLogs,
        faults,
        adversaries);
  }

  /** Whether every municipality follows every other from the beginning. */
  boolean followsAll() {
    return municipalities <= FOLLOW_ALL_MAX;
  }

  public SimSettings withTraffic(int newAccounts, int newSendsPerSecond) {
    return new SimSettings(
        seed,
        municipalities,
        continents,
        newAccounts,
        transfers,
        newSendsPerSecond,
        seats,
        separateSeats,
        replicatedChains,
        blockEntries,
        termBlocks,
        siblings,
        keepLogs,
        faults,
        adversaries);
  }

  public SimSettings withSeats(int newSeats, int newSeparateSeats, int newReplicatedChains) {
    return new SimSettings(
        seed,
        municipalities,
        continents,
        accounts,
        transfers,
        sendsPerSecond,
        newSeats,
        newSeparateSeats,
        newReplicatedChains,
        blockEntries,
        termBlocks,
        siblings,
        keepLogs,
        faults,
        adversaries);
  }

  public SimSettings withBlockEntries(int entries) {
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
        entries,
        termBlocks,
        siblings,
        keepLogs,
        faults,
        adversaries);
  }

  public SimSettings withTermBlocks(int blocks) {
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
        blocks,
        siblings,
        keepLogs,
        faults,
        adversaries);
  }

  public SimSettings withKeepLogs(boolean keep) {
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
        keep,
        faults,
        adversaries);
  }

  public SimSettings withSiblings(boolean shared) {
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
        shared,
        keepLogs,
        faults,
        adversaries);
  }

  /** With these against it; all leaves are kept then. */
  public SimSettings withAdversaries(Set<Adversary> some) {
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
        keepLogs || !some.isEmpty(),
        faults,
        some);
  }
}
