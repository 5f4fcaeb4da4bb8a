package aika.sinks.immudb;

import aika.proto.immudb.Signature;
import aika.sinks.SinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The key with which a server signs its states: ECDSA over P-256 and SHA-256 [IMMU-24]. */
final class ServerKey {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", Pattern.DOTALL);

  private final PublicKey key;

  private ServerKey(PublicKey key) {
    this.key = key;
  }

  /** Reads a PEM file with a public key. */
  static ServerKey read(Path file) {
    try {
      Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!pem.find()) {
        throw unusable(file, null);
      }
      byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
      return new ServerKey(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException fault) {
      throw unusable(file, fault);
    }
  }

  private static SinkException unusable(Path file, @Nullable Exception why) {
    return new SinkException(
        SinkException.Kind.REFUSED, file + " is not a PEM file with an EC public key", why);
  }

  /** Throws TAMPERED unless this is the server's signature of the state. */
  void check(String database, State state, Signature signature) {
    byte[] name = database.getBytes(StandardCharsets.UTF_8);
    ByteBuffer signed = ByteBuffer.allocate(4 + name.length + 8 + 32);
    signed.putInt(name.length).put(name).putLong(state.transaction()).put(state.hash().bytes());
    if (!verifies(signed.array(), signature.getSignature().toByteArray())) {
      throw Tampered.because(
          "the state at transaction "
              + state.transaction()
              + (signature.getSignature().isEmpty()
                  ? " is not signed"
                  : " is not signed with the server's key"));
    }
  }

  private boolean verifies(byte[] signed, byte[] signature) {
    try {
      java.security.Signature verifier = java.security.Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new SinkException(SinkException.Kind.FAILED, "cannot check ECDSA signatures", e);
    }
  }
}
