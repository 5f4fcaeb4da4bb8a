package aika.bench;

import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Sha256;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.approve.Approver;
import aika.node.config.HeldKey;
import aika.node.follow.Evidencing;
import aika.node.follow.Followers;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final Map<ChainId, Directory.Entry> entries = new LinkedHashMap<>();
  private final Map<ChainId, HeldKey> logKeys = new HashMap<>();
  private final Map<ChainId, List<HeldKey>> seats = new HashMap<>();
  private final List<HeldKey> officials = new ArrayList<>();
  private final Directory directory;
  private final Shard shard;
  private final Followers followers;

  BenchNode(EngineSettings settings, Path data, Ed25519 ed25519) {
    for (String name : List.of("registrar", "issuer1", "issuer2")) {
      officials.add(held(FEDERATION + '/' + name));
    }
    add(ChainId.of("Asia"));
    add(ChainId.of("Europe"));
    for (int i = 0; i < settings.municipalities(); i++) {
      ChainId chain = ChainId.of((i % 2 == 0 ? "Asia-M" : "Europe-M") + i);
      municipalities.add(chain);
      add(chain);
    }
    Hash file = Hash.of(Sha256.of("bench".getBytes(StandardCharsets.US_ASCII)));
    directory = new Directory(FEDERATION, file, policy(), entries);
    shard = open(Shard.start(shardSettings(data), directory, ed25519, System::currentTimeMillis));
    Views views = open(Views.open(data.resolve("views")));
    followers = open(new Followers(shard, directory, views, System::currentTimeMillis));
    followers.start();
    if (settings.separateCosigners()) {
      SeparateCosigners cosigners =
          open(
              new SeparateCosigners(
                  shard, directory, logKeys, seats, SEATS, ed25519, data.resolve("cosigners")));
      cosigners.onApproval(followers::approved);
      cosigners.start();
    } else {
      Approver approver =
          open(new Approver(shard, directory, logKeys, seats, ed25519, System::currentTimeMillis));
      approver.onApproval(followers::approved);
      approver.start();
    }
  }

  /** The defaults, but for what one account may have waiting, which here depends on the stages. */
  private static Policy policy() {
    Policy standard = Policy.standard();
    return new Policy(
        standard.blockEntries(),
        OPEN_HOLDS_MAX,
        standard.validMillisMax(),
        Money.ofMinor(1),
        standard.exposureMax(),
        standard.exposureSumMax());
  }

  private void add(ChainId chain) {
    String origin = FEDERATION + '/' + chain;
    HeldKey log = held(origin);
    List<HeldKey> held = new ArrayList<>();
    for (int i = 1; i <= SEATS; i++) {
      String name = origin + "/seat" + i;
      Signer signer = MlDsa44.signer(MlDsa44.generate(random));
      held.add(new HeldKey(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
    }
    logKeys.put(chain, log);
    seats.put(chain, held);
    boolean municipal = chain.municipal();
    entries.put(
        chain,
        new Directory.Entry(
            chain,
            log.key(),
            new Seats(1, held.stream().map(HeldKey::key).toList()),
            municipal ? List.of(officials.get(1).key(), officials.get(2).key()) : List.of(),
            municipal ? List.of(officials.getFirst().key()) : List.of()));
  }

  private static HeldKey held(String name) {
    Signer signer = AccountKey.generate();
    return new HeldKey(new VerifierKey(name, Ed25519.TYPE, signer.publicKey()), signer);
  }

  private ShardSettings shardSettings(Path data) {
    return new ShardSettings(
        FEDERATION,
        data.resolve("shard"),
        List.copyOf(entries.keySet()),
        BLOCK_INTERVAL_MILLIS,
        UNAPPROVED_MAX,
        StoreSettings.standard(),
        ShardSettings.Log.STANDARD);
  }

  private <T extends AutoCloseable> T open(T part) {
    running.push(part);
    return part;
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
