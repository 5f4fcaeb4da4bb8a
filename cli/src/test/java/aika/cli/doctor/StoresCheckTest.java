package aika.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.SinksFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether stores can be reached, with made-up servers. */
@Timeout(60)
final class StoresCheckTest {
  @TempDir static Path keys;
  private static @Nullable Federation made;

  @BeforeAll
  static void federation() {
    made = FederationTemplate.demo().federation(new KeyFiles(keys, new SecureRandom()));
  }

  private static Result only(Check check) {
    List<Result> results = check.results();
    assertEquals(1, results.size(), results::toString);
    return results.getFirst();
  }

  private static Check stores(Path home, Reach reach) {
    return new StoresCheck(
        List.of(home),
        Objects.requireNonNull(made),
        name -> name.equals("MONGO_PASSWORD") ? "secret@pass/word" : null,
        reach);
  }

  @Test
  void storesAreReachedAtTheirPortsAndNoSecretIsShown(@TempDir Path home) {
    SinksFile.write(
        home,
        """
        mongo:
          default: { uri: "mongodb://aika:${MONGO_PASSWORD}@db1.example,db2.example:27018/x?tls=true" }
          Asia: { uri: "mongodb+srv://aika:${MONGO_PASSWORD}@cluster.example/x" }
        immudb:
          default: { address: "[::1]:3323", user: aika, password: hunter2 }
        analytics:
          postgresql: { url: "jdbc:postgresql://pg.example/aika", user: aika, password: hunter2 }
        """);
    List<Result> all = stores(home, (host, port) -> !host.equals("pg.example")).results();
    List<String> found = all.stream().map(one -> one.found().en()).toList();
    assertEquals(
        List.of(
            "mongo (db1.example:27017) answers.",
            "mongo (db2.example:27018) answers.",
            "mongo Asia: only its own client finds its servers.",
            "immudb ([::1]:3323) answers.",
            "analytics (pg.example:5432) cannot be reached."),
        found);
    assertInstanceOf(Result.Attention.class, all.getLast());
    assertFalse(all.toString().contains("secret@pass"), "a password is shown");
    assertFalse(all.toString().contains("hunter2"), "a password is shown");
  }

  @Test
  void aFaultInTheFileOfStoresIsToldWithItsLine(@TempDir Path home) {
    assertInstanceOf(Result.Skipped.class, only(stores(home, (host, port) -> true)));
    SinksFile.write(home, "mongo:\n  Atlantis: { uri: \"mongodb://localhost\" }\n");
    Result result = only(stores(home, (host, port) -> true));
    assertInstanceOf(Result.Wrong.class, result);
    assertTrue(result.found().en().contains("sinks.yaml:2"), result::toString);
  }
}
