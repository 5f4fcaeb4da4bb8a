package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.SinkException;
import aika.sinks.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client on a real immudb: sessions, proofs, signatures, TLS, and what each failure is. */
@Timeout(180)
final class ImmudbClientIT {
  private static final int BYTES_FLIPPED = 40;
  private static final int FAST_TRANSACTIONS = 100;
  private static final int FAST_ENTRIES = 500;

  @TempDir Path folder;

  private ImmudbSettings settings(RealServer server) {
    return TestSettings.of(server, List.of(), folder.resolve("state"));
  }

  private static ImmudbClient client(ImmudbSettings settings) {
    return new ImmudbClient(settings, true);
  }

  private static List<Item> items(int from, int count) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      items.add(Item.of("aika/test/" + i, "value " + i + " of some length".repeat(30)));
    }
    return items;
  }

  private static SinkException failure(SinkException.Kind kind, ImmudbSettings settings) {
    try (ImmudbClient client = client(settings)) {
      SinkException failed = assertThrows(SinkException.class, client::open);
      assertEquals(kind, failed.kind(), failed.getMessage());
      assertFalse(String.valueOf(failed.getMessage()).contains(settings.password().value() + "!"));
      return failed;
    }
  }

  @Test
  void whateverIsWrittenIsReadBackProved(@TempDir Path keys) {
    Path key = keys.resolve("signing.key");
    Path publicKey = TestCertificates.signingKey(key);
    try (RealServer server = RealServers.immudb("--signingKey=" + key);
        ImmudbClient client = client(TestSettings.serverKey(settings(server), publicKey))) {
      client.open();
      assertEquals(0, client.state().transaction());
      assertEquals(Optional.empty(), client.get("aika/nothing"));
      for (int i = 1; i <= 70; i++) {
        List<Item> items = items(i * 10, 1 + i % 7);
        Answers.Written written = client.write(items);
        assertEquals(i, written.transaction());
        assertEquals(items, client.read(i).items());
        assertEquals(items.getLast(), client.get(items.getLast().key()).orElseThrow().item());
        // Every earlier one too, from the state that is proved now.
        client.read(1 + i / 2);
      }
      assertEquals(List.of("aika/test/10"), client.keys("aika/test/10", false).subList(0, 1));
      assertEquals(List.of("aika/test/700"), client.keys("aika/test/70", true));
    }
  }

  @Test
  void aWrongOrMissingSignatureIsRefused(@TempDir Path keys) {
    Path key = keys.resolve("signing.key");
    TestCertificates.signingKey(key);
    Path other = TestCertificates.signingKey(keys.resolve("other.key"));
    try (RealServer server = RealServers.immudb("--signingKey=" + key)) {
      failure(SinkException.Kind.TAMPERED, TestSettings.serverKey(settings(server), other));
      failure(SinkException.Kind.REFUSED, TestSettings.serverKey(settings(server), key));
    }
    try (RealServer server = RealServers.immudb()) {
      failure(SinkException.Kind.TAMPERED, TestSettings.serverKey(settings(server), other));
    }
  }

  @Test
  void aSessionThatTheServerForgotIsOpenedAgain() {
    try (RealServer server = RealServers.immudb();
        ImmudbClient client = client(settings(server))) {
      client.open();
      client.write(items(0, 3));
      server.stop();
      server.start();
      assertEquals(2, client.write(items(0, 3)).transaction());
      server.kill();
      SinkException failed = assertThrows(SinkException.class, () -> client.write(items(0, 3)));
      assertEquals(SinkException.Kind.UNREACHABLE, failed.kind(), failed.getMessage());
      server.start();
      client.open();
      assertEquals(3, client.write(items(0, 3)).transaction());
    }
  }

  @Test
  void wrongPasswordsAndMissingRightsAreRefused() throws IOException {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      SinkException wrong =
          failure(SinkException.Kind.REFUSED, TestSettings.user(settings, "immudb", "Secret-1"));
      assertFalse(String.valueOf(wrong.getMessage()).contains("Secret-1"));
      try (ImmudbClient client = client(settings)) {
        client.open();
        client.write(items(0, 1));
      }
      TestUsers.create(server, "reader", "Reader-1", 1, "aika");
      TestUsers.create(server, "writer", "Writer-1", 2, "aika");
      TestUsers.create(server, "other", "Other-12", 2, "defaultdb");
      failure(SinkException.Kind.REFUSED, TestSettings.user(settings, "other", "Other-12"));
      try (ImmudbClient client = client(TestSettings.user(settings, "reader", "Reader-1"))) {
        client.open();
        assertEquals(items(0, 1), client.read(1).items());
        SinkException failed = assertThrows(SinkException.class, () -> client.write(items(0, 1)));
        assertEquals(SinkException.Kind.REFUSED, failed.kind(), failed.getMessage());
      }
      // A user who may write to this database and nothing else is enough for the sink.
      try (ImmudbClient client = client(TestSettings.user(settings, "writer", "Writer-1"))) {
        client.open();
        client.write(items(0, 2));
        assertEquals(items(0, 2), client.read(2).items());
        assertEquals(2, client.get("aika/test/0").orElseThrow().revision());
        assertEquals(List.of("aika/test/1"), client.keys("aika/", true));
        SinkException failed = assertThrows(SinkException.class, client::drop);
        assertEquals(SinkException.Kind.REFUSED, failed.kind(), failed.getMessage());
      }
      Files.delete(settings.state());
    }
    try (RealServer server = RealServers.immudb()) {
      TestUsers.create(server, "writer", "Writer-1", 2, "defaultdb");
      SinkException missing =
          failure(
              SinkException.Kind.REFUSED,
              TestSettings.user(settings(server), "writer", "Writer-1"));
      assertTrue(String.valueOf(missing.getMessage()).contains("may not make it"));
    }
  }

  @Test
  void encryptedWithAndWithoutOurOwnCertificate(@TempDir Path one, @TempDir Path two) {
    TestCertificates certificates = TestCertificates.in(one);
    TestCertificates strangers = TestCertificates.in(two);
    String[] tls = {"--certificate=" + certificates.server(), "--pkey=" + certificates.serverKey()};
    ImmudbSettings.Tls trusting =
        new ImmudbSettings.Tls(
            Optional.of(certificates.authority()), Optional.empty(), Optional.empty());
    try (RealServer server = RealServers.immudb(tls)) {
      ImmudbSettings settings = settings(server);
      try (ImmudbClient client = client(TestSettings.tls(settings, trusting))) {
        client.open();
        client.write(items(0, 3));
      }
      ImmudbSettings.Tls wrong =
          new ImmudbSettings.Tls(
              Optional.of(strangers.authority()), Optional.empty(), Optional.empty());
      failure(SinkException.Kind.REFUSED, TestSettings.tls(settings, wrong));
      ImmudbSettings.Tls absent =
          new ImmudbSettings.Tls(
              Optional.of(one.resolve("absent.pem")), Optional.empty(), Optional.empty());
      failure(SinkException.Kind.REFUSED, TestSettings.tls(settings, absent));
      ImmudbSettings.Tls nonsense =
          new ImmudbSettings.Tls(
              Optional.of(certificates.serverKey()), Optional.empty(), Optional.empty());
      failure(SinkException.Kind.REFUSED, TestSettings.tls(settings, nonsense));
      failure(SinkException.Kind.UNREACHABLE, settings);
    }
    try (RealServer server =
        RealServers.immudb("--mtls", tls[0], tls[1], "--clientcas=" + certificates.authority())) {
      ImmudbSettings settings = TestSettings.state(settings(server), folder.resolve("state2"));
      ImmudbSettings.Tls mutual =
          new ImmudbSettings.Tls(
              Optional.of(certificates.authority()),
              Optional.of(certificates.client()),
              Optional.of(certificates.clientKey()));
      try (ImmudbClient client = client(TestSettings.tls(settings, mutual))) {
        client.open();
        client.write(items(0, 3));
      }
      // This version checks a certificate of a client, but does not insist on one.
      ImmudbSettings.Tls strange =
          new ImmudbSettings.Tls(
              Optional.of(certificates.authority()),
              Optional.of(strangers.client()),
              Optional.of(strangers.clientKey()));
      failure(SinkException.Kind.REFUSED, TestSettings.tls(settings, strange));
    }
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings plain = TestSettings.state(settings(server), folder.resolve("state3"));
      failure(SinkException.Kind.REFUSED, TestSettings.tls(plain, trusting));
    }
  }

  @Test
  void whoDoesNotListenOrAnswerIsUnreachable() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RealServer server = RealServers.immudb()) {
      failure(
          SinkException.Kind.UNREACHABLE,
          TestSettings.port(settings(server), silent.getLocalPort()));
      server.kill();
      failure(SinkException.Kind.UNREACHABLE, settings(server));
    }
  }

  @Test
  void tooManyEntriesAreRefusedByTheServer() {
    try (RealServer server = RealServers.immudb();
        ImmudbClient client = client(settings(server))) {
      client.open();
      SinkException failed = assertThrows(SinkException.class, () -> client.write(items(0, 1_025)));
      assertEquals(SinkException.Kind.FAILED, failed.kind());
      client.write(items(0, BlockParts.ENTRIES_MAX));
    }
  }

  private static void use(ImmudbClient client) {
    client.open();
    client.get("aika/test/1");
    client.read(2);
    client.write(items(0, 4));
    client.refresh();
  }

  @Test
  void noLieOnTheWayIsBelieved() throws IOException {
    try (RealServer server = RealServers.immudb();
        ManInTheMiddle man = new ManInTheMiddle(server.port())) {
      ImmudbSettings settings = TestSettings.port(settings(server), man.port());
      try (ImmudbClient client = client(settings)) {
        client.open();
        for (int i = 0; i < 9; i++) {
          client.write(items(0, 3));
        }
        use(client);
      }
      for (Lie lie : Lie.all()) {
        man.change(lie.change());
        try (ImmudbClient client = client(settings)) {
          SinkException caught = assertThrows(SinkException.class, () -> use(client), lie.method());
          assertEquals(SinkException.Kind.TAMPERED, caught.kind(), caught.getMessage());
        }
        man.change((method, answer) -> answer);
        try (ImmudbClient client = client(settings)) {
          use(client);
        }
      }
    }
  }

  /** Whatever single byte of an answer changes: refused, or it changed nothing that is used. */
  @Test
  void randomBytesFlippedOnTheWayNeverChangeWhatIsRead() throws IOException {
    long seed = System.nanoTime();
    System.out.println("randomBytesFlippedOnTheWayNeverChangeWhatIsRead seed " + seed);
    Random random = new Random(seed);
    try (RealServer server = RealServers.immudb();
        ManInTheMiddle man = new ManInTheMiddle(server.port())) {
      ImmudbSettings settings = TestSettings.port(settings(server), man.port());
      try (ImmudbClient client = client(settings)) {
        client.open();
        for (int i = 0; i < 9; i++) {
          client.write(items(0, 3));
        }
        man.change((method, answer) -> {
          byte[] changed = answer.clone();
          if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
          }
          return changed;
        });
        for (int i = 0; i < BYTES_FLIPPED; i++) {
          int round = i;
          try {
            if (round % 2 == 0) {
              assertEquals(items(0, 3), client.read(3).items());
            } else {
              assertEquals(items(1, 1).getFirst(), client.get("aika/test/1").orElseThrow().item());
            }
          } catch (SinkException refused) {
            assertTrue(
                refused.kind() == SinkException.Kind.TAMPERED
                    || refused.kind() == SinkException.Kind.FAILED,
                refused::toString);
          }
        }
      }
    }
  }

  /** How long transactions of 500 entries take, and what of it is the server's work. */
  @Test
  void howFastItIs() {
    try (RealServer server = RealServers.immudb();
        ImmudbClient client = client(settings(server))) {
      client.open();
      measure(client, 40);
      long cpu = cpuMillis();
      long start = System.nanoTime();
      long writing = measure(client, FAST_TRANSACTIONS);
      double all = (System.nanoTime() - start) / 1e6 / FAST_TRANSACTIONS;
      double perSecond = FAST_ENTRIES * 1_000 / all;
      System.out.printf(
          "%.0f entries/s, proved and read back: %.1f ms a transaction of %d, of these %.1f to write;"
              + " the server used %.1f ms of processor time%n",
          perSecond,
          all,
          FAST_ENTRIES,
          writing / 1e6 / FAST_TRANSACTIONS,
          (double) (cpuMillis() - cpu) / FAST_TRANSACTIONS);
      assertTrue(perSecond > 1_000, "entries/s: " + perSecond);
    }
  }

  /** Nanoseconds of writing. */
  private static long measure(ImmudbClient client, int transactions) {
    long writing = 0;
    for (int i = 0; i < transactions; i++) {
      List<Item> items = items(i * FAST_ENTRIES, FAST_ENTRIES);
      long start = System.nanoTime();
      long transaction = client.write(items).transaction();
      writing += System.nanoTime() - start;
      assertEquals(items, client.read(transaction).items());
    }
    return writing;
  }

  private static long cpuMillis() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("immudb"))
        .mapToLong(child -> child.info().totalCpuDuration().orElseThrow().toMillis())
        .sum();
  }
}
