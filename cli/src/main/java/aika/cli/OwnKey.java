package aika.cli;

import aika.client.Outbox;
import aika.client.Wallet;
import aika.core.money.AccountId;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A key of one's own, with which somebody signs: both options or none. */
final class OwnKey {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = {
        "Sign with this key: a file with the 32 bytes of the Ed25519 seed in base64.",
        "この鍵で署名します（32 バイトの base64、一行）。"
      })
  private Path file;

  @Option(
      names = "--federation",
      paramLabel = "ID",
      required = true,
      description = {"The federation's id, with --key.", "連合の名前（--key のとき）。"})
  private String federation;

  Path file() {
    return file;
  }

  Wallet wallet(AccountId account) {
    return Wallet.of(federation, account, KeyFile.seed(file));
  }

  /** What may have been ordered without an answer, beside the key. */
  Path outboxDirectory() {
    return Path.of(file + ".outbox");
  }

  Outbox outbox() {
    return new Outbox(outboxDirectory());
  }
}
