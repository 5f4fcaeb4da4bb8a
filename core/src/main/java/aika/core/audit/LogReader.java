package aika.core.audit;

import aika.core.approval.Succession;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.HashTiles;
import aika.core.log.Merkle;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one chain's published log: its approved checkpoint, its entries, and proofs made of its
 * hash tiles. What it reads is checked against the checkpoint by whoever uses it. For several
 * threads.
 */
final class LogReader {
  private final Directory.Entry entry;
  private final PublishedLog log;
  private final SignatureScheme logSignatures;
  private final SignatureScheme cosignatures;
  private final Map<Long, List<byte[]>> bundles;
  private final HashTiles tiles;
  private final Consumer<Checkpoint> sees;
  private final Succession first;
  private final NavigableMap<Long, Ended> ended = new TreeMap<>();
  private final Room room;
  private final Map<String, LogReader> givenUp = new LinkedHashMap<>();
  private boolean listed;
  private Succession succession;
  private long within; // no term that ended until this size strayed from the approved tree
  private @Nullable Checkpoint seen;
  private @Nullable Approved approved;
  private @Nullable SignedCheckpoint signed;

  /** How much of one log to keep in memory: bundles about 150 KB each, tiles 16 KiB. */
  record Room(int bundles, int tiles) {}

  /**
   * An approved checkpoint.
   *
   * @param by who sat, as far as the hand-overs say
   * @param seats names of the seats that signed
   * @param time when the quorum was complete, seconds since 1970
   */
  record Approved(Checkpoint checkpoint, Seats by, List<String> seats, long time) {}

  /**
   * A term that is over, by the hand-over that the log publishes.
   *
   * @param end the checkpoint with which it ended
   * @param next who sat then
   */
  record Ended(String path, Checkpoint end, Seats next) {}

  /** A reader of each chain, none of which remembers anything of an earlier audit. */
  static Map<ChainId, LogReader> ofAll(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published,
      Room room) {
    Map<ChainId, LogReader> readers = new TreeMap<>();
    for (Directory.Entry entry : directory.chains().values()) {
      PublishedLog log = published.apply(entry.id());
      readers.put(
          entry.id(),
          new LogReader(
              entry, log, schemes.logs(), schemes.cosignatures(), room, null, seen -> {}));
    }
    return readers;
  }

  /**
   * @param seen what an earlier audit saw approved; null for nothing
   * @param sees hears of each approved checkpoint before it is used
   */
  LogReader(
      Directory.Entry entry,
      PublishedLog log,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures,
      Room room,
      @Nullable Checkpoint seen,
      Consumer<Checkpoint> sees) {
    this.room = room;
    bundles = cache(room.bundles);
    tiles = new HashTiles(this::published, room.tiles);
    this.seen = seen;
    this.sees = sees;
    this.entry = entry;
    this.log = log;
    this.logSignatures = logSignatures;
    this.cosignatures = cosignatures;
    String origin = entry.logKey().name();
    String federation = origin.substring(0, origin.length() - entry.id().value().length() - 1);
    first = new Succession(federation, entry, logSignatures, cosignatures);
    succession = first.copy();
  }

  private static <K, V> Map<K, V> cache(int max) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }

  ChainId chain() {
    return entry.id();
  }

  /** Where it is published; nothing of that is checked. */
  PublishedLog files() {
    return log;
  }

  /** The published checkpoint as it was when it was first asked for. */
  synchronized Approved approved() {
    Approved known = approved;
    return known == null ? refreshed() : known;
  }

  /** The approved checkpoint as it was published. */
  synchronized SignedCheckpoint signed() {
    Checkpoint _ = approved().checkpoint();
    return Objects.requireNonNull(signed);
  }

  /**
   * Looks for a newer checkpoint when the known one does not reach this size: the log goes on while
   * it is audited.
   */
  synchronized Approved approvedBeyond(long size) {
    Approved known = approved();
    return known.checkpoint.size() >= size ? known : refreshed();
  }

  /**
   * How the terms handed over to each other until the published checkpoint; they are read again.
   */
  synchronized List<TlogProof> handovers() {
    Approved until = approved();
    List<TlogProof> handovers = new ArrayList<>();
    Succession from = first.copy();
    follow(from, until.checkpoint.size(), (path, proof) -> handovers.add(proof));
    if (!from.seats().equals(until.by)) {
      String path = "term/" + from.seats().term();
      throw bad(Finding.Kind.HANDOVER, path, "it is not what it was");
    }
    return handovers;
  }

  /** The hashes of the leaves by which the recovery quorum handed over, until there. */
  Set<Hash> recoveries() {
    Set<Hash> recoveries = new HashSet<>();
    for (TlogProof handover : handovers()) {
      byte[] leaf = handover.extra().orElseThrow();
      if (LeafText.parse(leaf) instanceof Leaf.Recovered) {
        recoveries.add(Merkle.leafHash(leaf));
      }
    }
    return recoveries;
  }

  /** The terms that are over before the published checkpoint, the earliest first. */
  synchronized List<Ended> ended() {
    return List.copyOf(ended.values());
  }

  /** The term that ended with this size, by its hand-over. */
  synchronized @Nullable Ended endedAt(long size) {
    return ended.get(size);
  }

  /**
   * [AUD-15] For those who do not execute the log.
   *
   * @throws FindingException when a term's last checkpoint is not of the approved tree: whom it
   *     seats, that tree need not have elected
   */
  synchronized void checkEnded() {
    Checkpoint tree = approved().checkpoint;
    for (Ended one : ended.tailMap(within, false).values()) {
      if (!continuedBy(one.end, tree)) {
        throw bad(Finding.Kind.HANDOVER, one.path, "it is not of the approved tree");
      }
      within = one.end.size();
    }
  }

  /** [SEAL-32] Follows the representatives to those who approve a tree of this size. */
  private void follow(Succession from, long size, BiConsumer<String, TlogProof> handedOver) {
    while (true) {
      String path = "term/" + from.seats().term();
      byte[] file = log.file(path);
      if (file == null) {
        return;
      }
      try {
        TlogProof proof = TlogProof.parse(file);
        if (!Succession.endsBefore(proof, size)) {
          return;
        }
        from.handOver(proof);
        handedOver.accept(path, proof);
      } catch (MalformedException malformed) {
        throw bad(Finding.Kind.HANDOVER, path, String.valueOf(malformed.getMessage()));
      }
    }
  }

  private Approved refreshed() {
    byte[] file = log.file("checkpoint");
    if (file == null) {
      throw bad(Finding.Kind.CHECKPOINT_MISSING, "checkpoint", "no such file");
    }
    SignedCheckpoint signed;
    try {
      signed = SignedCheckpoint.parse(file);
    } catch (MalformedException malformed) {
      String why = String.valueOf(malformed.getMessage());
      throw bad(Finding.Kind.CHECKPOINT_MALFORMED, "checkpoint", why);
    }
    Succession next = succession.copy();
    NavigableMap<Long, Ended> all = new TreeMap<>(ended);
    follow( // after the checkpoint: the log may go on meanwhile
        next,
        signed.checkpoint().size(),
        (path, proof) -> {
          Checkpoint end = proof.checkpoint().checkpoint();
          if (!all.isEmpty() && end.size() <= all.lastKey()) {
            throw bad(Finding.Kind.HANDOVER, path, "it ends before the term before it");
          }
          all.put(end.size(), new Ended(path, end, next.seats()));
        });
    Approved checked = checked(signed, next.seats());
    Checkpoint before = seen;
    if (before != null) {
      String sizes = "at " + before.size() + " and at " + checked.checkpoint.size();
      if (checked.checkpoint.size() < before.size()) {
        throw bad(Finding.Kind.BEHIND, "checkpoint", sizes);
      }
      if (!continuedBy(before, checked.checkpoint)) {
        throw bad(Finding.Kind.TWO_HISTORIES, "checkpoint", sizes);
      }
    }
    succession = next;
    ended.putAll(all);
    sees.accept(checked.checkpoint);
    seen = checked.checkpoint;
    approved = checked;
    this.signed = signed;
    return checked;
  }

  /** Whether {@code next} is of a tree that begins with that of {@code old}. */
  boolean continuedBy(Checkpoint old, Checkpoint next) {
    return old.size() <= next.size()
        && Proofs.verifyConsistency(
            old.size(),
            next.size(),
            Proofs.consistency(old.size(), next.size(), tiles.of(next.size())),
            old.root(),
            next.root());
  }

  private Approved checked(SignedCheckpoint signed, Seats sitting) {
    if (!signed.isSignedByLog(entry.logKey(), logSignatures)) {
      throw bad(Finding.Kind.LOG_SIGNATURE, "checkpoint", entry.logKey().name());
    }
    List<String> seats = new ArrayList<>();
    long time = 0;
    for (VerifierKey seat : sitting.keys()) {
      NoteSignature line = signed.note().signatureBy(seat.name(), seat.keyId()).orElse(null);
      if (line == null) {
        continue;
      }
      if (!Cosignature.verify(signed.checkpoint(), seat, cosignatures, line)) {
        throw bad(Finding.Kind.COSIGNATURE, "checkpoint", seat.name());
      }
      seats.add(seat.name());
      time = Math.max(time, Cosignature.timestampSeconds(line));
    }
    if (seats.size() < sitting.quorum()) {
      String count = seats.size() + " of " + sitting.keys().size() + " seats";
      throw bad(Finding.Kind.QUORUM, "checkpoint", count);
    }
    return new Approved(signed.checkpoint(), sitting, List.copyOf(seats), time);
  }

  private FindingException bad(Finding.Kind kind, String place, String what) {
    return new FindingException(new Finding(entry.id(), kind, place, what));
  }

  /** The entries of a bundle, as many as the tree of this size has there. */
  List<byte[]> bundle(long number, long size) {
    int width = TilePath.widthAt(0, number, size);
    synchronized (this) {
      List<byte[]> known = bundles.get(number);
      if (known != null && known.size() >= width) {
        return known.subList(0, width);
      }
    }
    String path = new TilePath.Entries(number, width).format();
    byte[] file = log.file(path);
    int fileWidth = width;
    if (file == null && width < TilePath.FULL_WIDTH) {
      // a log may keep no partial bundle once the full one is there
      file = log.file(new TilePath.Entries(number, TilePath.FULL_WIDTH).format());
      fileWidth = TilePath.FULL_WIDTH;
    }
    if (file == null) {
      throw bad(Finding.Kind.ENTRIES, path, "no such file");
    }
    try {
      List<byte[]> entries = EntryBundle.parse(file, fileWidth);
      synchronized (this) {
        bundles.put(number, entries);
      }
      return entries.subList(0, width);
    } catch (MalformedException malformed) {
      throw bad(Finding.Kind.ENTRIES, path, String.valueOf(malformed.getMessage()));
    }
  }

  byte[] leaf(long index, long size) {
    List<byte[]> bundle = bundle(index / TilePath.FULL_WIDTH, reach(size));
    return bundle.get((int) (index % TilePath.FULL_WIDTH));
  }

  List<Hash> inclusion(long index, long size) {
    return Proofs.inclusion(index, size, nodes(size));
  }

  List<Hash> consistency(long oldSize, long size) {
    return Proofs.consistency(oldSize, size, nodes(size));
  }

  /**
   * As far as the log is known to go: the partial files of an earlier size need not be there any
   * more, and those of a later one begin with the same.
   */
  private long reach(long size) {
    return Math.max(size, approved().checkpoint().size());
  }

  /** The leaf at {@code index}, which is proven to stand in the approved tree. */
  Entry proven(long index) {
    Checkpoint tree = approved().checkpoint();
    byte[] bytes = leaf(index, tree.size());
    Hash hash = Merkle.leafHash(bytes);
    if (!Proofs.verifyInclusion(
        hash, index, tree.size(), inclusion(index, tree.size()), tree.root())) {
      throw bad(Finding.Kind.ENTRIES, "leaf " + index, "it is not the one that was approved");
    }
    return new Entry(index, bytes, hash, LeafText.parse(bytes));
  }

  Hash root(long size) {
    return Proofs.root(size, nodes(size));
  }

  /** Whether the tree of {@code size} leaves, as it was read, begins the approved one. */
  boolean holds(long size) {
    Checkpoint latest = approvedBeyond(size).checkpoint();
    return continuedBy(new Checkpoint(latest.origin(), size, root(size)), latest);
  }

  /**
   * [NBR-19] The histories that the chain's seats approved and its recovery quorum gave up, as far
   * as they are still published here. Nothing is known of them but that they are named.
   */
  synchronized List<LogReader> givenUp() {
    if (!listed) {
      byte[] list = log.file(GivenUpFiles.LIST);
      List<String> names = list == null ? List.of() : GivenUpFiles.placedNames(list);
      givenUp.keySet().retainAll(names);
      names.forEach(name -> givenUp.computeIfAbsent(name, this::givenUp));
      listed = true;
    }
    return List.copyOf(givenUp.values());
  }

  private LogReader givenUp(String name) {
    PublishedLog files = path -> log.file(GivenUpFiles.path(name, path));
    Consumer<Checkpoint> named =
        seen -> {
          if (!GivenUpFiles.isOf(GivenUpFiles.name(seen), name)) {
            throw bad(Finding.Kind.CHECKPOINT_MALFORMED, name, "it is of another history");
          }
        };
    return new LogReader(entry, files, logSignatures, cosignatures, room, null, named);
  }

  /**
   * The history with this tree, which the chain may have given up; null when none that is published
   * has it.
   *
   * @throws FindingException when none has it and this one is damaged
   * @throws UnreadableLogException when none has it and some of them cannot be read now
   */
  @Nullable LogReader history(long size, Hash root) {
    RuntimeException failed = null;
    try {
      if (shows(size, root)) {
        return this;
      }
    } catch (FindingException | UnreadableLogException broken) {
      failed = broken;
    }
    try {
      for (LogReader history : givenUp()) {
        try {
          if (history.shows(size, root)) {
            return history;
          }
        } catch (FindingException damaged) {
          history.forget(); // it may be whole the next time
        } catch (UnreadableLogException away) {
          failed = failed == null ? away : failed;
        }
      }
    } catch (UnreadableLogException away) {
      failed = failed == null ? away : failed;
    }
    unlist();
    if (failed != null) {
      throw failed;
    }
    return null;
  }

  /** There may be more the next time. */
  private synchronized void unlist() {
    listed = false;
  }

  /** Whether its approved tree begins with this one. */
  boolean shows(long size, Hash root) {
    return approvedBeyond(size).checkpoint().size() >= size
        && root(size).equals(root)
        && holds(size);
  }

  /**
   * Forgets all that was read, since some of it is not of one approved tree: what was damaged on
   * its way, or a history that was given up since.
   */
  synchronized void forget() {
    bundles.clear();
    tiles.forget();
    approved = null;
    seen = null;
    succession = first.copy();
    ended.clear();
    within = 0;
    listed = false;
  }

  private Nodes nodes(long size) {
    return tiles.of(reach(size));
  }

  /** The hashes of a tile, as many as the tree of this size has there, or more. */
  byte[] tile(int level, long index, long size) {
    return tiles.bytes(level, index, size);
  }

  private byte[] published(TilePath.Hashes path) {
    byte[] file = log.file(path.format());
    int width = path.width();
    if (file == null && width < TilePath.FULL_WIDTH) {
      width = TilePath.FULL_WIDTH;
      file = log.file(new TilePath.Hashes(path.level(), path.index(), width).format());
    }
    if (file == null || file.length != width * Hash.BYTES) {
      String why = file == null ? "no such file" : file.length + " bytes";
      throw bad(Finding.Kind.TILE, path.format(), why);
    }
    return file;
  }
}
