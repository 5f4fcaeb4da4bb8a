package aika.node.mirror;

import aika.core.audit.FederationAudit;
import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.config.DurableFile;
import aika.node.order.Chain;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final String PULLING = ".pulling";

  private final Path directory;

  /**
   * @param data the node's directory
   */
  public KeptHistories(Path data) {
    this(data, DIRECTORY);
  }

  private KeptHistories(Path data, String name) {
    directory = data.resolve(name);
  }

  /**
   * Keeps a copy that is about to be dropped.
   *
   * @param largest the largest checkpoint that was ever approved; null for none
   */
  void keep(Chain copy, @Nullable SignedCheckpoint largest) {
    if (largest == null || isKept(copy.id(), largest)) {
      return; // what is left of the copy tells nothing: its dropping may have begun before a crash
    }
    SignedCheckpoint approved = copy.approved();
    if (approved == null || approved.checkpoint().size() < largest.checkpoint().size()) {
      LOG.error(
          "a crash took away the end of the history of {} that was given up; chains that recorded"
              + " it cannot be executed anew without another node's copy",
          copy.id());
    }
    if (approved == null || isKept(copy.id(), approved)) {
      return;
    }
    String name = GivenUpFiles.name(approved.checkpoint());
    List<String> before = names(copy.id());
    if (before.size() >= GivenUpFiles.MAX) {
      LOG.error("{} has given up {} histories; one more is not kept", copy.id(), before.size());
      return;
    }
    LOG.warn("the history of {} that was given up is written to {} …", copy.id(), directory);
    long size = LogFiles.write(copy, approved, of(copy.id(), name), at -> {});
    List<String> names = new ArrayList<>(before);
    names.add(name);
    listed(copy.id(), names);
    LOG.warn("… {} leaves of it are kept", size);
  }

  private boolean isKept(ChainId chain, SignedCheckpoint approved) {
    return names(chain).contains(GivenUpFiles.name(approved.checkpoint()));
  }

  private List<String> names(ChainId chain) {
    byte[] list = file(chain, GivenUpFiles.LIST);
    return list == null ? List.of() : GivenUpFiles.names(list);
  }

  /**
   * Keeps one that is published elsewhere; what is not as its chain's seats approved it is not
   * taken.
   *
   * @throws UnreadableLogException when it cannot be had whole
   */
  public void keep(
      ChainId chain,
      PublishedLog log,
      Directory directory,
      FederationAudit.Schemes schemes,
      StoreSettings settings) {
    Path pulling = this.directory.resolve(PULLING);
    try {
      DurableFile.deleteTree(pulling);
      byte[] checkpoint = log.file("checkpoint");
      if (checkpoint == null) {
        throw new MalformedException("there is no checkpoint");
      }
      try (MirrorStore store = MirrorStore.open(pulling, settings, this)) {
        Mirror mirror = new Mirror(store, directory, chain, schemes.logs(), schemes.cosignatures());
        boolean _ = mirror.pull(log, SignedCheckpoint.parse(checkpoint));
        SignedCheckpoint approved = mirror.chain().approved();
        if (approved != null) {
          remove(chain, GivenUpFiles.name(approved.checkpoint())); // it may be damaged
        }
        keep(mirror.chain(), approved);
      }
      DurableFile.deleteTree(pulling);
    } catch (MalformedException | MirrorException broken) {
      throw new UnreadableLogException(chain + ": " + broken.getMessage(), broken);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void remove(ChainId chain, String name) throws IOException {
    List<String> names = new ArrayList<>(names(chain));
    if (names.remove(name)) {
      listed(chain, names);
    }
    DurableFile.deleteTree(of(chain, name));
  }

  /** Last: whoever finds a name finds the files. */
  private void listed(ChainId chain, List<String> names) {
    try {
      DurableFile.writePrivate(root(chain).resolve(GivenUpFiles.LIST), GivenUpFiles.list(names));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * A file below a chain's log, whose path begins with {@link GivenUpFiles#DIRECTORY}; null when it
   * is not here.
   *
   * @throws UnreadableLogException when the disk does not give it
   */
  public byte @Nullable [] file(ChainId chain, String path) {
    try {
      return Files.readAllBytes(root(chain).resolve(path));
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException unreadable) {
      throw new UnreadableLogException(chain + ": " + unreadable, unreadable);
    }
  }

  /** Copies all of them into a directory that has the chains' logs, or is to be a node's own. */
  public void copyInto(Path logs) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    KeptHistories there = new KeptHistories(logs, "");
    try (Stream<Path> chains = Files.list(directory)) {
      for (Path each : chains.filter(one -> !one.endsWith(PULLING)).toList()) {
        ChainId chain = ChainId.of(String.valueOf(each.getFileName()));
        Set<String> names = new TreeSet<>(there.names(chain));
        for (String name : names(chain)) {
          if (names.add(name)) {
            DurableFile.copyTree(of(chain, name), there.of(chain, name));
          }
        }
        there.listed(chain, List.copyOf(names));
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
