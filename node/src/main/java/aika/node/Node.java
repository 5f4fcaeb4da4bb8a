package aika.node;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.approve.Approver;
import aika.node.approve.Convicting;
import aika.node.backup.Backup;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.config.SinksFile;
import aika.node.config.UsedFile;
import aika.node.follow.Evidencing;
import aika.node.follow.Exposure;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
import aika.node.gateway.Counter;
import aika.node.gateway.Gateway;
import aika.node.gateway.Gateways;
import aika.node.gateway.Meters;
import aika.node.gateway.Payments;
import aika.node.gossip.Conflicts;
import aika.node.gossip.Gossip;
import aika.node.gossip.GossipDoor;
import aika.node.mirror.Addresses;
import aika.node.mirror.Mirrors;
import aika.node.mirror.ReadableChains;
import aika.node.mirror.Standing;
import aika.node.neighbour.Answering;
import aika.node.neighbour.Neighbours;
import aika.node.operate.BackupRoutes;
import aika.node.operate.DecisionRoutes;
import aika.node.operate.Operator;
import aika.node.operate.OperatorParts;
import aika.node.operate.ResidentRoutes;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.register.Rate;
import aika.node.register.Register;
import aika.node.sink.NodeSource;
import aika.node.sink.RegisterNames;
import aika.node.sink.SinkMaker;
import aika.node.sink.Sinks;
import aika.node.sink.Stores;
import aika.node.store.SideStore;
import aika.node.tls.NodeTls;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import aika.node.wallet.WalletLock;
import aika.node.web.Pages;
import aika.node.web.Statistics;
import aika.sinks.Names;
import java.net.URI;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. The constructor reads as the node starts: each part needs those above it. */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How long a start waits for what was listed before a crash to be on the list again. */
  private static final Duration PENDING_LIST_WAIT = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Federation federation;
  private final List<Chain> served;
  private final Shard shard;
  private final ReadableChains chains;
  private final Approver approver;
  private final PendingList pending;
  private final Followers followers;
  private final Evidencing evidencing;
  private final Map<ChainId, Register> registers;
  private final CounterWallet wallet;
  private final AccountTokens tokens;
  private final RepeatGuard repeats;
  private final Neighbours neighbours;
  private final Answering answering;
  private final Payments payments;
  private final Sinks sinks;
  private final Statistics statistics;

  /**
   * Starts the chains that the settings name.
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
    served = served(settings);
    Addresses addresses = new Addresses(settings.gateways(), elsewhere(settings));
    Directory directory = file.directory();
    SinksFile wanted = SinksFile.read(settings.data(), federation, System::getenv);
    Ed25519 ed25519 = FastEd25519.install();
    try {
      UsedFile.check(settings.data(), file); // before anything is executed by it
      NodeTls tls = NodeTls.open(settings.tls(), System::currentTimeMillis).orElse(null);
      GossipDoor door = tls == null ? null : new GossipDoor(open(tls).start());
      shard =
          open(Shard.open(shardSettings(settings), directory, ed25519, System::currentTimeMillis));
      Standing standing =
          open(
              new Standing(
                  directory,
                  ed25519,
                  shard.chains(),
                  elsewhere(settings).values(),
                  shard.clock(),
                  tls));
      checkStanding(standing);
      checkBegun(keys, settings);
      shard.begin();
      standing.goOn(shard::forbid);
      served.forEach(chain -> keys.begun(chain.id()));
      checkUnchanged(file);
      Optional<Mirrors> mirrors = mirrors(settings, directory, addresses, ed25519, tls);
      mirrors.ifPresent(this::open);
      chains = new ReadableChains(shard, mirrors.map(Mirrors::chains).orElse(List.of()));
      NodeSource source = open(new NodeSource(shard));
      approver =
          open(
              new Approver(
                  shard,
                  directory,
                  logKeys(keys),
                  seats(keys),
                  ed25519,
                  System::currentTimeMillis));
      Views views = open(Views.open(settings.data().resolve("views")));
      followers = open(new Followers(chains, directory, views, System::currentTimeMillis));
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

      neighbours = open(neighbours(directory, keys, addresses, ed25519, tls));
      answering =
          new Answering(
              directory, chains, registers, logKeys(keys), ed25519, System::currentTimeMillis);

      Names shown = new RegisterNames(registers);
      sinks =
          new Sinks(shard.changes(), maker.make(wanted, source, shown), System::currentTimeMillis);
      registers.values().forEach(register -> register.onChange(sinks::forget));
      statistics = open(Statistics.of(sinks, System::currentTimeMillis));

      Meters meters = open(new Meters());
      meters.watch(shard, followers);
      meters.watch(shard, approver.candidates());
      mirrors.ifPresent(meters::watch);
      meters.watch(sinks);
      if (tls != null) {
        meters.watch(tls, System::currentTimeMillis);
      }
      open(new Exposure(shard, meters::owed)).start();
      approver.onApproval(meters::approved);
      payments =
          new Payments(
              federation,
              chains,
              pending,
              evidencing,
              new Counter(registers, wallet, tokens, repeats),
              neighbours,
              meters,
              System::currentTimeMillis,
              random);

      approver.onApproval(followers::approved);
      mirrors.ifPresent(copies -> copies.onApproval(followers::approved));
      Conflicts conflicts =
          new Conflicts(settings.data(), new Convicting(shard, directory, ed25519));
      mirrors.ifPresent(copies -> copies.onConflict(conflicts::show));
      approver.onApproval(any -> conflicts.bringAgain());
      followers.start();
      approver.start();
      conflicts.bringAgain();
      mirrors.ifPresent(Mirrors::start);
      awaitPendingList();

      Gateway.Parts parts =
          new Gateway.Parts(
              settings.host(),
              federation,
              chains,
              followers,
              sinks,
              payments,
              meters,
              approver,
              answering,
              chain -> List.of(pages(chain, random)),
              chain -> List.of(pages(chain, random).unknown()),
              tls == null || door == null ? null : new Gateway.Nodes(tls, door));
      open(Gateways.start(parts, served));
      open(sinks).start();
      mirrors
          .flatMap(copies ->
              Gossip.start(
                  new Gossip.Parts(
                      directory,
                      chains,
                      copies,
                      addresses,
                      conflicts,
                      logKeys(keys),
                      ed25519,
                      System::currentTimeMillis),
                  federation,
                  served,
                  settings.host(),
                  door,
                  meters::rumour))
          .ifPresent(gossip -> {
            open(gossip);
            approver.onApproval(gossip::approved);
            meters.members(gossip::members);
          });
      DecisionRoutes decisions = new DecisionRoutes(shard, directory, ed25519);
      ResidentRoutes residents =
          new ResidentRoutes(federation, keys, shard, registers, wallet, System::currentTimeMillis);
      Backup backup =
          new Backup(
              settings.data(),
              chains,
              List.of(new Backup.Beside("register", names), new Backup.Beside("wallet", counter)));
      OperatorParts operated =
          new OperatorParts(
              sinks,
              source,
              wanted,
              Optional.of(decisions),
              Optional.of(residents),
              Optional.of(new BackupRoutes(backup)),
              System::currentTimeMillis);
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
    return new ShardSettings(
        federation.id(),
        settings.data().resolve("shard"),
        served.stream().map(Chain::id).toList(),
        federation.block().interval().toMillis(),
        federation.limits().unapprovedLeaves(),
        settings.store(),
        ShardSettings.Log.STANDARD);
  }

  /** A chain whose data are elsewhere, or lost, must not begin a second time. */
  private void checkBegun(KeyFiles keys, NodeSettings settings) {
    for (aika.node.order.Chain chain : shard.chains()) {
      if (chain.size() == 0 && !keys.mayBegin(chain.id())) {
        throw new NodeException(
            Reason.NODE_BEHIND,
            chain.id()
                + " has begun already, but nothing of it is in "
                + settings.data()
                + "; start it with the names and the directory as before, or restore it");
      }
    }
  }

  /** What others have seen must not be written a second time, and differently. */
  private void checkStanding(Standing standing) {
    Refusal behind = standing.check();
    if (behind != null) {
      throw new NodeException(behind.reason(), behind.detail());
    }
    Refusal apart = shard.clock().refusal();
    if (apart != null) {
      throw new NodeException(apart.reason(), apart.detail());
    }
  }

  /** What the chains execute by is on their logs; another file would be silently half in force. */
  private void checkUnchanged(FederationFile file) {
    for (aika.node.order.Chain chain : shard.chains()) {
      if (!file.directory().isFile(chain.head().federationFile())) {
        throw new NodeException(
            Reason.FEDERATION_FILE,
            file.path()
                + " is not the file that "
                + chain.id()
                + " started with (SHA-256 "
                + chain.head().federationFile().base64()
                + "), nor does it continue that one; put that one back");
      }
    }
  }

  private List<Chain> served(NodeSettings settings) {
    for (ChainId id : settings.serves()) {
      if (federation.chain(id).isEmpty()) {
        throw new NodeException(Reason.UNKNOWN_CHAIN, id + " is not in the federation file");
      }
    }
    return federation
        .chains()
        .filter(chain -> settings.serves().isEmpty() || settings.serves().contains(chain.id()))
        .toList();
  }

  /** The gateways of the chains that other nodes serve. */
  private Map<ChainId, URI> elsewhere(NodeSettings settings) {
    Map<ChainId, URI> gateways = new HashMap<>();
    for (Chain chain : federation.chains().toList()) {
      if (!served.contains(chain)) {
        URI here = URI.create("http://localhost:" + chain.http());
        gateways.put(chain.id(), settings.gateways().getOrDefault(chain.id(), here));
      }
    }
    return gateways;
  }

  private Optional<Mirrors> mirrors(
      NodeSettings settings,
      Directory directory,
      Addresses addresses,
      Ed25519 ed25519,
      @Nullable NodeTls tls) {
    if (addresses.chains().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Mirrors(
            settings.data().resolve("mirror"),
            settings.store(),
            directory,
            addresses,
            ed25519,
            shard.changes(),
            shard.clock(),
            tls));
  }

  private Neighbours neighbours(
      Directory directory,
      KeyFiles keys,
      Addresses addresses,
      Ed25519 ed25519,
      @Nullable NodeTls tls) {
    return new Neighbours(
        directory, addresses, logKeys(keys), ed25519, System::currentTimeMillis, tls);
  }

  private Map<ChainId, HeldKey> logKeys(KeyFiles keys) {
    Map<ChainId, HeldKey> held = new HashMap<>();
    served.forEach(chain -> held.put(chain.id(), keys.log(chain)));
    return held;
  }

  private List<HeldKey> seats(KeyFiles keys) {
    return served.stream().flatMap(chain -> keys.seats(chain).stream()).toList();
  }

  private Map<ChainId, Register> registers(SideStore names, SecureRandom random) {
    Map<ChainId, Register> found = new HashMap<>();
    for (Chain chain : served) {
      if (!(chain instanceof Municipality municipality)) {
        continue;
      }
      Register register =
          new Register(names, municipality.id(), random, Rate.DEFAULT, System::nanoTime);
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

  /** The chains that this node orders. */
  public List<Chain> served() {
    return served;
  }

  public Shard shard() {
    return shard;
  }

  /** The chains that this node can read. */
  public ReadableChains chains() {
    return chains;
  }

  public Approver approver() {
    return approver;
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

  /** The way to the registers of other nodes. */
  public Neighbours neighbours() {
    return neighbours;
  }

  public Answering answering() {
    return answering;
  }

  public Payments payments() {
    return payments;
  }

  /** The stores that follow the chains, as the data directory's {@code sinks.yaml} says. */
  public Sinks sinks() {
    return sinks;
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
