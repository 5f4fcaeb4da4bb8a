package aika.node.config;

import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * A recovery quorum's private key: a file by itself that its member keeps, in the form of all other
 * key files (FED-15, FED-16). No node has one.
 */
public final class OfflineKey {
  private OfflineKey() {}

  /**
   * What such a key is called, before there is a federation file with it (FED-8).
   *
   * @throws MalformedException when no federation file could have a key of this name
   */
  public static String name(String federation, ChainId chain, String label) {
    if (!FederationReader.FEDERATION_ID.matcher(federation).matches()) {
      throw new MalformedException(
          "a federation's id has 1 to 63 of a-z 0-9 . -, a letter or digit first and last");
    }
    if (!KeyReader.LABEL.matcher(label).matches()) {
      throw new MalformedException(
          "a label has 1 to 32 of a-z 0-9 -, a letter or digit first and last, and is not log");
    }
    return Federation.origin(federation, chain) + '/' + label;
  }

  /**
   * Makes a key in a file that was not there.
   *
   * @throws FederationException when there is a file, which stays as it is, or none can be written
   */
  public static VerifierKey make(Path file, String name, SecureRandom random) {
    byte[] text = KeyFiles.text(KeyType.ED25519, name, Ed25519.generate(random));
    try {
      DurableFile.createPrivate(file, text);
    } catch (FileAlreadyExistsException there) {
      throw FederationException.key(
          file, "is there already; nothing was changed", "もうあります。何も変えていません", there);
    } catch (IOException unwritable) {
      throw FederationException.key(
          file, "cannot be written (" + unwritable + ")", "鍵のファイルを書けません", unwritable);
    }
    return read(file).key(); // what can be read again, not what was meant to be written
  }

  /**
   * @throws FederationException when there is no such file, it holds no key or others may read it
   */
  public static HeldKey read(Path file) {
    return KeyFiles.load(file);
  }
}
