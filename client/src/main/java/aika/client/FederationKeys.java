package aika.client;

import aika.core.approval.Receipt;
import aika.core.approval.Succession;
import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.VerifierKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom to believe: the keys of the chains that matter, as they stand in the federation file. Get
 * them from somebody whom you trust, not from the gateway that you ask. Immutable; safe for use by
 * several threads.
 */
public final class FederationKeys {
  private static final int KEY_CACHE_ENTRIES = 64;
  private static final Hash NO_FILE = Hash.of(new byte[Hash.BYTES]);

  private final String federation;
  private final Map<ChainId, Directory.Entry> chains;
  private final Ed25519 logSignatures = new Ed25519(KEY_CACHE_ENTRIES);
  private final MlDsa44 cosignatures = new MlDsa44();

  private FederationKeys(String federation, Map<ChainId, Directory.Entry> chains) {
    this.federation = federation;
    this.chains = Map.copyOf(chains);
  }

  /**
   * Knows no chain yet.
   *
   * @param federation the federation's id, as in {@code aika.example}
   */
  public static FederationKeys of(String federation) {
    return new FederationKeys(federation, Map.of());
  }

  /**
   * These and a chain's.
   *
   * @param term of the representatives, from 1
   * @param log the verifier key of the chain's log: {@code name+hash+base64}
   * @param seats the verifier keys of all representatives, in the order of the federation file
   * @throws aika.core.note.MalformedException when one is not a verifier key
   * @throws IllegalArgumentException when they cannot be the keys of this chain
   */
  public FederationKeys with(ChainId chain, long term, String log, List<String> seats) {
    VerifierKey logKey = VerifierKey.parse(log);
    if (!logKey.name().equals(federation + "/" + chain) || logKey.type() != Ed25519.TYPE) {
      throw new IllegalArgumentException(logKey.name() + " is not the log key of " + chain);
    }
    Seats elected = new Seats(term, seats.stream().map(VerifierKey::parse).toList());
    Map<ChainId, Directory.Entry> more = new HashMap<>(chains);
    Directory.Entry before = chains.get(chain);
    Directory.Quorum recovery = before == null ? null : before.recovery();
    more.put(chain, new Directory.Entry(chain, logKey, elected, List.of(), List.of(), recovery));
    return new FederationKeys(federation, more);
  }

  /**
   * These, and the offline keys that may seat a chain's representatives when its own no longer can.
   * Without them, whom they have seated is not believed.
   *
   * @param chain whose other keys are known already
   * @param threshold how many of the keys must sign
   * @param recovery verifier keys: {@code name+hash+base64}
   * @throws aika.core.note.MalformedException when one is not a verifier key
   * @throws IllegalArgumentException when they are no quorum, or the chain is not known
   */
  public FederationKeys withRecovery(ChainId chain, int threshold, List<String> recovery) {
    Directory.Entry keys = known(chain);
    List<VerifierKey> quorum = recovery.stream().map(VerifierKey::parse).toList();
    for (VerifierKey key : quorum) {
      if (!key.name().startsWith(keys.logKey().name() + '/') || key.type() != Ed25519.TYPE) {
        throw new IllegalArgumentException(key.name() + " is no recovery key of " + chain);
      }
    }
    Map<ChainId, Directory.Entry> more = new HashMap<>(chains);
    more.put(
        chain,
        new Directory.Entry(
            chain,
            keys.logKey(),
            keys.seats(),
            keys.issuers(),
            keys.registrars(),
            new Directory.Quorum(threshold, quorum)));
    return new FederationKeys(federation, more);
  }

  private Directory.Entry known(ChainId chain) {
    Directory.Entry keys = chains.get(chain);
    if (keys == null) {
      throw new IllegalArgumentException("no keys of " + chain);
    }
    return keys;
  }

  /**
   * Checks a receipt. It needs no gateway.
   *
   * @throws ClientException {@code PROOF_INVALID}
   */
  public Receipt receipt(byte[] receipt) {
    // The limits by which the chains execute have nothing to do with receipts.
    Directory directory = new Directory(federation, NO_FILE, Policy.standard(), chains);
    return switch (Receipt.check(receipt, directory, logSignatures, cosignatures)) {
      case Receipt.Result.Proven proven -> proven.receipt();
      case Receipt.Result.Refused refused ->
          throw ClientException.invalid(refused.part() + " " + refused.what());
    };
  }

  /** Who sits on a chain, from the term that these keys know on. */
  Succession succession(ChainId chain) {
    return new Succession(federation, known(chain), logSignatures, cosignatures);
  }

  /**
   * Checks that the chain's log and more than two thirds of these representatives signed.
   *
   * @throws ClientException {@code PROOF_INVALID}
   */
  void check(ChainId chain, SignedCheckpoint checkpoint, Seats seats) {
    if (!checkpoint.isSignedByLog(known(chain).logKey(), logSignatures)) {
      throw ClientException.invalid("the checkpoint is not signed by the log of " + chain);
    }
    int signed = Cosignature.verified(checkpoint, seats.keys(), cosignatures).size();
    if (signed < seats.quorum()) {
      throw ClientException.invalid(
          signed + " of " + seats.keys().size() + " representatives signed");
    }
  }
}
