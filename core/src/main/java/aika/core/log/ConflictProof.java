package aika.core.log;

import aika.core.note.CanonicalBase64;
import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two checkpoints of one log that cannot both be true: of one size with different roots, or the
 * larger tree begins with another tree than the smaller one. Whoever signed both has shown two
 * histories. The signatures are not checked here. Exactly one encoding is accepted.
 *
 * <p>Specified in docs/spec/seals-and-approval.md.
 *
 * @param first the smaller one
 * @param prefix root of the first leaves of the second, as many as the first has; null when both
 *     have the same size
 * @param consistency RFC 6962 proof from {@code prefix} to the second's root
 */
public record ConflictProof(
    SignedCheckpoint first,
    SignedCheckpoint second,
    @Nullable Hash prefix,
    List<Hash> consistency) {
  /** A leaf has to hold it. */
  public static final int BYTES_MAX = 64_000;

  public static final String FIRST_LINE = "aika/conflict/v1";
  private static final String FIRST = "first ";
  private static final String PREFIX = "prefix ";

  public ConflictProof {
    consistency = List.copyOf(consistency);
    Checkpoint small = first.checkpoint();
    Checkpoint large = second.checkpoint();
    if (!small.origin().equals(large.origin()) || small.size() == 0) {
      throw new MalformedException("two checkpoints of one log are needed");
    }
    boolean conflict =
        prefix == null
            ? small.size() == large.size()
                && consistency.isEmpty()
                && !small.root().equals(large.root())
            : small.size() < large.size()
                && !prefix.equals(small.root())
                && Proofs.verifyConsistency(
                    small.size(), large.size(), consistency, prefix, large.root());
    if (!conflict) {
      throw new MalformedException("the checkpoints do not contradict each other");
    }
  }

  /**
   * Of two checkpoints of one size.
   *
   * @throws MalformedException when they do not contradict each other
   */
  public static ConflictProof of(SignedCheckpoint first, SignedCheckpoint second) {
    return new ConflictProof(first, second, null, List.of());
  }

  /**
   * @param nodes of the second's tree
   * @throws MalformedException when they do not contradict each other
   */
  public static ConflictProof of(SignedCheckpoint first, SignedCheckpoint second, Nodes nodes) {
    long size = first.checkpoint().size();
    long larger = second.checkpoint().size();
    if (size >= larger) {
      return size == larger ? of(first, second) : of(second, first);
    }
    return new ConflictProof(
        first, second, Proofs.root(size, nodes), Proofs.consistency(size, larger, nodes));
  }

  public String origin() {
    return first.checkpoint().origin();
  }

  public byte[] encode() {
    StringBuilder head = new StringBuilder(FIRST_LINE).append('\n');
    head.append(FIRST).append(CanonicalBase64.encode(first.encode())).append('\n');
    if (prefix != null) {
      head.append(PREFIX).append(prefix.base64()).append('\n');
    }
    ProofLines.append(head, consistency);
    return ProofLines.concat(Utf8.encode(head.toString()), second.encode());
  }

  /**
   * @throws MalformedException when these bytes prove no conflict; the message names the line
   */
  public static ConflictProof parse(byte[] encoded) {
    if (encoded.length > BYTES_MAX) {
      throw new MalformedException("a proof of conflict has at most " + BYTES_MAX + " bytes");
    }
    Lines lines = Lines.of(encoded);
    if (!lines.next().is(FIRST_LINE)) {
      throw lines.malformed("must be " + FIRST_LINE);
    }
    lines.next();
    SignedCheckpoint first = SignedCheckpoint.parse(lines.base64After(FIRST, BYTES_MAX));
    lines.next();
    Hash prefix = null;
    List<Hash> consistency;
    if (lines.isEmpty()) {
      consistency = List.of();
    } else {
      prefix = Hash.of(lines.base64After(PREFIX, Hash.BYTES));
      consistency = ProofLines.parse(lines);
    }
    return new ConflictProof(first, SignedCheckpoint.parseAfter(lines), prefix, consistency);
  }
}
