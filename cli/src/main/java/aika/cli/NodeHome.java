package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.config.Chain;
import aika.node.config.Continent;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory with a federation file and keys, in which nodes keep what is theirs: {@code
 * nodes/Asia-Komatsu} and so on, or the directory itself for a node of the whole federation.
 */
record NodeHome(Path directory, FederationFile file) {
  private static final String NODES = "nodes";

  /**
   * @throws CommandException when there is no federation file
   */
  static NodeHome open(Path given) {
    Path directory = given.toAbsolutePath().normalize();
    Path file = directory.resolve(FederationFile.NAME);
    if (!Files.exists(file)) {
      throw CommandException.of(
          file + " is missing. Make a federation with: aika init " + given,
          file + " がありません。aika init " + given + " で連合を作れます。",
          null);
    }
    return new NodeHome(directory, FederationFile.read(file));
  }

  /** The home of a node whose own data are in this directory. */
  static NodeHome of(Path own) {
    Path above = own.resolve("../..").normalize();
    boolean below =
        !Files.exists(own.resolve(FederationFile.NAME))
            && own.equals(above.resolve(NODES).resolve(own.getFileName()));
    return open(below ? above : own);
  }

  Federation federation() {
    return file.federation();
  }

  KeyFiles keys() {
    return new KeyFiles(directory.resolve(KeyFiles.DIRECTORY), new SecureRandom());
  }

  /**
   * The chains that a node serves when it is started with these names. The default continent's only
   * municipality serves whatever names no other, so it goes with its continent.
   */
  Set<ChainId> serving(List<String> names) {
    Set<ChainId> ids = new LinkedHashSet<>();
    for (String name : names) {
      Chain chain = chain(name);
      ids.add(chain.id());
      if (chain instanceof Continent continent && continent.isDefault()) {
        federation().municipalitiesOf(continent).forEach(one -> ids.add(one.id()));
      }
    }
    return ids;
  }

  Chain chain(String name) {
    try {
      return federation().chain(ChainId.of(name)).orElseThrow(() -> unknown(name));
    } catch (MalformedException noName) {
      throw unknown(name);
    }
  }

  private CommandException unknown(String name) {
    return CommandException.of(
        Refusal.of(Reason.UNKNOWN_CHAIN, name + " is not in " + file.path()));
  }

  /** Where the certificate is with which other nodes know the nodes of this directory. */
  Path tls() {
    return directory.resolve(TlsFiles.DIRECTORY);
  }

  /** Where the node that was started with this name first keeps its data. */
  Path node(String first) {
    return directory.resolve(NODES).resolve(first);
  }

  /** Where the node that serves this chain keeps its data on this machine. */
  Path nodeOf(ChainId chain) {
    Path own = node(chain.value());
    if (Files.exists(own)) {
      return own;
    }
    ChainId continent = federation().defaultContinent().id();
    Path together = node(continent.value());
    return chain.continent().equals(continent) && Files.exists(together) ? together : directory;
  }
}
