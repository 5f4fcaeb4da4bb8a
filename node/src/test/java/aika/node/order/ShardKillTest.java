package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Frontier;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.store.Seal;
import aika.node.store.StoreSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the real engine, with a store that is written every few dozen orders, checkpoints
 * every few dozen entries and log files that are deleted: whichever of these a kill cuts short,
 * every answered order is there once and no money is lost.
 */
class ShardKillTest {
  private static final int KILLS = 10;
  private static final int PAYERS = 6;
  private static final long KEYS = 20_261_126;

  @TempDir Path directory;

  /** What the children say on stderr. */
  private Path errors = Path.of("");

  @Test
  @Timeout(300)
  void survivesKillsWhileTheStoreIsWritten() throws Exception {
    long seed = Long.getLong("aika.seed", System.nanoTime());
    System.out.println("seed " + seed + " (repeat with -Daika.seed=" + seed + ")");
    Random random = new Random(seed);
    List<String> answered = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(random, answered);
      System.out.println("kill " + kill + ": " + answered.size() + " answered");
    }
    assertTrue(answered.size() > 100, "too little was answered: " + answered.size());
    World world = new World();
    try (Shard shard = world.start(directory)) {
      Map<String, Integer> found = new HashMap<>();
      Chain chain = shard.chain(TestFederation.KOMATSU);
      Frontier tree = new Frontier();
      for (long i = 0; i < chain.size(); i++) {
        tree.append(chain.entry(i).hash(), (level, index, hash) -> {});
        if (chain.entry(i).leaf() instanceof Leaf.Executed executed) {
          found.merge(executed.order().order().header().id().toString(), 1, Integer::sum);
        }
        Seal seal = chain.sealAt(i + 1);
        if (seal != null) {
          assertEquals(tree.root(), seal.root(), "the root at size " + seal.size());
        }
      }
      for (String id : answered) {
        assertEquals(1, found.get(id), id);
      }
      assertTrue(chain.head().totals().conserved());
      assertEquals(Money.of("6000.00").negated(), chain.head().issued());
      assertFalse(chain.halted());
    }
    try (Stream<Path> files = Files.walk(directory.resolve("raft"))) {
      assertTrue(
          files.noneMatch(file -> file.getFileName().toString().startsWith("log_0-")),
          "the log was never cut: the test does not test what it says");
    }
  }

  private void runAndKill(Random random, List<String> answered)
      throws IOException, InterruptedException {
    errors = directory.resolve("errors");
    int answersFirst = random.nextInt(600);
    long millisMore = random.nextInt(60);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < answersFirst; i++) {
        String line = lines.readLine();
        assertNotNull(line, this::said);
        answered.add(whole(line));
      }
      assertFalse(child.waitFor(millisMore, TimeUnit.MILLISECONDS), this::said);
      child.toHandle().destroyForcibly(); // by its handle, which leaves what it said readable
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) {
          answered.add(whole(line));
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private String said() {
    try {
      return "the child ended by itself: " + Files.readString(errors);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String whole(String line) {
    return line.substring(0, line.length() - 1);
  }

  /** Who pays whom; the same in every process. */
  private static final class World {
    final TestFederation federation;
    final List<Person> payers = new ArrayList<>();

    World() throws GeneralSecurityException {
      SecureRandom keys = SecureRandom.getInstance("SHA1PRNG");
      keys.setSeed(KEYS);
      federation = new TestFederation(Policy.standard(), keys);
      for (int i = 0; i < PAYERS; i++) {
        payers.add(federation.person(TestFederation.KOMATSU, "payer" + i));
      }
    }

    Shard start(Path directory) {
      StoreSettings store = new StoreSettings(1 << 20, 1 << 20, 20, 50_000, 32 * 1024);
      return Shard.start(
          new ShardSettings(
              "test",
              directory,
              List.of(TestFederation.ASIA, TestFederation.KOMATSU, TestFederation.KANAZAWA),
              20,
              Long.MAX_VALUE,
              store,
              new ShardSettings.Log(40, (1 << 20) + 2_048)),
          federation.directory,
          new Ed25519(100),
          System::currentTimeMillis);
    }
  }

  /** Pays in circles until it is killed; says {@code id.} when an order is answered. */
  static final class Child {
    /** For answers alone: what is logged goes to stderr. */
    private static final PrintStream ANSWERS = System.out;

    private final World world;
    private final Shard shard;

    private Child(World world, Shard shard) {
      this.world = world;
      this.shard = shard;
    }

    public static void main(String[] arguments) throws Exception {
      System.setOut(System.err);
      World world = new World();
      Child child = new Child(world, world.start(Path.of(arguments[0])));
      for (int i = 0; i < PAYERS; i++) {
        int payer = i;
        Thread.ofPlatform().start(() -> child.pay(payer));
      }
    }

    private void pay(int payer) {
      Person from = world.payers.get(payer);
      Person to = world.payers.get((payer + 1) % PAYERS);
      Chain chain = shard.chain(TestFederation.KOMATSU);
      if (chain.get(new Key.OfAccount(from.account())) == null) {
        order(world.federation.open(from), null);
      }
      if (balance(chain, from).equals(Money.ZERO) && !issued(chain, from)) {
        order(world.federation.issue(from, "1000.00"), null);
      }
      while (chain.get(new Key.OfAccount(to.account())) == null) {
        Thread.onSpinWait();
      }
      while (true) {
        long index = order(world.federation.send(from, to, "0.01"), null);
        TransferId transfer = new TransferId(TestFederation.KOMATSU, index);
        Order receive = new Order.Decide(world.federation.header(), to.account(), transfer, true);
        long received = order(to.sign(receive), new Action.Citation(index, 0, null));
        Action.Item item = new Action.Item(index, received, null);
        Answer settled =
            shard.await(
                shard.submit(
                    TestFederation.KOMATSU,
                    new Action.Settle(TestFederation.KOMATSU, 0, List.of(item))));
        if (!(settled instanceof Answer.Accepted)) {
          throw end(settled);
        }
      }
    }

    private static Money balance(Chain chain, Person person) {
      Row.Account row = chain.get(new Key.OfAccount(person.account()));
      return row == null ? Money.ZERO : row.balance();
    }

    private static boolean issued(Chain chain, Person to) {
      for (long i = 0; i < chain.size(); i++) {
        if (chain.entry(i).leaf() instanceof Leaf.Executed executed
            && executed.order().order() instanceof Order.Issue issue
            && issue.to().equals(to.account())) {
          return true;
        }
      }
      return false;
    }

    private long order(SignedOrder order, Action.@Nullable Citation cited) {
      Answer answer = shard.submit(order, cited);
      if (answer instanceof Answer.Accepted accepted) {
        String said = order.order().header().id() + ".\n";
        ANSWERS.write(said.getBytes(StandardCharsets.US_ASCII), 0, said.length());
        ANSWERS.flush();
        return accepted.index();
      }
      throw end(answer);
    }

    private static IllegalStateException end(Answer answer) {
      System.err.println(answer);
      Runtime.getRuntime().halt(1);
      return new IllegalStateException("halted");
    }
  }
}
