package aika.node.mirror;

import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.node.config.DurableFile;
import aika.node.order.Chain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * [NBR-19] Histories that other chains gave up, of which this node had a copy: as published files,
 * for those who execute a chain that recorded one in good faith.
 */
public final class KeptHistories {
  /** In a node's directory; below it each chain's {@link GivenUpFiles#DIRECTORY}. */
  public static final String DIRECTORY = "given-up";

  private static final Logger LOG = LoggerFactory.getLogger(KeptHistories.class);

  private final Path directory;

  /**
   * @param data the node's directory
   */
  public KeptHistories(Path data) {
    directory = data.resolve(DIRECTORY);
  }

  /** Keeps what was approved of a copy that is about to be dropped. */
  void keep(Chain copy) {
    SignedCheckpoint approved = copy.approved();
    if (approved != null) {
      String name = GivenUpFiles.name(approved.checkpoint());
      LOG.info("the history of {} that it gave up is kept in {}", copy.id(), directory);
      long size = LogFiles.write(copy, of(copy.id(), name), at -> {});
      if (size == approved.checkpoint().size()) {
        listed(copy.id(), name);
      }
    }
  }

  /**
   * Keeps one that is published elsewhere, and was read before by somebody who checked it.
   *
   * @param log the chain's own
   */
  public void keep(ChainId chain, String name, PublishedLog log) {
    long _ = LogFiles.copy(path -> log.file(GivenUpFiles.path(name, path)), of(chain, name));
    listed(chain, name);
  }

  /** Last: whoever finds a name finds the files. */
  private void listed(ChainId chain, String name) {
    byte[] before = file(chain, GivenUpFiles.LIST);
    Set<String> names = new TreeSet<>(before == null ? List.of() : GivenUpFiles.names(before));
    names.add(name);
    try {
      DurableFile.writePrivate(root(chain).resolve(GivenUpFiles.LIST), GivenUpFiles.list(names));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * A file below a chain's log, whose path begins with {@link GivenUpFiles#DIRECTORY}; null when it
   * is not here.
   */
  public byte @Nullable [] file(ChainId chain, String path) {
    try {
      return Files.readAllBytes(root(chain).resolve(path));
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Copies all of them into a directory that has the chains' logs, or is to be a node's own. */
  public void copyInto(Path logs) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) { // a list comes last
        Path target = logs.resolve(directory.relativize(file).toString());
        if (!Files.exists(target) || file.endsWith(GivenUpFiles.LIST)) {
          DurableFile.writePrivate(target, Files.readAllBytes(file));
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("what is kept in " + directory + " cannot be copied", failed);
    }
  }

  private Path of(ChainId chain, String name) {
    return root(chain).resolve(GivenUpFiles.DIRECTORY).resolve(name);
  }

  private Path root(ChainId chain) {
    return directory.resolve(chain.value());
  }
}
