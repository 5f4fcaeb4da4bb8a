package aika.node;

import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.log.ConflictProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.approve.Approver;
import aika.node.config.Chain;
import aika.node.config.DurableFile;
import aika.node.config.Federation;
import aika.node.config.FederationException;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.config.MovedChains;
import aika.node.config.PeersFile;
import aika.node.config.SinksFile;
import aika.node.config.UsedFile;
import aika.node.follow.Evidencing;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
import aika.node.gateway.Payments;
import aika.node.mirror.Addresses;
import aika.node.mirror.GivenUpCopies;
import aika.node.mirror.KeptHistories;
import aika.node.mirror.Mirrors;
import aika.node.mirror.ReadableChains;
import aika.node.mirror.Standing;
import aika.node.neighbour.Answering;
import aika.node.neighbour.Neighbours;
import aika.node.operate.MoveRoutes;
import aika.node.operate.PeerRoutes;
import aika.node.order.OrderingSettings;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.register.Register;
import aika.node.sink.SinkMaker;
import aika.node.sink.Sinks;
import aika.node.sink.Stores;
import aika.node.store.SideStore;
import aika.node.tls.CertificateMaker;
import aika.node.tls.NodeTls;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import aika.node.wallet.WalletLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node, or one of several machines that are a node together. Every one of them executes
 * all that is ordered and follows the chains; what answers people, approves and asks other chains
 * runs on the one that leads (docs/adr/0017).
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final String MIRROR = "mirror";
  private static final String VIEWS = "views";

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final NodeSettings settings;
  private final FederationFile file;
  private final KeyFiles keys;
  private final Federation federation;
  private final List<Chain> named;
  private final List<Chain> served;
  private final Addresses addresses;
  private final SinksFile wanted;
  private final Ed25519 ed25519;
  private final Shard shard;
  private final ReadableChains chains;
  private final Optional<Mirrors> mirrors;
  private final Followers followers;
  private final Beginning beginning;
  private final Leading.Base base;
  private final @Nullable PeersFile peers;
  private volatile boolean restarts;
  private volatile boolean anew;
  private final CompletableFuture<Void> outdated = new CompletableFuture<>();
  private volatile @Nullable Role role;
  private boolean following;

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
    this(settings, file, keys, maker, _ -> {});
  }

  /**
   * @param stopping is told, before the start waits for other nodes, what ends that when the
   *     process is to stop: then nothing begins, and the start fails
   */
  public Node(
      NodeSettings settings, FederationFile file, KeyFiles keys, Consumer<Runnable> stopping) {
    this(settings, file, keys, new Stores(System::currentTimeMillis), stopping);
  }

  private Node(
      NodeSettings settings,
      FederationFile file,
      KeyFiles keys,
      SinkMaker maker,
      Consumer<Runnable> stopping) {
    this.settings = settings;
    this.file = file;
    this.keys = keys;
    federation = file.federation().shifted(settings.portOffset());
    named = namedChains();
    wanted = SinksFile.read(settings.data(), federation, System::getenv);
    ed25519 = FastSignatures.install();
    peers = readPeers().orElse(null);
    checkWalletKey();
    try {
      UsedFile.check(settings.data(), file); // before anything is executed by it
      NodeTls tls = NodeTls.open(settings.tls(), System::currentTimeMillis).orElse(null);
      if (tls != null) {
        open(tls).start();
      }
      SideStore names = open(SideStore.open(settings.data().resolve("register")));
      SideStore counter = open(SideStore.open(settings.data().resolve("wallet")));
      shard =
          open(
              Shard.open(
                  shardSettings(peers, tls),
                  file.directory(),
                  ed25519,
                  System::currentTimeMillis,
                  Map.of("register", names, "wallet", counter)));
      served = servedChains();
      addresses = new Addresses(settings.gateways(), elsewhere());
      shard.onRelease(this::note);
      Optional<Decision> decision = Decision.read(settings.data(), file.directory(), ed25519);
      Standing standing = open(standing(tls, decision));
      beginning = new Beginning(shard, standing, keys, file, settings, decision);
      stopping.accept(beginning::stopWaiting);
      if (peers == null) {
        beginning.begin();
      }
      dropViewsOfGivenUp();
      KeptHistories histories = new KeptHistories(settings.data());
      mirrors = mirrors(tls, histories);
      mirrors.ifPresent(this::open);
      chains =
          mirrors
              .map(copies -> new ReadableChains(shard, copies, histories))
              .orElseGet(() -> ReadableChains.served(shard, settings.data()));
      Views views = open(Views.open(settings.data().resolve(VIEWS)));
      followers = open(new Followers(chains, file.directory(), views));
      mirrors.ifPresent(copies -> copies.onApproval(followers::approved));
      mirrors.ifPresent(copies -> copies.onConflict(this::show));
      mirrors.ifPresent(copies -> copies.onGivingUp(this::isOver, this::beginAnew));
      shard.approvals().onTaken((chain, _) -> followers.approved(chain));
      base =
          new Leading.Base(
              settings,
              file,
              federation,
              served,
              keys,
              maker,
              wanted,
              addresses,
              standing,
              ed25519,
              tls,
              shard,
              chains,
              mirrors,
              followers,
              names,
              counter,
              new Restarting(),
              Optional.ofNullable(peers).map(now -> peerRoutes(now, views, names, counter)));
      Role part =
          open(new Role(base, beginning, this::follow, this::outdatedNow, peers, this::peersNow));
      role = part;
      part.begin();
    } catch (RuntimeException failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  /** Without its key the wallet would stay closed just when this machine has to take over. */
  private void checkWalletKey() {
    if (peers != null && !Files.exists(settings.data().resolve(WalletLock.KEY_FILE))) {
      throw new NodeException(
          Reason.FEDERATION_FILE,
          settings.data().resolve(WalletLock.KEY_FILE)
              + " is missing; copy it from the first machine, or start this one once without "
              + PeersFile.NAME);
    }
  }

  private PeerRoutes peerRoutes(PeersFile now, Views views, SideStore names, SideStore counter) {
    return new PeerRoutes(
        shard,
        this::leads,
        () -> readPeers().orElse(now),
        directory -> {
          DurableFile.createPrivateDirectory(directory);
          shard.copyInto(directory.resolve("shard")); // first: what is beside it may be newer
          new KeptHistories(settings.data()).copyInto(directory.resolve(KeptHistories.DIRECTORY));
          names.copyInto(directory.resolve("register"));
          counter.copyInto(directory.resolve("wallet"));
          views.copyInto(directory.resolve(VIEWS));
        });
  }

  // ------------------------------------------------------------------------------- beginning

  private void follow() {
    if (!following) {
      following = true;
      followers.start();
      mirrors.ifPresent(Mirrors::start);
    }
  }

  private void show(ConflictProof proof) {
    Leading now = leadingNow();
    if (now != null) {
      now.conflicts().show(proof);
    }
  }

  private Standing standing(@Nullable NodeTls tls, Optional<Decision> decision) {
    return new Standing(
        file.directory(),
        ed25519,
        shard.chains(),
        addresses,
        chain -> decision.filter(one -> one.waitsFor(chain)).isPresent(),
        shard.clock(),
        tls);
  }

  /** What followers read from a copy that is begun anew, they have to read again. */
  private void dropViewsOfGivenUp() {
    if (!new GivenUpCopies(settings.data().resolve(MIRROR)).chains().isEmpty()) {
      try {
        DurableFile.deleteTree(settings.data().resolve(VIEWS));
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /**
   * Whether no chain here needs the other history any more: each that believed something of this
   * origin has the conflict written down, or the decision that ended it.
   */
  private boolean isOver(ChainId origin, Recovery.Seat decision) {
    return shard.chains().stream()
        .allMatch(chain -> {
          Row.Sitting sitting = chain.get(new Key.OfSitting(origin));
          return chain.get(new Key.OfLatest(origin)) == null
              || sitting != null && (sitting.conflict() || sitting.line() >= decision.set().term());
        });
  }

  private void beginAnew(ChainId copied) {
    LOG.warn("this node has to be started again, to copy {} anew", copied);
    anew = true;
    if (restarts) {
      outdated.complete(null);
    }
  }

  private ShardSettings shardSettings(@Nullable PeersFile peers, @Nullable NodeTls tls) {
    return new ShardSettings(
        federation.id(),
        settings.data().resolve("shard"),
        named.stream().map(Chain::id).toList(),
        federation.block().interval().toMillis(),
        federation.limits().unapprovedLeaves(),
        settings.store(),
        ShardSettings.Log.STANDARD,
        peers == null ? null : group(peers, tls));
  }

  /** Who is told to be a peer of a new node may begin with the others: no chain has begun yet. */
  private ShardSettings.PeerGroup group(PeersFile peers, @Nullable NodeTls tls) {
    List<OrderingSettings.Peer> known =
        peers.peers().entrySet().stream()
            .map(one ->
                new OrderingSettings.Peer(
                    one.getKey(), one.getValue().host(), one.getValue().port()))
            .toList();
    boolean fresh = peers.isNew() && named.stream().allMatch(chain -> keys.mayBegin(chain.id()));
    Set<ChainId> moved = MovedChains.of(settings.data()).keySet();
    Set<String> identities =
        named.stream()
            .filter(chain -> !moved.contains(chain.id()))
            .map(chain -> CertificateMaker.identity(federation.id(), chain.id().value()))
            .collect(Collectors.toSet());
    return new ShardSettings.PeerGroup(
        peers.self(), known, fresh, tls == null ? null : tls.peers(identities));
  }

  /** As the file is now; as it was when there is none that can be read. */
  private PeersFile peersNow(PeersFile before) {
    try {
      return readPeers().orElse(before);
    } catch (FederationException faults) {
      LOG.warn("{}", faults.getMessage());
      return before;
    }
  }

  private Optional<PeersFile> readPeers() {
    return PeersFile.read(settings.data(), file.federation(), Files.isDirectory(settings.tls()));
  }

  /** Those that went elsewhere are of another node now, whatever names this one is started with. */
  private List<Chain> servedChains() {
    federation.chains().forEach(one -> note(one.id())); // also when a crash came before
    List<Chain> here = named.stream().filter(one -> shard.released(one.id()).isEmpty()).toList();
    if (here.isEmpty()) {
      throw new NodeException(
          Reason.CHAIN_MOVED, "every chain of " + settings.data() + " goes on elsewhere");
    }
    named.stream()
        .filter(one -> !here.contains(one))
        .forEach(one -> LOG.warn("{} goes on elsewhere, and is not served here", one.id()));
    return here;
  }

  /** The ledger knows it anyway, so nothing stops when it cannot be written. */
  private void note(ChainId chain) {
    try {
      mark(chain);
    } catch (UncheckedIOException failed) {
      LOG.error("{}", failed.getMessage(), failed);
    }
  }

  private void mark(ChainId chain) {
    shard.released(chain).ifPresent(move -> MovedChains.add(settings.data(), chain, move));
  }

  /** Whether a chain that this node serves went elsewhere; then it has to start again. */
  private boolean outdatedNow() {
    boolean gone = served.stream().anyMatch(one -> shard.released(one.id()).isPresent());
    if (gone) {
      outdated.complete(null);
    }
    return gone;
  }

  /**
   * Whoever runs this node has to close it and start it again once this is done: a chain went
   * elsewhere, or another's copy is begun anew. Who never asks for it gives no chain away.
   */
  public CompletableFuture<Void> outdated() {
    restarts = true;
    if (anew) {
      outdated.complete(null); // it was found while the node still started
    }
    return outdated;
  }

  /** By an operator's command. */
  private final class Restarting implements MoveRoutes.Restart {
    @Override
    public boolean isPossible() {
      return restarts;
    }

    @Override
    public void check() {
      var _ = SinksFile.read(settings.data(), federation, System::getenv);
      federation.chains().forEach(one -> mark(one.id()));
    }

    @Override
    public void begin() {
      outdated.complete(null);
    }
  }

  private List<Chain> namedChains() {
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
  private Map<ChainId, URI> elsewhere() {
    Map<ChainId, URI> gateways = new HashMap<>();
    for (Chain chain : federation.chains().toList()) {
      if (!served.contains(chain)) {
        URI here = URI.create("http://localhost:" + chain.http());
        gateways.put(chain.id(), settings.gateways().getOrDefault(chain.id(), here));
      }
    }
    return gateways;
  }

  private Optional<Mirrors> mirrors(@Nullable NodeTls tls, KeptHistories histories) {
    if (addresses.chains().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Mirrors(
            settings.data().resolve(MIRROR),
            settings.store(),
            histories,
            switch (settings.mirror()) {
              case ALL -> Mirrors.Choice.ALL;
              case NEEDED -> new Mirrors.Choice(this::isNeeded, servedMunicipalities());
            },
            file.directory(),
            addresses,
            ed25519,
            shard.changes(),
            shard.clock(),
            tls));
  }

  private List<ChainId> servedMunicipalities() {
    return served.stream().map(Chain::id).filter(ChainId::municipal).toList();
  }

  /**
   * [NBR-16] Whether another node's chain concerns this one from the beginning; with whom the
   * served chains deal followers tell.
   */
  private boolean isNeeded(ChainId id) {
    return !id.municipal()
        || shard.find(id.continent()) != null
        || shard.chains().stream().anyMatch(chain -> chain.get(new Key.OfLatest(id)) != null);
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
    return leading().approver();
  }

  public PendingList pending() {
    return followers.pending();
  }

  /** The node's own followers, and how far behind they are. */
  public Followers followers() {
    return followers;
  }

  public Evidencing evidencing() {
    return followers.evidencing();
  }

  /** The register of each municipality that this node serves. */
  public Map<ChainId, Register> registers() {
    return leading().registers();
  }

  public CounterWallet wallet() {
    return leading().wallet();
  }

  public AccountTokens tokens() {
    return leading().tokens();
  }

  public RepeatGuard repeats() {
    return leading().repeats();
  }

  /** The way to the registers of other nodes. */
  public Neighbours neighbours() {
    return leading().neighbours();
  }

  public Answering answering() {
    return leading().answering();
  }

  public Payments payments() {
    return leading().payments();
  }

  /** The stores that follow the chains, as the data directory's {@code sinks.yaml} says. */
  public Sinks sinks() {
    return leading().sinks();
  }

  /** Whether this machine leads and answers people; one that is alone always does. */
  public boolean leads() {
    return leadingNow() != null;
  }

  private @Nullable Leading leadingNow() {
    Role part = role;
    return part == null ? null : part.leading();
  }

  private Leading leading() {
    Leading now = leadingNow();
    if (now == null) {
      throw new NodeException(Reason.NOT_LEADING, "another peer answers, or none at the moment");
    }
    return now;
  }

  private void closeAfter(RuntimeException failed) {
    try {
      close();
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
    }
  }

  /**
   * Stops the parts in reverse; what has been accepted is durable already. A peer that leads lets
   * another one lead first.
   */
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
