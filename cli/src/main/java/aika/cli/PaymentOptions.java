package aika.cli;

import aika.client.AikaClient;
import aika.client.CounterClient;
import aika.client.Outbox;
import aika.client.Wallet;
import aika.core.money.AccountId;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where somebody pays, and who they are: by name at a counter, or with a key of their own. */
final class PaymentOptions {
  private static final int SEED_BYTES = 32;
  private static final int KEY_FILE_BYTES_MAX = 1_024;

  @Mixin private GatewayOption gateway;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = {
        "Sign with this key: a file with the 32 bytes of the Ed25519 seed in base64. Without it,"
            + " the counter's wallet signs, on the gateway's own machine only.",
        "この鍵で署名します（なければ、窓口のウォレットが署名します）。"
      })
  private @Nullable Path key;

  @Option(
      names = "--federation",
      paramLabel = "ID",
      description = {"The federation's id, with --key.", "連合の名前（--key のとき）。"})
  private @Nullable String federation;

  boolean signs() {
    return key != null;
  }

  CounterClient counter() {
    return new CounterClient(gateway.settings());
  }

  AikaClient client() {
    return gateway.client();
  }

  /** What may have been ordered without an answer, beside the key. */
  Outbox outbox() {
    return new Outbox(Path.of(keyFile() + ".outbox"));
  }

  Wallet wallet(String who) {
    if (federation == null) {
      throw CommandException.of(
          "--key needs --federation, the federation's id.",
          "--key には --federation（連合の名前）が必要です。",
          null);
    }
    return Wallet.of(federation, account(who), seed(keyFile()));
  }

  private Path keyFile() {
    if (key == null) {
      throw new IllegalStateException("nobody signs");
    }
    return key;
  }

  /** Error messages never repeat what is in the file. */
  static byte[] seed(Path file) {
    try {
      if (Files.size(file) > KEY_FILE_BYTES_MAX) {
        throw new MalformedException("too long");
      }
      byte[] seed = CanonicalBase64.decode(Files.readString(file).strip());
      if (seed.length != SEED_BYTES) {
        throw new MalformedException("another length");
      }
      return seed;
    } catch (IOException | MalformedException none) {
      throw CommandException.of(
          file + " is no key: 32 bytes in base64, on one line.",
          file + " は鍵ではありません（32 バイトの base64、一行）。",
          none);
    }
  }

  static AccountId account(String who) {
    try {
      return AccountId.of(who);
    } catch (MalformedException none) {
      throw CommandException.of(
          "An account is MUNICIPALITY/ID, e.g. Asia-Komatsu/k3v9q2mw.",
          "口座は Asia-Komatsu/k3v9q2mw のように書いてください。",
          none);
    }
  }

  /** {@code NAME@MUNICIPALITY}, or an account's id. */
  static CounterClient.Person person(String who) {
    int at = who.lastIndexOf('@');
    if (at > 0 && at < who.length() - 1) {
      return new CounterClient.Person(who.substring(0, at), who.substring(at + 1));
    }
    if (who.indexOf('/') > 0) {
      AccountId account = account(who);
      return new CounterClient.Person(account.toString(), account.chain().value());
    }
    throw CommandException.of(
        "Write NAME@MUNICIPALITY, e.g. A@Asia-Komatsu, or an account's id.",
        "名前@市町村（例 A@Asia-Komatsu）か、口座の番号で書いてください。",
        null);
  }
}
