package aika.bench;

import aika.core.ledger.Directory;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Sha256;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.approve.Approver;
import aika.node.config.BlockRule;
import aika.node.config.Chain;
import aika.node.config.Continent;
import aika.node.config.DisplayName;
import aika.node.config.Federation;
import aika.node.config.HeldKey;
import aika.node.config.Limits;
import aika.node.config.Municipality;
import aika.node.config.Seat;
import aika.node.config.Term;
import aika.node.follow.Evidencing;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
import aika.node.mirror.ReadableChains;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A node without its gateway: the parts of {@code aika.node.Node}, of a federation made up here.
 */
final class BenchNode implements AutoCloseable {
  static final String FEDERATION = "bench.example";
  private static final int SEATS = 5;
  private static final long BLOCK_INTERVAL_MILLIS = 250;
  private static final long UNAPPROVED_MAX = 25_000;
  private static final int OPEN_HOLDS_MAX = 1_000_000;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();
  private final List<ChainId> municipalities = new ArrayList<>();
  private final List<Continent> continents = new ArrayList<>();
  private final List<Municipality> chains = new ArrayList<>();
  private final Map<ChainId, HeldKey> logKeys = new HashMap<>();
  private final Map<ChainId, List<HeldKey>> seats = new HashMap<>();
  private final List<HeldKey> officials = new ArrayList<>();
  private final Path data;
  private final Federation federation;
  private final Directory directory;
  private final @Nullable PeerShards peers;
  private final Shard shard;
  private final Views views;
  private volatile Followers followers;

  /**
   * @param count municipalities
   */
  BenchNode(int count, boolean separateCosigners, Path data, Ed25519 ed25519) {
    this(count, separateCosigners, 1, data, ed25519);
  }

  /**
   * @param machines peers that order and execute, all of them here
   */
  BenchNode(int count, boolean separateCosigners, int machines, Path data, Ed25519 ed25519) {
    this.data = data;
    for (String name : List.of("registrar", "issuer1", "issuer2")) {
      officials.add(held(FEDERATION + '/' + name));
    }
    addContinent("Asia");
    addContinent("Europe");
    for (int i = 0; i < count; i++) {
      addMunicipality((i % 2 == 0 ? "Asia-M" : "Europe-M") + i);
    }
    federation =
        new Federation(
            FEDERATION,
            held(FEDERATION).key(),
            BlockRule.STANDARD,
            limits(),
            new Term(Term.LENGTH_STANDARD, SEATS),
            continents,
            chains);
    Hash file = Hash.of(Sha256.of("bench".getBytes(StandardCharsets.US_ASCII)));
    directory = federation.directory(file);
    if (machines == 1) {
      ShardSettings settings = shardSettings(data.resolve("shard"), null);
      peers = null;
      shard = open(Shard.start(settings, directory, ed25519, System::currentTimeMillis));
    } else {
      peers = open(new PeerShards(machines, data, this::shardSettings, directory, ed25519));
      shard = peers.leader();
    }
    views = open(Views.open(data.resolve("views")));
    followers = open(newFollowers());
    followers.start();
    if (separateCosigners) {
      SeparateCosigners cosigners =
          open(
              new SeparateCosigners(
                  shard, directory, logKeys, seats, SEATS, ed25519, data.resolve("cosigners")));
      cosigners.onApproval(this::approved);
      cosigners.start();
    } else {
      Approver approver =
          open(
              new Approver(
                  shard,
                  directory,
                  logKeys,
                  seats.values().stream().flatMap(List::stream).toList(),
                  ed25519,
                  System::currentTimeMillis));
      approver.onApproval(this::approved);
      approver.start();
    }
  }

  private Followers newFollowers() {
    return new Followers(ReadableChains.served(shard, data), directory, views);
  }

  private void approved(ChainId chain) {
    followers.approved(chain);
  }

  /** From now on nobody follows, until {@link #follow}. */
  void unfollow() {
    running.remove(followers);
    followers.close();
  }

  /** Followers begin where those before them ended. */
  void follow() {
    Followers next = newFollowers();
    followers = next;
    running.push(next); // closed first: before the approver, which it needs nothing of
    next.start();
  }

  /** The defaults, but for what one account may have waiting, which here depends on the stages. */
  private static Limits limits() {
    Limits standard = Limits.STANDARD;
    return new Limits(
        standard.unapprovedLeaves(),
        OPEN_HOLDS_MAX,
        standard.exposurePerCounterpart(),
        standard.exposureSum(),
        standard.crossChainMin(),
        standard.validUntilStandard(),
        standard.validUntilMax(),
        standard.notAfterStandard(),
        standard.issued());
  }

  private void addContinent(String name) {
    ChainId chain = ChainId.of(name);
    continents.add(
        new Continent(
            chain,
            new DisplayName(name, name),
            0,
            OptionalInt.empty(),
            OptionalInt.empty(),
            continents.isEmpty(),
            logKey(chain),
            seatsOf(chain),
            Optional.empty()));
  }

  private void addMunicipality(String name) {
    ChainId chain = ChainId.of(name);
    municipalities.add(chain);
    chains.add(
        new Municipality(
            chain,
            new DisplayName(name, name),
            0,
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(officials.get(1).key(), officials.get(2).key()),
            List.of(officials.getFirst().key()),
            logKey(chain),
            seatsOf(chain),
            Optional.empty()));
  }

  private VerifierKey logKey(ChainId chain) {
    HeldKey log = held(FEDERATION + '/' + chain);
    logKeys.put(chain, log);
    return log.key();
  }

  private List<Seat> seatsOf(ChainId chain) {
    List<HeldKey> held = new ArrayList<>();
    List<Seat> named = new ArrayList<>();
    for (int i = 1; i <= SEATS; i++) {
      String seat = "seat" + i;
      Signer signer = MlDsa44.signer(MlDsa44.generate(random));
      String name = FEDERATION + '/' + chain + '/' + seat;
      VerifierKey key = new VerifierKey(name, Cosignature.TYPE, signer.publicKey());
      held.add(new HeldKey(key, signer));
      named.add(new Seat(seat, key));
    }
    seats.put(chain, held);
    return named;
  }

  private static HeldKey held(String name) {
    Signer signer = AccountKey.generate();
    return new HeldKey(new VerifierKey(name, Ed25519.TYPE, signer.publicKey()), signer);
  }

  private ShardSettings shardSettings(Path at, ShardSettings.@Nullable PeerGroup group) {
    return new ShardSettings(
        FEDERATION,
        at,
        federation.chains().map(Chain::id).toList(),
        BLOCK_INTERVAL_MILLIS,
        UNAPPROVED_MAX,
        StoreSettings.standard(),
        ShardSettings.Log.STANDARD,
        group);
  }

  private <T extends AutoCloseable> T open(T part) {
    running.push(part);
    return part;
  }

  Federation federation() {
    return federation;
  }

  Directory directory() {
    return directory;
  }

  List<ChainId> municipalities() {
    return municipalities;
  }

  HeldKey registrar() {
    return officials.getFirst();
  }

  List<HeldKey> issuers() {
    return officials.subList(1, 3);
  }

  Shard shard() {
    return shard;
  }

  /** The peers, where there are several. */
  PeerShards peers() {
    return Objects.requireNonNull(peers);
  }

  PendingList pending() {
    return followers.pending();
  }

  Evidencing evidencing() {
    return followers.evidencing();
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception failed) {
        throw new BenchException("the node did not stop cleanly", failed);
      }
    }
  }
}
