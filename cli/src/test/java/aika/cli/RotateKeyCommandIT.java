package aika.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.note.Ed25519;
import aika.node.config.DurableFile;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new key in place of the old one, whatever breaks on the way: no key is ever lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class RotateKeyCommandIT {
  private CommandWorld world;
  private Path directory;

  @BeforeAll
  void start(@TempDir Path fresh) throws Exception {
    directory = fresh;
    world = CommandWorld.start(fresh);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  private AccountId opened(String local, int fill) throws IOException {
    AccountId account = new AccountId(Residents.KOMATSU, local);
    world.open(account, fill);
    return account;
  }

  private Path newKeyOf(AccountId account) {
    return directory.resolve(account.local() + ".new.key");
  }

  private String[] arguments(AccountId account, String gateway) {
    return world.arguments(
        account,
        world.keyOf(account),
        gateway,
        "rotate-key",
        "--new-key",
        newKeyOf(account).toString());
  }

  private Ran rotate(AccountId account) {
    return CommandWorld.aika(arguments(account, world.gateway()));
  }

  private static byte[] publicKey(Path file) {
    return Ed25519.signer(KeyFile.seed(file)).publicKey();
  }

  private void assertHas(AccountId account, Path key) {
    assertArrayEquals(publicKey(key), world.account(account).standing().publicKey());
  }

  private Ran with(AccountId account, Path key, String command, String... more) {
    return CommandWorld.aika(world.arguments(account, key, world.gateway(), command, more));
  }

  @Test
  void theNewKeySignsAndTheOldOneIsRefused() throws IOException {
    AccountId account = opened("rotating", 1);
    Path old = world.keyOf(account);
    byte[] before = Files.readAllBytes(old);
    rotate(account).expect(0).says("Made the key", "を作りました", "sign with that one", "これから");
    Path key = newKeyOf(account);
    assertFalse(DurableFile.openToOthers(key));
    assertHas(account, key);
    assertArrayEquals(before, Files.readAllBytes(old), "the old file stays");
    with(account, old, "auto-receive", "1").expect(1).says("BAD_SIGNATURE", "署名");
    with(account, key, "auto-receive", "1").expect(0);

    // Whoever was not told that it is done asks again.
    byte[] made = Files.readAllBytes(key);
    rotate(account).expect(0).says("sign with that one");
    assertArrayEquals(made, Files.readAllBytes(key));
  }

  @Test
  void aRefusedRotationLeavesBothKeysAndIsFinishedLater() throws IOException {
    AccountId account = opened("refused1", 2);
    world.signed(account, "freeze").expect(0);
    rotate(account).expect(1).says("Made the key", "ACCOUNT_FROZEN", "止められています");
    Path key = newKeyOf(account);
    byte[] made = Files.readAllBytes(key);
    assertHas(account, world.keyOf(account));
    Path note = directory.resolve("unfreeze.note");
    CommandWorld.aika(
            "unfreeze",
            "ask",
            "--as",
            account.toString(),
            "--key",
            world.keyOf(account).toString(),
            "--federation",
            world.node().federation().id(),
            note.toString())
        .expect(0);
    CommandWorld.aika(
            "unfreeze",
            "confirm",
            note.toString(),
            "--data",
            world.data().toString(),
            "--gateway",
            world.gateway())
        .expect(0);
    rotate(account).expect(0);
    assertArrayEquals(made, Files.readAllBytes(key));
    assertHas(account, key);
  }

  @Test
  void itIsAnotherKeyAndOneAtATime() throws IOException {
    AccountId account = opened("anotherkey", 3);
    Path key = newKeyOf(account);
    Files.copy(world.keyOf(account), key);
    rotate(account).expect(1).says("KEY_UNCHANGED", "新しい鍵を使ってください");
    Files.writeString(key, "half a k");
    rotate(account).expect(1).says("is no key", "鍵ではありません");
    assertEquals("half a k", Files.readString(key), "nothing is written over");
    Files.delete(key);
    try (DataDirectory _ = DataDirectory.open(Path.of(world.keyOf(account) + ".outbox"))) {
      rotate(account).expect(1).says("is in use by another aika");
      assertFalse(Files.exists(key));
    }
    rotate(account).expect(0);
    assertHas(account, key);
  }

  /** Killed after the key was made and before the order: the order is made with that key. */
  @Test
  void aKeyThatWasMadeIsUsed() throws IOException {
    AccountId account = opened("madebefore", 4);
    Path key = newKeyOf(account);
    assertTrue(KeyFile.make(key));
    byte[] made = Files.readAllBytes(key);
    rotate(account).expect(0);
    assertArrayEquals(made, Files.readAllBytes(key));
    assertHas(account, key);
  }

  /**
   * A gateway that has the order, and perhaps hands it on, but never answers; it notes what was on
   * the disk when the order came.
   */
  private final class Silent implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<SignedOrder> order = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final boolean handsOn;

    Silent(boolean handsOn) throws IOException {
      this.handsOn = handsOn;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", this::pass);
      server.start();
    }

    String address() {
      return "http://localhost:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
      try (exchange;
          HttpClient client = HttpClient.newHttpClient()) {
        boolean orders = exchange.getRequestMethod().equals("POST");
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI there = URI.create(world.gateway() + exchange.getRequestURI());
        HttpRequest.Builder request = HttpRequest.newBuilder(there);
        if (orders) {
          request.header("Content-Type", "text/plain");
          request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }
        if (!orders || handsOn) {
          HttpResponse<byte[]> answer =
              client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
          if (!orders) {
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
            return;
          }
          assertEquals(200, answer.statusCode());
        }
        order.complete(SignedOrder.parse(body));
        closing.await();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | AssertionError failed) {
        order.completeExceptionally(failed);
      }
    }

    @Override
    public void close() {
      closing.countDown();
      server.stop(0);
      threads.close();
    }
  }

  /** Killed while it waits for the answer, the order executed or not: the same key in the end. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKilledRotationIsFinishedByTheSameCommand(boolean executed) throws Exception {
    AccountId account = opened(executed ? "killedafter" : "killedbefore", executed ? 5 : 6);
    Path key = newKeyOf(account);
    byte[] made;
    try (Silent gateway = new Silent(executed);
        AikaProcess process =
            AikaProcess.start(
                directory.resolve(account.local() + ".txt"),
                arguments(account, gateway.address()))) {
      SignedOrder order = gateway.order.get(60, TimeUnit.SECONDS);
      made = Files.readAllBytes(key);
      assertArrayEquals(publicKey(key), ((Order.RotateKey) order.order()).publicKey());
      assertFalse(DurableFile.openToOthers(key), "only its owner reads the key");
      process.kill();
    }
    assertHas(account, executed ? key : world.keyOf(account));
    Ran again = rotate(account).expect(0);
    again.says("Done: the chain has executed the order", "sign with that one");
    assertEquals(executed, again.out().contains("not done twice"), again.out());
    assertArrayEquals(made, Files.readAllBytes(key));
    assertHas(account, key);
    with(account, key, "auto-receive", "1").expect(0);
    rotate(account).expect(0);
  }
}
