package aika.node.gossip;

import aika.core.log.ConflictProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.approve.Convicting;
import aika.node.config.DurableFile;
import aika.node.order.Answer;
import aika.node.order.OutcomeUnknownException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two histories of a chain, wherever they were seen: the proof is brought to the chains that are
 * served here, kept as a file and passed on [GOS-9].
 */
public final class Conflicts {
  /** Where the proofs are kept. */
  public static final String DIRECTORY = "conflicts";

  private static final Logger LOG = LoggerFactory.getLogger(Conflicts.class);
  private static final String SUFFIX = ".note";
  private static final int TOLD_MAX = 16;

  private final Path directory;
  private final Convicting convicting;
  private final List<Consumer<ConflictProof>> listeners = new CopyOnWriteArrayList<>();

  private final Map<Path, ConflictProof> kept = new ConcurrentSkipListMap<>();
  private final AtomicBoolean bringing = new AtomicBoolean();

  /** One proof at a time, whoever brings it. */
  private final ReentrantLock taking = new ReentrantLock();

  /** What came of a proof. */
  enum Taken {
    NEW,
    KNOWN,
    REFUSED
  }

  /**
   * @param data the node's directory
   */
  public Conflicts(Path data, Convicting convicting) {
    directory = data.resolve(DIRECTORY);
    this.convicting = convicting;
    read();
  }

  /** {@code listener} hears of each proof that is new here and convicts. */
  void onNew(Consumer<ConflictProof> listener) {
    listeners.add(listener);
  }

  /** Looks into what two checkpoints show; nothing of it is checked yet. */
  public void show(ConflictProof proof) {
    Taken _ = take(proof);
  }

  Taken take(ConflictProof proof) {
    ChainId shown = convicting.shown(proof).orElse(null);
    if (shown == null) {
      return Taken.REFUSED;
    }
    taking.lock();
    try {
      return take(shown, proof);
    } catch (OutcomeUnknownException unknown) {
      LOG.warn("the conflict of {} was not answered: {}", shown, unknown.getMessage());
      return Taken.REFUSED; // it is told again
    } finally {
      taking.unlock();
    }
  }

  /**
   * Brings what is kept to the chains that could not believe it so far: one may have recorded the
   * term that it convicts since. Does not block.
   */
  public void bringAgain() {
    if (!kept.isEmpty() && bringing.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("conflicts")
          .start(() -> {
            try {
              kept.values().forEach(this::show);
            } finally {
              bringing.set(false);
            }
          });
    }
  }

  private Taken take(ChainId shown, ConflictProof proof) {
    Path file = directory.resolve(prefix(shown) + proof.first().checkpoint().size() + SUFFIX);
    List<Convicting.Result> results = convicting.convict(shown, proof);
    if (kept.containsKey(file)) {
      return Taken.KNOWN;
    }
    boolean here = results.stream().anyMatch(result -> result.answer() instanceof Answer.Accepted);
    boolean convicted =
        results.stream().anyMatch(Convicting.Result::convicted)
            || convicting.convictsOwn(shown, proof);
    if (!convicted) {
      LOG.warn(
          "what contradicts {} convicts nobody: too few of one term that counts here have signed it: {}",
          shown,
          results);
      return Taken.REFUSED;
    }
    if (!here && kept(shown)) {
      return Taken.KNOWN; // those who signed two histories can sign many more
    }
    try {
      DurableFile.write(file, proof.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    kept.put(file, proof);
    LOG.error("two histories of {} were approved; the proof is {}", shown, file);
    listeners.forEach(listener -> listener.accept(proof));
    return Taken.NEW;
  }

  private static String prefix(ChainId chain) {
    return chain + "-";
  }

  private boolean kept(ChainId chain) {
    return kept.keySet().stream()
        .anyMatch(file -> String.valueOf(file.getFileName()).startsWith(prefix(chain)));
  }

  private void read() {
    List<Path> files;
    try (Stream<Path> found = Files.list(directory)) {
      files = found.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    } catch (NoSuchFileException none) {
      return;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    for (Path file : files) {
      try {
        kept.put(file, ConflictProof.parse(Files.readAllBytes(file)));
      } catch (IOException | MalformedException unreadable) {
        LOG.warn("{} is not told: {}", file, unreadable.getMessage());
      }
    }
  }

  /** What is told again to those who come later. */
  List<ConflictProof> proofs() {
    return kept.values().stream().limit(TOLD_MAX).toList();
  }
}
