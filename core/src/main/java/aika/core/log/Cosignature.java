package aika.core.log;

import aika.core.note.KeyId;
import aika.core.note.KeyName;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A verified cosignature of a checkpoint (C2SP tlog-cosignature, type 0x06): who signed and when,
 * in seconds since 1970. It commits to cosigner, time, origin, size and root.
 *
 * <p>The note signature is the timestamp in 8 bytes, big-endian, and the signature of {@link
 * #message}. A timestamp is positive: zero would say nothing about the log's latest size.
 */
public record Cosignature(VerifierKey cosigner, long timestampSeconds) {
  /** Signature type of C2SP signed-note. */
  public static final int TYPE = 0x06;

  private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

  /** The signature line to add to the checkpoint's note. */
  public static NoteSignature sign(
      Checkpoint checkpoint, String name, long timestampSeconds, Signer signer) {
    byte[] signature = signer.sign(message(checkpoint, name, timestampSeconds));
    byte[] timestamped =
        ByteBuffer.allocate(Long.BYTES + signature.length)
            .putLong(timestampSeconds)
            .put(signature)
            .array();
    return new NoteSignature(name, KeyId.of(name, TYPE, signer.publicKey()), timestamped);
  }

  /** Whether this line is a valid cosignature of the checkpoint by this name and public key. */
  public static boolean verify(
      Checkpoint checkpoint,
      String name,
      byte[] publicKey,
      SignatureScheme scheme,
      NoteSignature signature) {
    return verify(checkpoint, new VerifierKey(name, TYPE, publicKey), scheme, signature);
  }

  /** Whether this line is a valid cosignature of the checkpoint by this key. */
  public static boolean verify(
      Checkpoint checkpoint, VerifierKey key, SignatureScheme scheme, NoteSignature signature) {
    if (key.type() != TYPE || !signature.isBy(key.name(), key.keyId())) {
      return false;
    }
    byte[] timestamped = signature.bytes();
    if (timestamped.length <= Long.BYTES) {
      return false;
    }
    long timestampSeconds = ByteBuffer.wrap(timestamped).getLong();
    if (timestampSeconds <= 0) {
      return false;
    }
    byte[] bare = Arrays.copyOfRange(timestamped, Long.BYTES, timestamped.length);
    byte[] message = message(checkpoint, key.name(), timestampSeconds);
    return scheme.verify(key.publicKey(), message, bare);
  }

  /**
   * When the line says that it was signed, in seconds since 1970; to be believed only once
   * verified.
   *
   * @throws MalformedException when the line is too short or its timestamp not positive
   */
  public static long timestampSeconds(NoteSignature signature) {
    byte[] timestamped = signature.bytes();
    if (timestamped.length <= Long.BYTES) {
      throw new MalformedException("cosignature of " + timestamped.length + " bytes");
    }
    long timestampSeconds = ByteBuffer.wrap(timestamped).getLong();
    if (timestampSeconds <= 0) {
      throw new MalformedException("cosignature with a timestamp that is not positive");
    }
    return timestampSeconds;
  }

  /**
   * The valid cosignatures by any of these keys, in the keys' order; lines of other keys are
   * ignored and each name counts once, however often it is given.
   */
  public static List<Cosignature> verified(
      SignedCheckpoint signed, Collection<VerifierKey> keys, SignatureScheme scheme) {
    List<Cosignature> found = new ArrayList<>();
    for (VerifierKey key : keys) {
      if (found.stream().anyMatch(earlier -> earlier.cosigner.name().equals(key.name()))) {
        continue;
      }
      signed
          .note()
          .signatureBy(key.name(), key.keyId())
          .filter(line -> verify(signed.checkpoint(), key, scheme, line))
          .ifPresent(line -> found.add(new Cosignature(key, timestampSeconds(line))));
    }
    return found;
  }

  /**
   * The signed bytes: {@code cosigned_message} of the specification for the whole tree.
   *
   * @throws MalformedException when the name is not a key name or the timestamp not positive
   */
  public static byte[] message(Checkpoint checkpoint, String name, long timestampSeconds) {
    if (timestampSeconds <= 0) {
      throw new MalformedException("cosignature with a timestamp that is not positive");
    }
    byte[] nameBytes = KeyName.encode(name);
    byte[] origin = KeyName.encode(checkpoint.origin());
    int length =
        LABEL.length + 1 + nameBytes.length + 1 + origin.length + 3 * Long.BYTES + Hash.BYTES;
    return ByteBuffer.allocate(length)
        .put(LABEL)
        .put((byte) nameBytes.length)
        .put(nameBytes)
        .putLong(timestampSeconds)
        .put((byte) origin.length)
        .put(origin)
        .putLong(0)
        .putLong(checkpoint.size())
        .put(checkpoint.root().shared())
        .array();
  }
}
