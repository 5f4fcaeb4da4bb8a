package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
  private static final byte[] MESSAGE = "aika".getBytes(UTF_8);

  @TempDir Path data;
  private Path directory = Path.of("");
  private KeyFiles keys = new KeyFiles(directory, new SecureRandom());

  @BeforeEach
  void makeKeys() {
    directory = data.resolve(KeyFiles.DIRECTORY);
    keys = new KeyFiles(directory, new SecureRandom());
  }

  @Test
  void demoKeysAreMadeOnceAndFitTheFile() {
    Federation demo = FederationTemplate.demo().federation(keys);
    assertEquals(demo, FederationTemplate.demo().federation(keys));
    Path path = data.resolve(FederationFile.NAME);
    FederationFile.write(path, demo);

    Federation read = FederationFile.read(path).federation();
    KeyFiles later = new KeyFiles(directory, new SecureRandom());
    Ed25519 ed25519 = new Ed25519(16);
    MlDsa44 mlDsa44 = new MlDsa44();
    HeldKey root = later.root(read);
    assertEquals(read.root(), root.key());
    assertTrue(ed25519.verify(root.key().publicKey(), MESSAGE, root.signer().sign(MESSAGE)));
    read.chains()
        .forEach(chain -> {
          assertEquals(chain.log(), later.log(chain).key());
          List<HeldKey> seats = later.seats(chain);
          assertEquals(
              chain.representatives().stream().map(Seat::key).toList(),
              seats.stream().map(HeldKey::key).toList());
        });
    Municipality komatsu = read.municipality("Asia-Komatsu").orElseThrow();
    HeldKey seat = later.seats(komatsu).getLast();
    assertTrue(mlDsa44.verify(seat.key().publicKey(), MESSAGE, seat.signer().sign(MESSAGE)));
    assertEquals(komatsu.issuers(), later.issuers(komatsu).stream().map(HeldKey::key).toList());
    assertEquals(
        komatsu.registrars(), later.registrars(komatsu).stream().map(HeldKey::key).toList());
  }

  @Test
  void onlyTheOwnerMayRead() throws IOException {
    assumeTrue(Files.getFileStore(data).supportsFileAttributeView("posix"));
    Federation small = smallWithKeys();
    assertEquals("rwx------", permissions(directory));
    assertEquals("rwx------", permissions(directory.resolve("Asia-Komatsu")));
    assertEquals("rw-------", permissions(directory.resolve("root.key")));
    Path seat = directory.resolve("Asia-Komatsu").resolve("seat-1.key");
    assertEquals("rw-------", permissions(seat));

    Files.setPosixFilePermissions(seat, PosixFilePermissions.fromString("rw-r-----"));
    refused(seat, "chmod 600", () -> keys.seats(komatsu(small)));
  }

  @Test
  void namesTheFileAtFault() throws IOException {
    Federation small = smallWithKeys();
    Path komatsu = directory.resolve("Asia-Komatsu");
    Path log = komatsu.resolve("log.key");
    String good = Files.readString(log);

    // The key of another chain, copied to the wrong place.
    Files.writeString(log, Files.readString(directory.resolve("Asia").resolve("log.key")));
    refused(log, "but the federation file says", () -> keys.log(komatsu(small)));
    // A key of the right name that is another key.
    Files.delete(log);
    keys.key("Asia-Komatsu/log", KeyType.ED25519, "small.example/Asia-Komatsu");
    refused(log, "but the federation file says", () -> keys.log(komatsu(small)));

    int middle = good.length() - 10;
    char flipped = good.charAt(middle) == 'A' ? 'B' : 'A';
    Files.writeString(log, good.substring(0, middle) + flipped + good.substring(middle + 1));
    refused(log, "the hash does not fit", () -> keys.log(komatsu(small)));
    for (String broken :
        List.of("", "\n", good.strip(), good + "\n", "x" + good, good.replace("+", ""), "é\n")) {
      Files.writeString(log, broken);
      refused(log, "", () -> keys.log(komatsu(small)));
    }
    Files.write(log, new byte[100_000]);
    refused(log, "more than", () -> keys.log(komatsu(small)));
    Files.delete(log);
    refused(log, "this key is missing", () -> keys.log(komatsu(small)));
  }

  @Test
  void answersOnlyWithSeatsThatAreHeldHere() throws IOException {
    Federation small = smallWithKeys();
    Files.delete(directory.resolve("Asia-Komatsu").resolve("seat-1.key"));
    assertEquals(List.of(), keys.seats(komatsu(small)));
  }

  @Test
  void neverMakesAKeyOverAnother() {
    keys.key("x", KeyType.ED25519, "one");
    refused(
        directory.resolve("x.key"), "expected two", () -> keys.key("x", KeyType.ED25519, "two"));
    refused(directory.resolve("x.key"), "ML-DSA-44", () -> keys.key("x", KeyType.ML_DSA_44, "one"));
  }

  private Federation smallWithKeys() {
    return SmallFederation.federation(keys);
  }

  private static Municipality komatsu(Federation federation) {
    return federation.municipality("Asia-Komatsu").orElseThrow();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void refused(Path file, String english, Executable action) {
    FederationException thrown = assertThrows(FederationException.class, action);
    String message = String.valueOf(thrown.getMessage());
    assertEquals(FederationException.KEY_FILE, thrown.code());
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains(english), message);
    // Public keys do not contain this; private ones must not get into messages and logs.
    assertFalse(message.contains("PRIVATE+KEY+small"), message);
  }
}
