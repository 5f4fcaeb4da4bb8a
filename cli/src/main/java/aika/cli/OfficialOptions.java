package aika.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the keys of registrars and issuers are. */
final class OfficialOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {
        "The directory with federation.yaml and the official's key.",
        "federation.yaml と、登録者または発行者の鍵のあるフォルダー。"
      })
  private Path data;

  Officials open() {
    return Officials.open(data);
  }
}
