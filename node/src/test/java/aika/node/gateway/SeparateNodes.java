package aika.node.gateway;

import aika.core.money.ChainId;
import aika.node.NodeSettings;
import aika.node.config.DurableFile;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Nodes of the demo's federation, in one process, that share nothing but the network. */
final class SeparateNodes implements AutoCloseable {
  private final Path data;
  private final KeyFiles keys;
  private final FederationFile file;
  private final int offset;
  private final Map<String, World> running = new LinkedHashMap<>();

  private SeparateNodes(Path data) {
    this.data = data;
    keys = keys(data);
    file = FederationFile.read(data.resolve(FederationFile.NAME));
    offset = World.freeOffset(file.federation());
  }

  private static KeyFiles keys(Path data) {
    return new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
  }

  /** Makes a federation, of which tests take copies: its many keys take longer than that. */
  static void make(Path made) {
    FederationFile.write(
        made.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys(made)));
  }

  /** With the same keys, and none of its nodes yet. */
  static SeparateNodes of(Path made, Path data) throws IOException {
    DurableFile.copyTree(made, data);
    return new SeparateNodes(data);
  }

  World start(NodeSettings.Mirror mirror, String name, String... more) {
    return start(mirror, Map.of(), name, more);
  }

  /**
   * Starts a node, which is called like the first chain that it serves.
   *
   * @param gateways where other nodes are said to be
   */
  World start(NodeSettings.Mirror mirror, Map<ChainId, URI> gateways, String name, String... more) {
    Set<ChainId> serves =
        Stream.concat(Stream.of(name), Stream.of(more))
            .map(ChainId::of)
            .collect(Collectors.toSet());
    NodeSettings settings =
        new NodeSettings(
                directory(name), "127.0.0.1", offset, StoreSettings.standard(), serves, gateways)
            .with(mirror);
    World world = new World(settings, file, keys);
    running.put(name, world);
    return world;
  }

  void stop(String name) {
    Objects.requireNonNull(running.remove(name), name).close();
  }

  /** By their names, in the order in which they were started. */
  Map<String, World> running() {
    return running;
  }

  /** Where this node keeps its data. */
  Path directory(String name) {
    return data.resolve("nodes").resolve(name);
  }

  FederationFile file() {
    return file;
  }

  int offset() {
    return offset;
  }

  HeldKey log(String chain) {
    return keys.log(file.federation().chain(ChainId.of(chain)).orElseThrow());
  }

  @Override
  public void close() {
    running.values().forEach(World::close);
    running.clear();
  }
}
