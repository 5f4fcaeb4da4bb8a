package aika.core.log;

import java.util.ArrayList;
import java.util.List;

/** The definitions of RFC 6962, section 2.1, word for word and slow, to compare with. */
final class Rfc6962 {
  private Rfc6962() {}

  /** MTH(D[n]). */
  static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Merkle.EMPTY_ROOT;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = split(leaves.size());
    return Merkle.nodeHash(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  /** PATH(m, D[n]). */
  static List<Hash> path(int m, List<Hash> leaves) {
    int n = leaves.size();
    if (n == 1) {
      return new ArrayList<>();
    }
    int k = split(n);
    List<Hash> path;
    if (m < k) {
      path = path(m, leaves.subList(0, k));
      path.add(root(leaves.subList(k, n)));
    } else {
      path = path(m - k, leaves.subList(k, n));
      path.add(root(leaves.subList(0, k)));
    }
    return path;
  }

  /** PROOF(m, D[n]) for 0 &lt; m &lt; n. */
  static List<Hash> proof(int m, List<Hash> leaves) {
    return subproof(m, leaves, true);
  }

  private static List<Hash> subproof(int m, List<Hash> leaves, boolean whole) {
    int n = leaves.size();
    if (m == n) {
      List<Hash> proof = new ArrayList<>();
      if (!whole) {
        proof.add(root(leaves));
      }
      return proof;
    }
    int k = split(n);
    List<Hash> proof;
    if (m <= k) {
      proof = subproof(m, leaves.subList(0, k), whole);
      proof.add(root(leaves.subList(k, n)));
    } else {
      proof = subproof(m - k, leaves.subList(k, n), false);
      proof.add(root(leaves.subList(0, k)));
    }
    return proof;
  }

  private static int split(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }
}
