package aika.node.backup;

import aika.core.money.ChainId;
import aika.node.config.DurableFile;
import aika.node.config.MovedChains;
import aika.node.config.PeersFile;
import aika.node.config.SinksFile;
import aika.node.gossip.Conflicts;
import aika.node.mirror.LogFiles;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.store.SideStore;
import aika.node.wallet.WalletLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Copies what a running node keeps into a directory: the logs that it can read as published files,
 * and beside them its register, its counter wallet, its keys and what its operator and others have
 * told it, which are nobody else's business. Another backup into the same directory adds what is
 * new.
 */
public final class Backup {
  /** Published logs, by chain. */
  public static final String CHAINS = "chains";

  /** What stands beside the logs. */
  public static final String BESIDE = "beside";

  /**
   * What else of the node's directory goes along; the rest is built again, or is the sinks' own. A
   * node that runs has no decision that waits: it was written first.
   */
  private static final List<String> PARTS =
      List.of("keys", MovedChains.DIRECTORY, Conflicts.DIRECTORY, SinksFile.NAME, PeersFile.NAME);

  private static final String EARLIER = BESIDE + ".old";

  private final Path data;
  private final ReadableChains chains;
  private final List<Beside> stores;

  /**
   * A store and the name of its directory.
   *
   * @param rows which of its rows go with a chain that goes on elsewhere
   */
  public record Beside(String name, SideStore store, BiPredicate<ChainId, SideStore.Item> rows) {}

  /**
   * @param stores in the order in which they are copied
   */
  public Backup(Path data, ReadableChains chains, List<Beside> stores) {
    this.data = data;
    this.chains = chains;
    this.stores = List.copyOf(stores);
  }

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    void at(ChainId chain, long leaves, long total);
  }

  /**
   * @return leaves of each chain that are there now
   */
  public Map<ChainId, Long> into(Path directory, Progress progress) {
    Map<ChainId, Long> written = new TreeMap<>();
    try {
      DurableFile.createPrivateDirectory(directory);
      for (Chain chain : chains.all().toList()) {
        written.put(chain.id(), log(chain, directory, progress));
      }
      histories(directory);
      replace(directory, this::writeBeside);
    } catch (IOException failed) {
      throw new UncheckedIOException("the backup into " + directory + " failed", failed);
    }
    return written;
  }

  /**
   * Writes one chain's published log.
   *
   * @return leaves that are there now
   */
  public long log(Chain chain, Path directory, Progress progress) {
    Path log = directory.resolve(CHAINS).resolve(chain.id().value());
    long total = chain.approvedSize();
    return LogFiles.write(chain, log, at -> progress.at(chain.id(), at, total));
  }

  /** Writes what is kept of histories that other chains gave up, beside their logs. */
  public void histories(Path directory) {
    chains.histories().copyInto(directory.resolve(CHAINS));
  }

  /** Writes what goes with one chain beside its log: of its people, and of nobody else. */
  public void besideOf(ChainId chain, Path directory) {
    try {
      DurableFile.createPrivateDirectory(directory);
      replace(directory, fresh -> writeBesideOf(chain, fresh));
    } catch (IOException failed) {
      throw new UncheckedIOException("what goes with " + chain + " cannot be written", failed);
    }
  }

  private void writeBesideOf(ChainId chain, Path fresh) throws IOException {
    DurableFile.createPrivateDirectory(fresh);
    for (Beside beside : stores) {
      try (SideStore copy = SideStore.open(fresh.resolve(beside.name))) {
        beside.store.each(item -> {
          if (beside.rows.test(chain, item)) {
            copy.change().put(item.key(), item.value()).commitUnsynced();
          }
        });
        copy.sync();
      }
    }
    Path key = data.resolve(WalletLock.KEY_FILE);
    if (Files.exists(key)) {
      DurableFile.writePrivate(fresh.resolve(WalletLock.KEY_FILE), Files.readAllBytes(key));
    }
  }

  /** In this order whoever is in the register has a key in the wallet, and the chains' too. */
  private void writeBeside(Path fresh) throws IOException {
    DurableFile.createPrivateDirectory(fresh);
    for (Beside store : stores) {
      store.store.copyInto(fresh.resolve(store.name));
    }
    for (String part : PARTS) {
      DurableFile.copyTree(data.resolve(part), fresh.resolve(part));
    }
  }

  /**
   * What stands beside the logs in a backup, as one whole: of the last backup that came to its end;
   * empty when none did.
   */
  public static Optional<Path> beside(Path backup) {
    Path newest = backup.resolve(BESIDE);
    Path earlier = backup.resolve(EARLIER); // while the newest takes its place
    return Stream.of(newest, earlier).filter(Files::isDirectory).findFirst();
  }

  @FunctionalInterface
  private interface Writing {
    void into(Path directory) throws IOException;
  }

  /** The earlier copy stays until the new one is whole, all of it. */
  private static void replace(Path backup, Writing writing) throws IOException {
    Path newest = backup.resolve(BESIDE);
    Path fresh = backup.resolve(BESIDE + ".new");
    Path earlier = backup.resolve(EARLIER);
    if (!Files.exists(newest) && Files.exists(earlier)) {
      Files.move(earlier, newest, StandardCopyOption.ATOMIC_MOVE); // a backup was cut off there
    }
    DurableFile.deleteTree(fresh);
    writing.into(fresh);
    if (Files.exists(newest)) {
      DurableFile.deleteTree(earlier);
      Files.move(newest, earlier, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(fresh, newest, StandardCopyOption.ATOMIC_MOVE);
    DurableFile.deleteTree(earlier);
  }
}
