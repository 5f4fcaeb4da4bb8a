package aika.node.config;

import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.KeyId;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private keys in the data directory, one file each, readable by their owner only (FED-14 to
 * FED-17):
 *
 * <pre>
 * keys/root.key                       the federation root
 * keys/Asia-Komatsu/log.key           the chain's log key
 * keys/Asia-Komatsu/seat-1.key …      representatives
 * keys/Asia-Komatsu/issuer-1.key …    named by what follows the origin in the key's name
 * </pre>
 *
 * <p>A file holds one line, {@code PRIVATE+KEY+name+hash+base64(type || 32-byte seed)}: for Ed25519
 * the form that the Go library {@code golang.org/x/mod/sumdb/note} reads, for ML-DSA-44 the same
 * with the seed ξ of FIPS 204.
 */
public final class KeyFiles implements KeyMaker {
  /** What the directory is called in the data directory. */
  public static final String DIRECTORY = "keys";

  private static final String SUFFIX = ".key";
  private static final String LOG = "/log";

  /** In a chain's directory as long as it has not begun. */
  private static final String UNUSED = "/unused";

  private static final int BYTES_MAX = 1_024;

  private final Path directory;
  private final SecureRandom random;

  /**
   * @param directory made when the first key is made
   */
  public KeyFiles(Path directory, SecureRandom random) {
    this.directory = directory;
    this.random = random;
  }

  /**
   * Makes a key, or answers with the one that is there from an earlier start that did not finish.
   *
   * @throws FederationException when the file is there and is not this key's
   */
  @Override
  public VerifierKey key(String place, KeyType type, String name) {
    Path file = file(place);
    if (!Files.exists(file)) {
      byte[] seed =
          switch (type) {
            case ED25519 -> Ed25519.generate(random);
            case ML_DSA_44 -> MlDsa44.generate(random);
          };
      if (place.endsWith(LOG)) {
        mark(place); // before the key: with a key and no mark a chain has begun
      }
      write(file, type, name, seed);
    }
    HeldKey held = load(file);
    if (!held.key().name().equals(name) || held.key().type() != type.signatureType()) {
      throw FederationException.key(
          file,
          "holds the key " + held.key() + ", expected " + name + " of type " + type,
          "別の鍵のファイルです",
          null);
    }
    return held.key();
  }

  /**
   * The federation root.
   *
   * @throws FederationException when the file is missing or is not the federation's
   */
  public HeldKey root(Federation federation) {
    return load("root", federation.root());
  }

  /**
   * The key that signs a chain's checkpoints.
   *
   * @throws FederationException when the file is missing or is not the federation's
   */
  public HeldKey log(Chain chain) {
    return load(chain.id() + "/log", chain.log());
  }

  /**
   * Those seats of a chain whose keys are here, in the file's order; others are held elsewhere.
   *
   * @throws FederationException when a file is there and is not the federation's
   */
  public List<HeldKey> seats(Chain chain) {
    List<HeldKey> held = new ArrayList<>();
    for (Seat seat : chain.representatives()) {
      String place = chain.id() + "/" + seat.name();
      if (Files.exists(file(place))) {
        held.add(load(place, seat.key()));
      }
    }
    return held;
  }

  /** Whether there is a key for this place; see {@link #key}. */
  public boolean has(String place) {
    return Files.exists(file(place));
  }

  /**
   * The key of a seat that is held apart from its node.
   *
   * @param name the seat's, {@code <federation>/<chain>/<seat>}
   * @throws FederationException when the file is missing or is not this seat's
   */
  public HeldKey seat(String place, String name) {
    return checked(file(place), name);
  }

  /**
   * Copies the key of a seat from a file to its place here.
   *
   * @throws FederationException when the file is not this seat's
   */
  public void take(Path from, String place, String name) {
    var _ = checked(from, name);
    try {
      DurableFile.writePrivate(file(place), Files.readAllBytes(from));
    } catch (IOException failed) {
      throw FederationException.key(from, "cannot be copied (" + failed + ")", "鍵を写せません", failed);
    }
  }

  private static HeldKey checked(Path file, String name) {
    HeldKey held = load(file);
    if (!held.key().name().equals(name) || held.key().type() != KeyType.ML_DSA_44.signatureType()) {
      throw FederationException.key(
          file, "holds the key " + held.key() + ", expected that of " + name, "別の鍵のファイルです", null);
    }
    return held;
  }

  /** The issuers whose keys are here; see {@link #seats}. */
  public List<HeldKey> issuers(Municipality municipality) {
    return present(municipality, municipality.issuers());
  }

  /** The registrars whose keys are here; see {@link #seats}. */
  public List<HeldKey> registrars(Municipality municipality) {
    return present(municipality, municipality.registrars());
  }

  private List<HeldKey> present(Municipality municipality, List<VerifierKey> keys) {
    List<HeldKey> held = new ArrayList<>();
    for (VerifierKey key : keys) {
      String label = key.name().substring(key.name().lastIndexOf('/') + 1);
      String place = municipality.id() + "/" + label;
      if (Files.exists(file(place))) {
        held.add(load(place, key));
      }
    }
    return held;
  }

  private void mark(String logKey) {
    Path mark = directory.resolve(logKey.substring(0, logKey.length() - LOG.length()) + UNUSED);
    try {
      DurableFile.writePrivate(mark, new byte[0]);
    } catch (IOException unwritable) {
      throw FederationException.key(
          mark, "cannot be written (" + unwritable + ")", "書けません", unwritable);
    }
  }

  /**
   * Whether the chain of these keys has never begun: they were made here, or brought by a kit, and
   * not used yet. A chain that began once must not begin again with another first leaf.
   */
  public boolean mayBegin(ChainId chain) {
    return Files.exists(directory.resolve(chain.value() + UNUSED));
  }

  /** Notes that the chain has begun. */
  public void begun(ChainId chain) {
    Path mark = directory.resolve(chain.value() + UNUSED);
    try {
      Files.deleteIfExists(mark);
    } catch (IOException unremovable) {
      throw FederationException.key(
          mark, "cannot be removed (" + unremovable + ")", "消せません", unremovable);
    }
  }

  /**
   * Copies a chain's keys into another directory of keys; the right to begin goes there.
   *
   * @throws FederationException when one cannot be read, or is another one over there
   */
  public void copy(ChainId chain, Path to) {
    Path from = directory.resolve(chain.value());
    try (DirectoryStream<Path> keys = Files.newDirectoryStream(from, "*" + SUFFIX)) {
      for (Path key : keys) {
        var _ = load(key);
        DurableFile.writePrivate(
            to.resolve(chain.value()).resolve(key.getFileName()), Files.readAllBytes(key));
      }
      if (mayBegin(chain)) {
        begun(chain);
        DurableFile.writePrivate(to.resolve(chain.value() + UNUSED), new byte[0]);
      }
    } catch (IOException failed) {
      throw FederationException.key(from, "cannot be copied (" + failed + ")", "鍵を写せません", failed);
    }
  }

  private Path file(String place) {
    return directory.resolve(place + SUFFIX);
  }

  private HeldKey load(String place, VerifierKey expected) {
    Path file = file(place);
    HeldKey held = load(file);
    if (!held.key().equals(expected)) {
      throw FederationException.key(
          file,
          "holds the key " + held.key() + ", but the federation file says " + expected,
          "設定ファイルの公開鍵と合いません",
          null);
    }
    return held;
  }

  static HeldKey load(Path file) {
    String text;
    try {
      if (DurableFile.openToOthers(file)) {
        throw FederationException.key(
            file,
            "others than its owner may read it; permit the owner only (chmod 600)",
            "所有者だけが読めるようにしてください（chmod 600）",
            null);
      }
      if (Files.size(file) > BYTES_MAX) {
        throw malformed(file, "more than " + BYTES_MAX + " bytes", null);
      }
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException missing) {
      throw FederationException.key(file, "this key is missing", "鍵のファイルがありません", missing);
    } catch (IOException unreadable) {
      throw FederationException.key(
          file, "cannot be read (" + unreadable + ")", "鍵のファイルを読めません", unreadable);
    }
    try {
      PrivateKeyText key = PrivateKeyText.parse(text);
      Signer signer = signer(key.type(), key.seed());
      VerifierKey verifier =
          new VerifierKey(key.name(), key.type().signatureType(), signer.publicKey());
      key.check(verifier);
      return new HeldKey(verifier, signer);
    } catch (MalformedException broken) {
      throw malformed(file, String.valueOf(broken.getMessage()), broken);
    }
  }

  private static FederationException malformed(Path file, String what, @Nullable Throwable cause) {
    return FederationException.key(file, "not a private key: " + what, "秘密鍵のファイルとして読めません", cause);
  }

  private static Signer signer(KeyType type, byte[] seed) {
    return switch (type) {
      case ED25519 -> Ed25519.signer(seed);
      case ML_DSA_44 -> MlDsa44.signer(seed);
    };
  }

  static byte[] text(KeyType type, String name, byte[] seed) {
    int keyId = KeyId.of(name, type.signatureType(), signer(type, seed).publicKey());
    PrivateKeyText key = new PrivateKeyText(type, name, seed, KeyId.format(keyId));
    return key.format().getBytes(StandardCharsets.US_ASCII);
  }

  private static void write(Path file, KeyType type, String name, byte[] seed) {
    try {
      DurableFile.writePrivate(file, text(type, name, seed));
    } catch (IOException unwritable) {
      throw FederationException.key(
          file, "cannot be written (" + unwritable + ")", "鍵のファイルを書けません", unwritable);
    }
  }
}
