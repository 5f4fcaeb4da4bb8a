package aika.core.log;

import aika.core.note.Sha256;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Hashes of the Merkle tree (RFC 6962, section 2.1): a leaf is SHA-256 of 0x00 and its entry, a
 * node SHA-256 of 0x01 and its two children.
 *
 * <p>An instance reuses its digest, so one thread at a time; the static methods are for any thread.
 */
public final class Merkle {
  /** Root of the tree without leaves: the hash of nothing. */
  public static final Hash EMPTY_ROOT = Hash.wrap(Sha256.of(new byte[0]));

  private static final byte LEAF_PREFIX = 0x00;
  private static final byte NODE_PREFIX = 0x01;

  private final MessageDigest digest = Sha256.newDigest();
  private final byte[] node = new byte[1 + 2 * Hash.BYTES];

  public Merkle() {
    node[0] = NODE_PREFIX;
  }

  public static Hash leafHash(byte[] entry) {
    return new Merkle().leaf(entry);
  }

  public static Hash nodeHash(Hash left, Hash right) {
    return new Merkle().node(left, right);
  }

  public Hash leaf(byte[] entry) {
    return leaf(entry, 0, entry.length);
  }

  /** The hash of the leaf whose entry is {@code bytes[from, from + length)}. */
  public Hash leaf(byte[] bytes, int from, int length) {
    digest.update(LEAF_PREFIX);
    digest.update(bytes, from, length);
    return finish();
  }

  public Hash node(Hash left, Hash right) {
    left.copyTo(node, 1);
    right.copyTo(node, 1 + Hash.BYTES);
    digest.update(node, 0, node.length);
    return finish();
  }

  /**
   * Root of a full subtree over {@code count} hashes (a power of two) that lie one after the other,
   * as in a tile.
   *
   * @param hashes is not changed
   */
  public Hash fold(byte[] hashes, int from, int count) {
    if (count == 1) {
      return Hash.of(hashes, from);
    }
    byte[] row = Arrays.copyOfRange(hashes, from, from + count * Hash.BYTES);
    for (int width = count; width > 1; width /= 2) {
      for (int i = 0; i < width; i += 2) {
        digest.update(NODE_PREFIX);
        digest.update(row, i * Hash.BYTES, 2 * Hash.BYTES);
        finish(row, i / 2 * Hash.BYTES);
      }
    }
    return Hash.of(row, 0);
  }

  private Hash finish() {
    byte[] hash = new byte[Hash.BYTES];
    finish(hash, 0);
    return Hash.wrap(hash);
  }

  private void finish(byte[] out, int at) {
    try {
      digest.digest(out, at, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 does not fit " + Hash.BYTES + " bytes", e);
    }
  }
}
