package aika.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import aika.core.note.CanonicalBase64;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Where a resident keeps their key: 32 bytes in base64, on one line. */
final class KeyFile {
  private static final int BYTES_MAX = 1_024;

  private KeyFile() {}

  /** Error messages never repeat what is in the file. */
  static byte[] seed(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new MalformedException("too long");
      }
      byte[] seed = CanonicalBase64.decode(Files.readString(file).strip());
      if (seed.length != Ed25519.SEED_BYTES) {
        throw new MalformedException("another length");
      }
      return seed;
    } catch (IOException | MalformedException none) {
      throw CommandException.of(
          file + " is no key: 32 bytes in base64, on one line.",
          file + " は鍵ではありません（32 バイトの base64、一行）。",
          none);
    }
  }

  /**
   * Makes a key when there is none yet; it is on the disk when this returns.
   *
   * @return whether it was made
   */
  static boolean make(Path file) {
    if (Files.exists(file)) {
      return false;
    }
    byte[] seed = Ed25519.generate(new SecureRandom());
    try {
      DurableFile.writePrivate(file, (CanonicalBase64.encode(seed) + "\n").getBytes(US_ASCII));
    } catch (IOException failed) {
      throw CommandException.of(
          file + " cannot be written (" + failed + ").", file + " に書けません。", failed);
    }
    return true;
  }
}
