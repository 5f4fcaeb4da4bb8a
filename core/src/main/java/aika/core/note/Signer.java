package aika.core.note;

/** A private key at work. Implementations may be used by several threads at once. */
public interface Signer {
  /** The raw public key as its {@link SignatureScheme} takes it. */
  byte[] publicKey();

  byte[] sign(byte[] message);
}
