package aika.node.config;

import aika.core.note.VerifierKey;
import java.util.List;

/**
 * Offline keys that together may seat representatives, choose a branch or close a chain when its
 * own representatives no longer can.
 *
 * @param threshold how many of {@code keys} must sign; more than half, so that two disjoint groups
 *     cannot decide differently
 * @param keys Ed25519
 */
public record RecoveryQuorum(int threshold, List<VerifierKey> keys) {
  public static final int KEYS_MAX = 15;

  public RecoveryQuorum {
    keys = List.copyOf(keys);
  }
}
