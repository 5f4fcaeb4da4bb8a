package aika.node.mirror;

import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chains of which the copy here is of a history that the recovery quorum has given up [NBR-5]. Each
 * is noted in a file with the quorum's decision while the node runs; its next start drops the copy,
 * and all that followers have read from any. From then on the decision stands in another file,
 * until the new copy has come so far: nothing else is taken.
 */
public final class GivenUpCopies {
  private final Path noted;
  private final Path chosen;

  /**
   * @param mirror the directory of the copies
   */
  public GivenUpCopies(Path mirror) {
    noted = mirror.resolve("given-up");
    chosen = mirror.resolve("chosen");
  }

  /** Whose copies are to be dropped. */
  public Set<ChainId> chains() {
    Set<ChainId> found = new TreeSet<>();
    if (Files.isDirectory(noted)) {
      try (Stream<Path> files = Files.list(noted)) {
        files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> !name.startsWith(".")) // of a write that was cut off
            .forEach(name -> found.add(ChainId.of(name)));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return found;
  }

  /**
   * @param decision the hand-over by which the quorum has seated others, on the other history
   */
  void add(ChainId chain, TlogProof decision) {
    try {
      DurableFile.write(noted.resolve(chain.value()), decision.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The copies that were noted are gone; noted again, what is copied next would go as well. */
  void dropped() {
    try {
      for (ChainId chain : chains()) {
        DurableFile.move(noted.resolve(chain.value()), chosen.resolve(chain.value()));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The decision that a copy has to contain; null when it may be any. */
  @Nullable TlogProof chosen(ChainId chain) {
    Path file = chosen.resolve(chain.value());
    try {
      return Files.exists(file) ? TlogProof.parse(Files.readAllBytes(file)) : null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The copy contains it. */
  void reached(ChainId chain) {
    try {
      Files.deleteIfExists(chosen.resolve(chain.value()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
