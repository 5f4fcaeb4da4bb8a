package aika.node.gossip;

import aika.core.follow.Partners;
import aika.core.ledger.Directory;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.node.config.Federation;
import aika.node.config.HeldKey;
import aika.node.mirror.Addresses;
import aika.node.mirror.Mirrors;
import aika.node.mirror.OfferLine;
import aika.node.mirror.ReadableChains;
import aika.node.mirror.Standing;
import aika.node.order.Chain;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes what is new here, and has looked into what they tell (docs/spec/gossip.md).
 * Whatever arrives only says where to look: it may be lost, late or forged without harm.
 */
public final class Gossip implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gossip.class);

  /** The least time between two checkpoints of a chain that are told. */
  private static final long TELL_MILLIS = 250;

  private static final long LOOK_MILLIS = 1_000;

  /** What was pulled is told when nobody else has told it for so long. */
  private static final long UNHEARD_MILLIS = 2_000;

  /** Everything is told again so often, and so much later for each member. */
  private static final long ROUND_MILLIS_MIN = 30_000;

  private static final long ROUND_MILLIS_PER_MEMBER = 100;

  /** And when somebody joined, but not for each of many. */
  private static final long JOIN_MILLIS = 1_000;

  private static final long ROUNDS_RELIED_ON = 3;

  /** Older offers are not told by a node that starts. */
  public static final Duration OFFERS_MAX = Duration.ofHours(1);

  /** By how much clocks may differ. */
  static final long CLOCK_MILLIS_MAX = 120_000;

  private static final int WAITING_MAX = 1_024;
  private static final int HEARD_MAX = 10_000;

  /**
   * What it is about.
   *
   * @param logKeys of the chains that are served here
   * @param clock ms since 1970
   */
  public record Parts(
      Directory directory,
      ReadableChains chains,
      Mirrors mirrors,
      Addresses addresses,
      Standing standing,
      Conflicts conflicts,
      Map<ChainId, HeldKey> logKeys,
      SignatureScheme signatures,
      LongSupplier clock) {}

  private final Parts parts;
  private final Places places;
  private final BiConsumer<String, String> counter;
  private final @Nullable Membership membership;
  private final BlockingQueue<Rumour> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Paces paces = new Paces(System::nanoTime);
  private final Cache<Checkpoint, Boolean> heard =
      Caffeine.newBuilder().maximumSize(HEARD_MAX).build();
  private final Map<ChainId, Long> unheard = new ConcurrentHashMap<>();
  private final Map<ChainId, Long> presentAt = new ConcurrentHashMap<>();
  private final Set<ChainId> grown = ConcurrentHashMap.newKeySet();
  private final OffersTold offers = new OffersTold();
  private final Semaphore wake = new Semaphore(0);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads;
  private volatile long roundAt = System.nanoTime();

  private Gossip(
      Parts parts, Places places, @Nullable GossipDoor door, BiConsumer<String, String> counter) {
    this.parts = parts;
    this.places = places;
    this.counter = counter;
    parts.conflicts().onNew(proof -> tell(Rumour.Kind.CONFLICT, proof.encode()));
    parts.mirrors().onApproval(this::pulled);
    membership = join(door);
    parts.mirrors().relyOn(this::isPresent);
    threads =
        List.of(
            Thread.ofVirtual().name("gossip-telling").start(this::tellOn),
            Thread.ofVirtual().name("gossip-hearing").start(this::hearOn));
  }

  /**
   * Joins the others; no gossip when no chain of the federation has a node's port, or when this
   * node serves all chains.
   *
   * @param served the node's own chains
   * @param host address on which the node listens
   * @param door where other nodes come by TLS; null to listen without
   * @param counter of rumours, by kind and what came of them
   */
  public static Optional<Gossip> start(
      Parts parts,
      Federation federation,
      List<aika.node.config.Chain> served,
      String host,
      @Nullable GossipDoor door,
      BiConsumer<String, String> counter) {
    return Places.of(federation, served, host, parts.addresses(), door != null)
        .map(places -> new Gossip(parts, places, door, counter));
  }

  /** A taken port costs gossip and nothing else. */
  private @Nullable Membership join(@Nullable GossipDoor door) {
    try {
      Membership joined =
          door == null
              ? Membership.start(places, new Hearing())
              : Membership.start(places, door, new Hearing());
      LOG.info("gossip on {}:{}, told as {}", places.host(), places.port(), places.address());
      return joined;
    } catch (IOException taken) {
      LOG.error("no gossip: {}:{}: {}", places.host(), places.port(), taken.toString());
      return null;
    }
  }

  /** How many nodes are seen, this one included; 0 when gossip could not start. */
  public int members() {
    return membership == null ? 0 : membership.members();
  }

  /** A chain that is served here has a larger approved checkpoint. */
  public void approved(ChainId chain) {
    grown.add(chain);
    wake.release();
  }

  /** Chains that are served here have made offers to others. */
  public void offered(Collection<Partners.Head> heads) {
    boolean any = false;
    for (Partners.Head head : heads) {
      any |= offers.add(head);
    }
    if (any) {
      wake.release();
    }
  }

  private void pulled(ChainId chain) {
    unheard.putIfAbsent(chain, later(UNHEARD_MILLIS));
  }

  private static long later(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static boolean isDue(long nanos) {
    return nanos - System.nanoTime() <= 0;
  }

  private long roundMillis() {
    return ROUND_MILLIS_MIN + ROUND_MILLIS_PER_MEMBER * members();
  }

  /** Whether the chain's node has told lately where it is, so that it would tell what is new. */
  private boolean isPresent(ChainId chain) {
    Long told = presentAt.get(chain);
    long fresh = TimeUnit.MILLISECONDS.toNanos(ROUNDS_RELIED_ON * roundMillis());
    return told != null && System.nanoTime() - told < fresh && members() > 1;
  }

  private void tellOn() {
    try {
      while (!stop.await(TELL_MILLIS, TimeUnit.MILLISECONDS)) {
        boolean _ = wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        wake.drainPermits();
        try {
          tellNews();
        } catch (RuntimeException broken) {
          LOG.error("gossip does not tell", broken);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellNews() {
    if (isDue(roundAt)) {
      roundAt = later(roundMillis());
      tellAll();
    }
    offers.next().forEach(this::tellOffers);
    for (ChainId chain : List.copyOf(grown)) {
      grown.remove(chain);
      tellCheckpoint(chain);
    }
    for (Map.Entry<ChainId, Long> one : Map.copyOf(unheard).entrySet()) {
      if (isDue(one.getValue())) {
        unheard.remove(one.getKey());
        tellUnheard(one.getKey());
      }
    }
  }

  private void tellAll() {
    places
        .gateways()
        .forEach((chain, gateway) -> {
          HeldKey key = parts.logKeys().get(chain);
          if (key != null) {
            AddressRecord record =
                new AddressRecord(
                    parts.directory().federation(), chain, gateway, parts.clock().getAsLong());
            tell(Rumour.Kind.ADDRESS, record.sign(key).encode());
          }
        });
    offers.again();
    grown.addAll(parts.logKeys().keySet());
    parts.conflicts().proofs().forEach(proof -> tell(Rumour.Kind.CONFLICT, proof.encode()));
  }

  private void tellOffers(ChainId chain, List<OfferLine> to) {
    HeldKey key = parts.logKeys().get(chain);
    if (key != null) {
      OffersRecord record = new OffersRecord(parts.directory().federation(), chain, to);
      tell(Rumour.Kind.OFFERS, record.sign(key).encode());
    }
  }

  /** Its cosignatures are many times as large, and whoever looks gets them with the log. */
  private void tellCheckpoint(ChainId id) {
    Chain chain = parts.chains().find(id);
    SignedCheckpoint approved = chain == null ? null : chain.approved();
    if (approved != null) {
      SignedNote note = approved.note();
      String origin = approved.checkpoint().origin();
      SignedNote brief =
          new SignedNote(
              note.text(),
              note.signatures().stream().filter(one -> one.name().equals(origin)).toList());
      tell(Rumour.Kind.CHECKPOINT, brief.encode());
    }
  }

  /** Whoever shows us another history than others does not tell it. */
  private void tellUnheard(ChainId id) {
    Chain chain = parts.chains().find(id);
    SignedCheckpoint newest = chain == null ? null : chain.approved();
    if (newest != null && heard.getIfPresent(newest.checkpoint()) == null) {
      heard.put(newest.checkpoint(), true);
      tellCheckpoint(id);
    }
  }

  private void tell(Rumour.Kind kind, byte[] bytes) {
    if (membership != null) {
      membership.spread(new Rumour(kind, places.self().value(), bytes));
      counter.accept(kind.word(), "told");
    }
  }

  /** What the library hands over on its own thread. */
  private final class Hearing implements Membership.Listener {
    @Override
    public void heard(Rumour rumour) {
      if (!waiting.offer(rumour)) {
        count(rumour, Heard.LIMITED);
      }
    }

    @Override
    public void joined() {
      long soon = later(JOIN_MILLIS);
      if (roundAt - soon > 0) {
        roundAt = soon;
      }
    }

    @Override
    public void malformed() {
      counter.accept("frame", "malformed");
    }
  }

  /** What came of a rumour. */
  private enum Heard {
    TAKEN,
    KNOWN,
    LIMITED,
    MALFORMED,
    UNKNOWN,
    FORGED,
    REFUSED
  }

  private void hearOn() {
    try {
      while (stop.getCount() > 0) {
        Rumour rumour = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (rumour != null) {
          count(rumour, hear(rumour));
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(Rumour rumour, Heard result) {
    counter.accept(rumour.kind().word(), result.name().toLowerCase(Locale.ROOT));
  }

  private Heard hear(Rumour rumour) {
    if (rumour.bytes().length > Rumour.BYTES_MAX) {
      return Heard.MALFORMED;
    }
    try {
      ChainId from = ChainId.of(rumour.from());
      if (parts.directory().find(from) == null) {
        return Heard.UNKNOWN;
      }
      if (!paces.take(from)) {
        return Heard.LIMITED;
      }
      return switch (rumour.kind()) {
        case CHECKPOINT -> checkpoint(from, SignedCheckpoint.parse(rumour.bytes()));
        case ADDRESS -> address(SignedNote.parse(rumour.bytes()));
        case CONFLICT -> conflict(ConflictProof.parse(rumour.bytes()));
        case OFFERS -> offers(SignedNote.parse(rumour.bytes()));
        case OTHER -> Heard.MALFORMED;
      };
    } catch (MalformedException malformed) {
      LOG.debug("gossip from {}: {}", rumour.from(), malformed.getMessage());
      return Heard.MALFORMED;
    } catch (RuntimeException broken) {
      LOG.error("a rumour was not looked into", broken);
      return Heard.REFUSED;
    }
  }

  private Heard checkpoint(ChainId from, SignedCheckpoint signed) {
    String origin = signed.checkpoint().origin();
    String start = parts.directory().federation() + '/';
    if (!origin.startsWith(start)) {
      return Heard.UNKNOWN;
    }
    ChainId id = ChainId.of(origin.substring(start.length()));
    Mirrors.Hint hint =
        parts.chains().serves(id)
            ? parts.standing().hint(id, from, signed)
            : parts.mirrors().hint(id, signed, parts.addresses().gateways(from));
    return switch (hint) {
      case TAKEN -> heard(signed, Heard.TAKEN);
      case KNOWN -> heard(signed, Heard.KNOWN);
      case BUSY -> Heard.LIMITED;
      case FORGED -> Heard.FORGED;
      case ELSEWHERE -> parts.directory().find(id) == null ? Heard.UNKNOWN : Heard.KNOWN;
    };
  }

  private Heard heard(SignedCheckpoint signed, Heard result) {
    heard.put(signed.checkpoint(), true);
    return result;
  }

  private Heard address(SignedNote note) {
    AddressRecord record = AddressRecord.parse(note.text());
    Directory.Entry chain = parts.directory().find(record.chain());
    if (chain == null || !record.federation().equals(parts.directory().federation())) {
      return Heard.UNKNOWN;
    }
    if (!note.isSignedBy(chain.logKey(), parts.signatures())) {
      return Heard.FORGED;
    }
    long now = parts.clock().getAsLong();
    if (!record.isBelievedAt(now)) {
      return Heard.REFUSED;
    }
    if (now - record.time() < CLOCK_MILLIS_MAX + roundMillis()) {
      presentAt.put(record.chain(), System.nanoTime());
    }
    List<URI> before = parts.addresses().gateways(record.chain());
    boolean newer = parts.addresses().told(record.chain(), record.gateway(), record.time());
    if (newer && !before.equals(parts.addresses().gateways(record.chain()))) {
      LOG.info("{} says that it is at {}", record.chain(), record.gateway());
    }
    return newer ? Heard.TAKEN : Heard.KNOWN;
  }

  /** Only the chain itself can have others copy it. */
  private Heard offers(SignedNote note) {
    OffersRecord record = OffersRecord.parse(note.text());
    Directory.Entry chain = parts.directory().find(record.chain());
    if (chain == null || !record.federation().equals(parts.directory().federation())) {
      return Heard.UNKNOWN;
    }
    boolean ours = record.to().stream().anyMatch(line -> parts.chains().serves(line.chain()));
    if (!ours || !parts.chains().lacks(record.chain())) {
      return Heard.KNOWN;
    }
    if (!note.isSignedBy(chain.logKey(), parts.signatures())) {
      return Heard.FORGED;
    }
    parts.chains().need(record.chain());
    return Heard.TAKEN;
  }

  private Heard conflict(ConflictProof proof) {
    return switch (parts.conflicts().take(proof)) {
      case NEW -> Heard.TAKEN;
      case KNOWN -> Heard.KNOWN;
      case REFUSED -> Heard.REFUSED;
    };
  }

  /** Leaves; what was told already goes on without this node. */
  @Override
  public void close() {
    stop.countDown();
    parts.mirrors().relyOn(_ -> false);
    threads.forEach(Thread::interrupt);
    if (membership != null) {
      membership.close();
    }
  }
}
