package aika.node.config;

/** The signature types of C2SP signed-note that the federation's keys have. */
public enum KeyType {
  /** Log keys, issuers, registrars, recovery quorums, the federation root. */
  ED25519(0x01, 32, "Ed25519"),
  /** Representatives' cosignatures. */
  ML_DSA_44(0x06, 1_312, "ML-DSA-44");

  private final int signatureType;
  private final int publicKeyBytes;
  private final String label;

  KeyType(int signatureType, int publicKeyBytes, String label) {
    this.signatureType = signatureType;
    this.publicKeyBytes = publicKeyBytes;
    this.label = label;
  }

  /** The type byte in front of the key. */
  public int signatureType() {
    return signatureType;
  }

  public int publicKeyBytes() {
    return publicKeyBytes;
  }

  @Override
  public String toString() {
    return String.format("%s (0x%02x)", label, signatureType);
  }
}
