package aika.core.ledger;

import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.note.Sha256;
import aika.core.note.SignatureScheme;
import aika.core.note.Utf8;
import aika.core.note.VerifierKey;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The representatives of a chain in one term. More than two thirds of the seats must cosign a
 * checkpoint to approve it. Immutable, compared by value.
 */
public final class Seats {
  public static final int SEATS_MAX = 7;

  private final long term;
  private final List<VerifierKey> keys;
  private final Hash hash;

  /**
   * @param term number of the term, from 1
   * @param keys the seats' ML-DSA-44 keys (type 0x06), named; 1, 4, 5 or 7. Seats of different
   *     municipalities may have one key: one of them has no use for it, since a cosignature commits
   *     to the name
   */
  public Seats(long term, List<VerifierKey> keys) {
    this.term = term;
    this.keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > SEATS_MAX) {
      throw new IllegalArgumentException("a term has 1 to " + SEATS_MAX + " seats");
    }
    if (keys.stream().anyMatch(key -> key.type() != Cosignature.TYPE)) {
      throw new IllegalArgumentException("a seat's key has type 0x06");
    }
    distinct(keys, true);
    hash = hash(this.keys);
  }

  /** Who is listed twice, under one name or with one key, would count twice. */
  static void distinct(List<VerifierKey> keys) {
    distinct(keys, false);
  }

  private static void distinct(List<VerifierKey> keys, boolean acrossOwners) {
    for (int i = 0; i < keys.size(); i++) {
      VerifierKey key = keys.get(i);
      for (VerifierKey other : keys.subList(0, i)) {
        boolean apart = acrossOwners && !owner(other).equals(owner(key));
        if (other.name().equals(key.name())
            || !apart && Arrays.equals(other.publicKey(), key.publicKey())) {
          throw new IllegalArgumentException("two share a name or a key: " + other.name());
        }
      }
    }
  }

  /** Whose seat it is: a municipality's seats are named {@code <its origin>/<seat>}. */
  private static String owner(VerifierKey key) {
    return key.name().substring(0, Math.max(0, key.name().lastIndexOf('/')));
  }

  /** How many seats approve: more than two thirds. */
  public int quorum() {
    return keys.size() * 2 / 3 + 1;
  }

  public long term() {
    return term;
  }

  public List<VerifierKey> keys() {
    return keys;
  }

  /** SHA-256 of the set's text: a first line {@code aika/seats/v1}, then a vkey a line. */
  public Hash hash() {
    return hash;
  }

  private static Hash hash(List<VerifierKey> keys) {
    StringBuilder text = new StringBuilder("aika/seats/v1\n");
    for (VerifierKey key : keys) {
      text.append(key.format()).append('\n');
    }
    return Hash.of(Sha256.of(Utf8.encode(text.toString())));
  }

  /**
   * When a quorum approved the checkpoint: the latest timestamp among its valid cosignatures, in
   * seconds since 1970; empty when too few seats cosigned. Unknown and invalid lines do not count.
   */
  public OptionalLong approvedAt(SignedCheckpoint checkpoint, SignatureScheme cosignatures) {
    List<Cosignature> valid = Cosignature.verified(checkpoint, keys, cosignatures);
    return valid.size() < quorum()
        ? OptionalLong.empty()
        : valid.stream().mapToLong(Cosignature::timestampSeconds).max();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Seats that && term == that.term && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "term " + term + ": " + keys;
  }
}
