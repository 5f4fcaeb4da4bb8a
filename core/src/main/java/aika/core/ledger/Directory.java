package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is who in the federation: every chain with its keys and seats, from the federation file.
 *
 * @param federation the federation's id, a line of every order
 * @param fileHash SHA-256 of the federation file; leaf 0 of a chain that begins logs it
 * @param earlierFiles the same of the files that this one replaced, which lacked some of its chains
 *     and differed in nothing else: leaf 0 of the chains that began with them logs one of these
 */
public record Directory(
    String federation,
    Hash fileHash,
    List<Hash> earlierFiles,
    Policy policy,
    Map<ChainId, Entry> chains) {

  /**
   * @param seats the first term's representatives
   * @param logKey the chain's Ed25519 log key, named as its origin
   * @param issuers keys of which two must sign an issue; empty on a continental chain
   * @param registrars keys of which one countersigns an account's opening
   * @param recovery who decides when the representatives no longer can; null for nobody
   */
  public record Entry(
      ChainId id,
      VerifierKey logKey,
      Seats seats,
      List<VerifierKey> issuers,
      List<VerifierKey> registrars,
      @Nullable Quorum recovery) {
    public Entry(
        ChainId id,
        VerifierKey logKey,
        Seats seats,
        List<VerifierKey> issuers,
        List<VerifierKey> registrars) {
      this(id, logKey, seats, issuers, registrars, null);
    }

    /** The same with the representatives of another term. */
    public Entry with(Seats sitting) {
      return new Entry(id, logKey, sitting, issuers, registrars, recovery);
    }

    public Entry {
      issuers = List.copyOf(issuers);
      registrars = List.copyOf(registrars);
      Seats.distinct(issuers);
      Seats.distinct(registrars);
    }
  }

  /**
   * Offline keys that together may seat representatives or close a chain when its own
   * representatives no longer can.
   *
   * @param threshold how many of {@code keys} must sign; more than half, so that two disjoint
   *     groups cannot decide differently
   * @param keys Ed25519
   */
  public record Quorum(int threshold, List<VerifierKey> keys) {
    public static final int KEYS_MAX = 15;

    public Quorum {
      keys = List.copyOf(keys);
      Seats.distinct(keys);
      if (threshold <= keys.size() / 2 || threshold > keys.size() || keys.size() > KEYS_MAX) {
        throw new IllegalArgumentException("more than half of at most " + KEYS_MAX + " keys");
      }
    }
  }

  public Directory {
    earlierFiles = List.copyOf(earlierFiles);
    chains = Map.copyOf(chains);
  }

  /** With a federation file that is the first. */
  public Directory(String federation, Hash fileHash, Policy policy, Map<ChainId, Entry> chains) {
    this(federation, fileHash, List.of(), policy, chains);
  }

  /** Whether a chain that began with this file is one of this federation. */
  public boolean isFile(Hash file) {
    return file.equals(fileHash) || earlierFiles.contains(file);
  }

  public @Nullable Entry find(ChainId id) {
    return chains.get(id);
  }

  /** The entry of a chain that is known to be in the directory. */
  public Entry entry(ChainId id) {
    Entry found = chains.get(id);
    if (found == null) {
      throw new IllegalArgumentException("not in the directory: " + id);
    }
    return found;
  }

  /** A chain's log origin: {@code <federation>/<chain>}. */
  public String origin(ChainId id) {
    return federation + '/' + id.value();
  }
}
