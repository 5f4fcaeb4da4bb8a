package aika.core.note;

/** A way to check signatures. Implementations may be used by several threads at once. */
public interface SignatureScheme {
  /**
   * Whether this is a valid signature. Any bytes may be given: keys and signatures of a wrong
   * length or form are simply not valid.
   */
  boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}
