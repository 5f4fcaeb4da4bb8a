package aika.node.config;

import aika.core.log.Hash;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import aika.core.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The federation root's signature under a federation file that continues another one (FED-20). It
 * is the file's last line, a comment: {@code # — aika.example …}, as below a C2SP signed note whose
 * text names the hash of everything before that line.
 */
final class RootSignature {
  private static final String FIRST = "aika/federation/v1";
  private static final String COMMENT = "# ";
  private static final int CHECKED_KEYS_MAX = 1;

  private RootSignature() {}

  private static String text(Federation federation, byte[] unsigned) {
    String hash = Hash.of(Sha256.of(unsigned)).base64();
    return FIRST + "\nfederation " + federation.id() + "\nfile " + hash + '\n';
  }

  static byte[] sign(Federation federation, byte[] unsigned, HeldKey root) {
    String text = text(federation, unsigned);
    SignedNote note = SignedNote.sign(text, root.key().name(), Ed25519.TYPE, root.signer());
    String signature =
        new String(note.encode(), StandardCharsets.UTF_8).substring(text.length() + 1);
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(unsigned);
    signed.writeBytes((COMMENT + signature).getBytes(StandardCharsets.UTF_8));
    return signed.toByteArray();
  }

  /**
   * @throws FederationException when the root has not signed this file
   */
  static void check(Path path, byte[] file, Federation federation) {
    int line = file.length - 1;
    while (line > 0 && file[line - 1] != '\n') {
      line--;
    }
    byte[] unsigned = Arrays.copyOf(file, line);
    String last = new String(file, line, file.length - line, StandardCharsets.UTF_8);
    try {
      SignedNote note =
          SignedNote.parse(text(federation, unsigned) + '\n' + last.replaceFirst(COMMENT, ""));
      if (note.isSignedBy(federation.root(), new Ed25519(CHECKED_KEYS_MAX))) {
        return;
      }
    } catch (MalformedException none) {
      throw FederationException.unsigned(path, none);
    }
    throw FederationException.unsigned(path, null);
  }
}
