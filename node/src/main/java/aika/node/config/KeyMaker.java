package aika.node.config;

import aika.core.note.VerifierKey;

/** Makes the keys that a federation starts with, and keeps their private halves. */
public interface KeyMaker {
  /**
   * The public half of the key for one place; asked again for the same place, the same key.
   *
   * @param place where it belongs, as a relative path: {@code root}, {@code Asia-Komatsu/seat-1}
   * @param name the key's name
   */
  VerifierKey key(String place, KeyType type, String name);
}
