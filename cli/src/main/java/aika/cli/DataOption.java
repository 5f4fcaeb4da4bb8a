package aika.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which running node is meant. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {"The running node's data directory.", "動いているノードのデータのフォルダー。"})
  private Path data;

  Path path() {
    return data.toAbsolutePath().normalize();
  }

  /** Of the federation that the node is of. */
  NodeHome home() {
    return NodeHome.of(path());
  }

  NodeChannel open() {
    return NodeChannel.of(path());
  }
}
