package aika.node;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.approve.Approver;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.config.SinksFile;
import aika.node.follow.Evidencing;
import aika.node.follow.Exposure;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
import aika.node.gateway.AddCheckpointHandler;
import aika.node.gateway.Counter;
import aika.node.gateway.Gateway;
import aika.node.gateway.Gateways;
import aika.node.gateway.Meters;
import aika.node.gateway.Payments;
import aika.node.operate.DecisionRoutes;
import aika.node.operate.Operator;
import aika.node.operate.OperatorParts;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.register.LookupRate;
import aika.node.register.Register;
import aika.node.sink.NodeSource;
import aika.node.sink.RegisterNames;
import aika.node.sink.SinkMaker;
import aika.node.sink.Sinks;
import aika.node.sink.Stores;
import aika.node.store.SideStore;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import aika.node.wallet.WalletLock;
import aika.node.web.Pages;
import aika.node.web.Statistics;
import aika.sinks.Names;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. The constructor reads as the node starts: each part needs those above it. */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How long a start waits for what was listed before a crash to be on the list again. */
  private static final Duration PENDING_LIST_WAIT = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Federation federation;
  private final Shard shard;
  private final PendingList pending;
  private final Followers followers;
  private final Evidencing evidencing;
  private final Map<ChainId, Register> registers;
  private final CounterWallet wallet;
  private final AccountTokens tokens;
  private final RepeatGuard repeats;
  private final Payments payments;
  private final Sinks sinks;
  private final Statistics statistics;

  /**
   * Starts every chain of the federation in this process.
   *
   * @param file the federation, whose keys are in {@code keys}
   */
  public Node(NodeSettings settings, FederationFile file, KeyFiles keys) {
    this(settings, file, keys, new Stores(System::currentTimeMillis));
  }

  /**
   * @param maker of the sinks that the data directory's {@code sinks.yaml} asks for
   */
  public Node(NodeSettings settings, FederationFile file, KeyFiles keys, SinkMaker maker) {
    federation = file.federation().shifted(settings.portOffset());
    Directory directory = file.directory();
    SinksFile wanted = SinksFile.read(settings.data(), federation, System::getenv);
    Ed25519 ed25519 = FastEd25519.install();
    try {
      shard =
          open(Shard.start(shardSettings(settings), directory, ed25519, System::currentTimeMillis));
      checkUnchanged(file);
      NodeSource source = open(new NodeSource(shard));
      Approver approver =
          open(
              new Approver(
                  shard,
                  directory,
                  logKeys(keys),
                  seats(keys),
                  ed25519,
                  System::currentTimeMillis));
      Views views = open(Views.open(settings.data().resolve("views")));
      followers = open(new Followers(shard, directory, views, System::currentTimeMillis));
      pending = followers.pending();
      evidencing = followers.evidencing();

      SecureRandom random = new SecureRandom();
      SideStore names = open(SideStore.open(settings.data().resolve("register")));
      registers = registers(names, random);
      SideStore counter = open(SideStore.open(settings.data().resolve("wallet")));
      Path walletKey = settings.data().resolve(WalletLock.KEY_FILE);
      wallet = CounterWallet.unlock(counter, WalletLock.keyFile(walletKey), random);
      tokens = new AccountTokens(counter, random);
      repeats = new RepeatGuard(counter, System::currentTimeMillis);

      Names shown = new RegisterNames(registers);
      sinks =
          new Sinks(shard.changes(), maker.make(wanted, source, shown), System::currentTimeMillis);
      registers.values().forEach(register -> register.onChange(sinks::forget));
      statistics = open(Statistics.of(sinks, System::currentTimeMillis));

      Meters meters = open(new Meters());
      meters.watch(shard, followers);
      meters.watch(sinks);
      open(new Exposure(shard, meters::owed)).start();
      approver.onApproval(meters::approved);
      payments =
          new Payments(
              federation,
              shard,
              pending,
              evidencing,
              new Counter(registers, wallet, tokens, repeats),
              meters,
              System::currentTimeMillis,
              random);

      approver.onApproval(followers::approved);
      followers.start();
      approver.start();
      awaitPendingList();

      Gateway.Parts parts =
          new Gateway.Parts(
              settings.host(),
              federation,
              shard,
              followers,
              sinks,
              payments,
              meters,
              body -> reply(approver.addCheckpoint(body)),
              chain -> List.of(pages(chain, random)),
              chain -> List.of(pages(chain, random).unknown()));
      open(Gateways.start(parts, federation.chains().toList()));
      open(sinks).start();
      DecisionRoutes decisions = new DecisionRoutes(shard, directory, ed25519);
      OperatorParts operated =
          new OperatorParts(
              sinks, source, wanted, Optional.of(decisions), System::currentTimeMillis);
      open(Operator.start(settings.data(), operated, random));
    } catch (RuntimeException failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  /** A list that is behind would tell people that nothing waits for them. */
  private void awaitPendingList() {
    try {
      if (!pending.awaitCaughtUp(PENDING_LIST_WAIT)) {
        LOG.warn(
            "the pending list is still behind after {} s; the gateways open all the same",
            PENDING_LIST_WAIT.toSeconds());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NodeException(Reason.INTERNAL, "interrupted while it started");
    }
  }

  private ShardSettings shardSettings(NodeSettings settings) {
    List<ChainId> chains = federation.chains().map(Chain::id).toList();
    return new ShardSettings(
        federation.id(),
        settings.data().resolve("shard"),
        chains,
        federation.block().interval().toMillis(),
        federation.limits().unapprovedLeaves(),
        settings.store(),
        ShardSettings.Log.STANDARD);
  }

  /** What the chains execute by is on their logs; another file would be silently half in force. */
  private void checkUnchanged(FederationFile file) {
    for (aika.node.order.Chain chain : shard.chains()) {
      if (!chain.head().federationFile().equals(file.hash())) {
        throw new NodeException(
            Reason.FEDERATION_FILE,
            file.path()
                + " is not the file that "
                + chain.id()
                + " started with (SHA-256 "
                + chain.head().federationFile().base64()
                + "); put that one back");
      }
    }
  }

  private Map<ChainId, HeldKey> logKeys(KeyFiles keys) {
    Map<ChainId, HeldKey> held = new HashMap<>();
    federation.chains().forEach(chain -> held.put(chain.id(), keys.log(chain)));
    return held;
  }

  private List<HeldKey> seats(KeyFiles keys) {
    return federation.chains().flatMap(chain -> keys.seats(chain).stream()).toList();
  }

  private Map<ChainId, Register> registers(SideStore names, SecureRandom random) {
    Map<ChainId, Register> found = new HashMap<>();
    for (Municipality municipality : federation.municipalities()) {
      Register register =
          new Register(names, municipality.id(), random, LookupRate.DEFAULT, System::nanoTime);
      found.put(municipality.id(), register);
    }
    return Map.copyOf(found);
  }

  private <T extends AutoCloseable> T open(T part) {
    running.push(part);
    return part;
  }

  public Federation federation() {
    return federation;
  }

  public Shard shard() {
    return shard;
  }

  public PendingList pending() {
    return pending;
  }

  /** The node's own followers, and how far behind they are. */
  public Followers followers() {
    return followers;
  }

  public Evidencing evidencing() {
    return evidencing;
  }

  /** The register of each municipality that this node serves. */
  public Map<ChainId, Register> registers() {
    return registers;
  }

  public CounterWallet wallet() {
    return wallet;
  }

  public AccountTokens tokens() {
    return tokens;
  }

  public RepeatGuard repeats() {
    return repeats;
  }

  public Payments payments() {
    return payments;
  }

  /** The stores that follow the chains, as the data directory's {@code sinks.yaml} says. */
  public Sinks sinks() {
    return sinks;
  }

  private static AddCheckpointHandler.Reply reply(Approver.Reply reply) {
    return new AddCheckpointHandler.Reply(reply.status(), reply.contentType(), reply.body());
  }

  private Pages pages(Chain at, SecureRandom random) {
    return new Pages(
        federation, at, payments, statistics, Pages.ZONE, System::currentTimeMillis, random);
  }

  private void closeAfter(RuntimeException failed) {
    try {
      close();
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
    }
  }

  /** Stops the parts in reverse; what has been accepted is durable already. */
  @Override
  public void close() {
    List<Exception> failures = new ArrayList<>();
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception failed) {
        failures.add(failed);
      }
    }
    if (!failures.isEmpty()) {
      IllegalStateException failed =
          new IllegalStateException("the node did not stop cleanly", failures.getFirst());
      failures.stream().skip(1).forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
