package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.order.Chain;
import aika.node.register.PersonName;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process is killed at random moments, the first ones while it makes the federation, while
 * a client keeps sending. What was acknowledged is there exactly once, and no money appears or gets
 * lost.
 */
@Tag("slow")
final class KillIT {
  private static final int KILLS = 12;
  private static final int EARLY_KILLS = 4;
  private static final int EARLY_MILLIS_MAX = 2_500;
  private static final int RUNNING_MILLIS_MAX = 600;
  private static final long DEADLINE_MILLIS = 60_000;
  private static final long POLL_MILLIS = 20;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");

  @TempDir Path directory;

  private final int offset = FreeOffset.find();

  @Test
  void everyAcknowledgedOrderSurvivesExactlyOnce() throws InterruptedException {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("KillIT seed " + seed);
    Random random = new Random(seed);
    Path data = directory.resolve("data");
    SendingClient client = new SendingClient(offset, seed);
    Thread sending = Thread.ofPlatform().name("client").start(client);
    try {
      for (int i = 0; i < KILLS; i++) {
        kill(data, i, client, random);
      }
      finish(data, client, sending);
    } finally {
      client.stop();
      sending.join();
    }
    check(data, client);
  }

  private void kill(Path data, int round, SendingClient client, Random random)
      throws InterruptedException {
    try (AikaProcess demo = start(data, round)) {
      if (round < EARLY_KILLS) {
        assertTrue(demo.runs(random.nextInt(EARLY_MILLIS_MAX)), demo::output);
      } else {
        int before = client.acknowledged().size();
        await(demo, () -> client.acknowledged().size() > before);
        assertTrue(demo.runs(random.nextInt(RUNNING_MILLIS_MAX)), demo::output);
      }
      demo.kill();
    }
  }

  /** Everything the client began is acknowledged, B has received all of it, and it is complete. */
  private void finish(Path data, SendingClient client, Thread sending) throws InterruptedException {
    try (AikaProcess demo = start(data, KILLS)) {
      await(demo, () -> demo.output().contains("Ctrl-C"));
      client.finish();
      await(demo, () -> !sending.isAlive());
      assertEquals("", client.failure());
      for (TransferId transfer : client.acknowledged().values()) {
        await(demo, () -> client.isComplete(transfer));
      }
      demo.stop();
      assertTrue(demo.output().contains("stopped"), demo::output);
    }
    System.out.println(
        client.acknowledged().size() + " transfers; " + client.retries() + " retries");
  }

  private AikaProcess start(Path data, int round) {
    return AikaProcess.demo(data, offset, directory.resolve("output-" + round));
  }

  private static void await(AikaProcess demo, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "timed out: " + demo.output());
      assertTrue(demo.runs(POLL_MILLIS), demo::output);
    }
  }

  private void check(Path data, SendingClient client) {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile file = FederationFile.read(data.resolve(FederationFile.NAME));
    NodeSettings settings = new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard());
    try (Node node = new Node(settings, file, keys)) {
      AccountId a = account(node, KOMATSU, "A");
      AccountId b = account(node, KANAZAWA, "B");
      checkSends(node, client, a, b);
      checkMoney(node, client, a, b);
    }
  }

  private static AccountId account(Node node, ChainId chain, String name) {
    return present(node.registers().get(chain)).person(PersonName.of(name)).orElseThrow().account();
  }

  /** A's sends are exactly those that were acknowledged and the demo's own, each once. */
  private static void checkSends(Node node, SendingClient client, AccountId a, AccountId b) {
    Map<OrderId, TransferId> there = new HashMap<>();
    Chain komatsu = node.shard().chain(KOMATSU);
    int demos = 0;
    for (long i = 0; i < komatsu.size(); i++) {
      if (komatsu.entry(i).leaf() instanceof Leaf.Executed leaf
          && leaf.order().order() instanceof Order.Send send) {
        TransferId transfer = new TransferId(KOMATSU, i);
        assertEquals(a, send.from());
        assertEquals(b, send.to());
        if (send.amount().equals(SendingClient.AMOUNT)) {
          TransferId twin = there.put(send.header().id(), transfer);
          assertEquals(null, twin, "sent twice: " + send.header().id());
        } else {
          demos++;
        }
        checkEnd(node, transfer);
      }
    }
    assertEquals(1, demos, "the demo's own transfers");
    assertEquals(client.acknowledged(), there);
    assertFalse(there.isEmpty());
  }

  private static void checkEnd(Node node, TransferId transfer) {
    Row.Hold hold = node.shard().chain(KOMATSU).get(new Key.OfHold(transfer.index()));
    assertEquals(Row.Hold.Status.SETTLED, present(hold).status());
    Row.Outcome outcome = node.shard().chain(KANAZAWA).get(new Key.OfOutcome(transfer));
    assertEquals(OutcomeKind.RECEIVED, present(outcome).kind());
  }

  private static void checkMoney(Node node, SendingClient client, AccountId a, AccountId b) {
    Money clearing = Money.ZERO;
    for (Chain chain : node.shard().chains()) {
      assertTrue(chain.head().totals().conserved(), chain.id().value());
      assertFalse(chain.halted());
      assertEquals(Money.ZERO, chain.head().holds(), chain.id().value());
      clearing = clearing.plus(chain.head().clearing());
    }
    assertEquals(Money.ZERO, clearing);
    assertEquals(Money.of("-1000.00"), node.shard().chain(KOMATSU).head().issued());
    long sent = client.acknowledged().size() * SendingClient.AMOUNT.minor() + 200_00;
    assertEquals(Money.ofMinor(1_000_00 - sent), balance(node, a));
    assertEquals(Money.ofMinor(sent), balance(node, b));
  }

  private static Money balance(Node node, AccountId account) {
    return present(node.shard().chain(account.chain()).get(new Key.OfAccount(account))).balance();
  }

  private static <T> T present(@Nullable T value) {
    assertNotNull(value);
    return value;
  }
}
