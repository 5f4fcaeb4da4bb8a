package aika.node;

import aika.core.follow.Partners;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
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
import aika.node.follow.Exposure;
import aika.node.follow.Followers;
import aika.node.follow.Partnering;
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
import aika.node.operate.MoveRoutes;
import aika.node.operate.Operator;
import aika.node.operate.OperatorParts;
import aika.node.operate.PeerRoutes;
import aika.node.operate.ResidentRoutes;
import aika.node.order.Shard;
import aika.node.register.Rate;
import aika.node.register.Register;
import aika.node.sink.NodeSource;
import aika.node.sink.RegisterNames;
import aika.node.sink.SinkMaker;
import aika.node.sink.Sinks;
import aika.node.store.SideStore;
import aika.node.tls.NodeTls;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import aika.node.wallet.WalletLock;
import aika.node.wallet.WalletRows;
import aika.node.web.Pages;
import aika.node.web.Statistics;
import aika.sinks.Names;
import aika.sinks.webhook.Webhook;
import aika.sinks.webhook.WebhookPace;
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

/**
 * What only the peer runs that leads: it approves, follows, answers people and other nodes. The
 * constructor reads as it starts; each part needs those above it.
 */
final class Leading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leading.class);

  /** How long a start waits for what was listed before a crash to be on the list again. */
  private static final Duration PENDING_LIST_WAIT = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Base base;
  private final long term;
  private final Approver approver;
  private final Map<ChainId, Register> registers;
  private final CounterWallet wallet;
  private final AccountTokens tokens;
  private final RepeatGuard repeats;
  private final Neighbours neighbours;
  private final Answering answering;
  private final Payments payments;
  private final Sinks sinks;
  private final Statistics statistics;
  private final Conflicts conflicts;

  /**
   * What every peer has, for one that leads.
   *
   * @param names where the registers are
   * @param counter where the counter's wallet is
   * @param restart how the node starts again without a chain
   * @param peers empty for a machine that is alone
   */
  record Base(
      NodeSettings settings,
      FederationFile file,
      Federation federation,
      List<Chain> served,
      KeyFiles keys,
      SinkMaker maker,
      SinksFile wanted,
      Addresses addresses,
      Standing standing,
      Ed25519 ed25519,
      @Nullable NodeTls tls,
      Shard shard,
      ReadableChains chains,
      Optional<Mirrors> mirrors,
      Followers followers,
      SideStore names,
      SideStore counter,
      MoveRoutes.Restart restart,
      Optional<PeerRoutes> peers) {}

  /**
   * @param term in which this peer leads: what it changes rests on what it reads in this term
   * @param freePorts is called before the first port is needed
   */
  Leading(Base base, long term, Runnable freePorts) {
    this.base = base;
    this.term = term;
    try {
      NodeSettings settings = base.settings;
      Federation federation = base.federation;
      List<Chain> served = base.served;
      KeyFiles keys = base.keys;
      Ed25519 ed25519 = base.ed25519;
      Directory directory = base.file.directory();
      NodeTls tls = base.tls;
      GossipDoor door = tls == null ? null : new GossipDoor(tls);
      Shard shard = base.shard;
      ReadableChains chains = base.chains;
      Optional<Mirrors> mirrors = base.mirrors;
      Followers followers = base.followers;
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
      SecureRandom random = new SecureRandom();
      registers = registers(base.names.in(term), random);
      SideStore counter = base.counter.in(term);
      Path walletKey = settings.data().resolve(WalletLock.KEY_FILE);
      wallet = CounterWallet.unlock(counter, WalletLock.keyFile(walletKey), random);
      tokens = new AccountTokens(counter, random);
      repeats = new RepeatGuard(counter, System::currentTimeMillis);

      neighbours = open(neighbours(base));
      answering =
          new Answering(
              directory, chains, registers, logKeys(keys), ed25519, System::currentTimeMillis);

      if (base.peers.isPresent()) {
        base.wanted
            .webhooks()
            .forEach(hook ->
                new Webhook(hook, WebhookPace.STANDARD, System::currentTimeMillis)
                    .beginAtEnd(source));
      }
      Names shown = new RegisterNames(registers);
      sinks =
          new Sinks(
              shard.changes(),
              base.maker.make(base.wanted, source, shown),
              System::currentTimeMillis);
      registers.values().forEach(register -> register.onChange(sinks::forget));
      statistics = open(Statistics.of(sinks, System::currentTimeMillis));

      Meters meters = open(new Meters());
      meters.watch(shard, followers, base.federation.chains().map(Chain::id).toList());
      meters.watch(shard, approver.candidates());
      meters.watchDisk(settings.data());
      mirrors.ifPresent(meters::watch);
      meters.watch(sinks);
      if (base.peers.isPresent()) {
        meters.watchPeers(shard);
      }
      if (tls != null) {
        meters.watch(tls, System::currentTimeMillis);
      }
      open(new Exposure(shard, directory, meters::owed)).start();
      approver.onApproval(meters::approved);
      payments =
          new Payments(
              federation,
              chains,
              followers,
              new Counter(registers, wallet, tokens, repeats),
              neighbours,
              meters,
              System::currentTimeMillis,
              random);

      approver.onApproval(followers::approved);
      conflicts = new Conflicts(settings.data(), new Convicting(shard, directory, ed25519));
      approver.onApproval(any -> conflicts.bringAgain());
      approver.start();
      conflicts.bringAgain();
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
      freePorts.run();
      open(Gateways.start(parts, served));
      open(sinks).start();
      mirrors
          .flatMap(copies ->
              Gossip.start(
                  new Gossip.Parts(
                      directory,
                      chains,
                      copies,
                      base.addresses,
                      base.standing,
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
            tellOffers(gossip);
          });
      DecisionRoutes decisions = new DecisionRoutes(shard, directory, ed25519);
      ResidentRoutes residents =
          new ResidentRoutes(federation, keys, shard, registers, wallet, System::currentTimeMillis);
      Backup backup =
          new Backup(
              settings.data(),
              chains,
              List.of(
                  new Backup.Beside("register", base.names, Register::isOf),
                  new Backup.Beside("wallet", base.counter, WalletRows::goesWith)));
      OperatorParts operated =
          new OperatorParts(
              sinks,
              source,
              base.wanted,
              Optional.of(decisions),
              Optional.of(residents),
              Optional.of(new BackupRoutes(backup)),
              Optional.of(new MoveRoutes(shard, federation, backup, base.restart)),
              base.peers,
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
      if (!base.followers.pending().awaitCaughtUp(PENDING_LIST_WAIT)) {
        LOG.warn(
            "the pending list is still behind after {} s; the gateways open all the same",
            PENDING_LIST_WAIT.toSeconds());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NodeException(Reason.INTERNAL, "interrupted while it started");
    }
  }

  /** Also what was offered a while ago: those whom it concerns may not have heard it. */
  private void tellOffers(Gossip gossip) {
    Partnering partnering = base.followers.partnering();
    Partners partners = partnering.partners();
    partnering.onOffers(heads -> gossip.offered(late(partners, heads)));
    running.push(() -> partnering.onOffers(_ -> {}));
    for (Chain chain : base.served) {
      gossip.offered(late(partners, partners.from(chain.id())));
    }
  }

  private static List<Partners.Head> late(Partners partners, List<Partners.Head> heads) {
    long since = System.currentTimeMillis() - Gossip.OFFERS_MAX.toMillis();
    return heads.stream().filter(one -> partners.time(one) >= since).toList();
  }

  private Neighbours neighbours(Base with) {
    return new Neighbours(
        with.file.directory(),
        with.addresses,
        logKeys(with.keys),
        with.ed25519,
        System::currentTimeMillis,
        with.tls);
  }

  private Map<ChainId, HeldKey> logKeys(KeyFiles keys) {
    Map<ChainId, HeldKey> held = new HashMap<>();
    base.served.forEach(chain -> held.put(chain.id(), keys.log(chain)));
    return held;
  }

  private List<HeldKey> seats(KeyFiles keys) {
    return base.served.stream().flatMap(chain -> keys.seats(chain).stream()).toList();
  }

  private Map<ChainId, Register> registers(SideStore names, SecureRandom random) {
    Map<ChainId, Register> found = new HashMap<>();
    for (Chain chain : base.served) {
      if (!(chain instanceof Municipality municipality)) {
        continue;
      }
      Register register =
          new Register(names, municipality.id(), random, Rate.DEFAULT, System::nanoTime);
      found.put(municipality.id(), register);
    }
    return Map.copyOf(found);
  }

  private Pages pages(Chain at, SecureRandom random) {
    return new Pages(
        base.federation, at, payments, statistics, Pages.ZONE, System::currentTimeMillis, random);
  }

  private <T extends AutoCloseable> T open(T part) {
    running.push(part);
    return part;
  }

  /** In which it leads. */
  long term() {
    return term;
  }

  Approver approver() {
    return approver;
  }

  Map<ChainId, Register> registers() {
    return registers;
  }

  CounterWallet wallet() {
    return wallet;
  }

  AccountTokens tokens() {
    return tokens;
  }

  RepeatGuard repeats() {
    return repeats;
  }

  Neighbours neighbours() {
    return neighbours;
  }

  Answering answering() {
    return answering;
  }

  Payments payments() {
    return payments;
  }

  Sinks sinks() {
    return sinks;
  }

  Conflicts conflicts() {
    return conflicts;
  }

  private void closeAfter(RuntimeException failed) {
    try {
      close();
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
    }
  }

  /** Stops the parts in reverse. */
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
          new IllegalStateException("what leads did not stop cleanly", failures.getFirst());
      failures.stream().skip(1).forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
