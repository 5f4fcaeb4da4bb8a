package aika.core.log;

import aika.core.note.Lines;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Merkle proof in text: one hash per line, then an empty line. */
final class ProofLines {
  private ProofLines() {}

  /** Reads up to and including the empty line. */
  static List<Hash> parse(Lines lines) {
    List<Hash> proof = new ArrayList<>();
    while (!lines.next().isEmpty()) {
      if (proof.size() == Proofs.HASHES_MAX) {
        throw lines.malformed("more than " + Proofs.HASHES_MAX + " proof lines");
      }
      proof.add(Hash.parse(lines));
    }
    return proof;
  }

  static void append(StringBuilder out, List<Hash> proof) {
    proof.forEach(hash -> out.append(hash.base64()).append('\n'));
    out.append('\n');
  }

  static void checkCount(List<Hash> proof) {
    if (proof.size() > Proofs.HASHES_MAX) {
      throw new MalformedException("more than " + Proofs.HASHES_MAX + " hashes in a proof");
    }
  }

  static byte[] concat(byte[] head, byte[] tail) {
    byte[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }
}
