package aika.cli;

import aika.client.AikaClient;
import aika.core.ledger.Reason;
import aika.core.note.Ed25519;
import aika.core.note.Signer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Gives an account a new key, signed by the old one. The new key is on the disk before the order is
 * made, and neither file is changed or removed afterwards, so that whichever key the account has in
 * the end is there: after a crash the same command goes on with the same key.
 */
@Command(
    name = "rotate-key",
    mixinStandardHelpOptions = true,
    description = {
      "Give an account a new key in place of the one that you have (lost: aika recover-key).",
      "口座の鍵を、新しい鍵に取りかえます（なくしたときは aika recover-key）。"
    },
    footer = {
      "",
      "The new key counts at once. Neither file is changed or removed. If the command does not",
      "come to its end, run the same one again: it goes on with the same new key. Keep the old",
      "file until the order's block is approved.",
      "新しい鍵はすぐ有効になります。途中で止まったら、同じコマンドをもう一度実行してください。同じ鍵で続けます。",
      "古い鍵のファイルは、注文が承認されるまで残してください。",
      "",
      "Example / 例:",
      "  aika rotate-key --gateway URL --key me.key --new-key new.key --federation aika.example \\",
      "      --as Asia-Komatsu/k3v9q2mw",
      "",
      PaymentCommands.EXIT_CODES,
      PaymentCommands.EXIT_DONE,
      PaymentCommands.EXIT_UNKNOWN
    })
final class RotateKeyCommand implements Callable<Integer> {
  @Mixin private KeyOptions options;
  @Spec private CommandSpec spec;

  @Option(
      names = "--new-key",
      paramLabel = "FILE",
      required = true,
      description = {"The new key; made when it is missing.", "新しい鍵（なければ作ります）。"})
  private Path newKey;

  @Override
  public Integer call() {
    byte[] old = KeyFile.seed(options.key());
    // Two at once would each make a key, and the later file would replace the earlier.
    try (DataDirectory _ = DataDirectory.open(options.outboxDirectory())) {
      Outcome outcome = new Outcome(spec);
      if (KeyFile.make(newKey)) {
        outcome.say("Made the key " + newKey + '.', "鍵 " + newKey + " を作りました。");
      }
      byte[] seed = KeyFile.seed(newKey);
      if (Arrays.equals(old, seed)) {
        Reason reason = Reason.KEY_UNCHANGED;
        throw CommandException.of(reason, reason.en(), reason.ja());
      }
      int code = rotate(Ed25519.signer(seed));
      if (code == 0) {
        outcome.say(
            options.account() + " has the key " + newKey + " now; sign with that one.",
            options.account() + " の鍵は " + newKey + " です。これからはこちらで署名してください。");
      }
      return code;
    }
  }

  private int rotate(Signer signer) {
    Signing signing = options.signing(spec);
    int earlier = signing.sendAgain();
    if (earlier == PaymentCommands.UNKNOWN) {
      return earlier;
    }
    if (counts(signer.publicKey())) {
      return 0;
    }
    int code = signing.order(wallet -> wallet.rotateKey(signer));
    // another program's order with this key may have been waiting, and was sent in its place
    return code == 0 && !counts(signer.publicKey()) ? PaymentCommands.UNKNOWN : code;
  }

  /** Whether the rotation came to its end before, though perhaps nobody was told. */
  private boolean counts(byte[] publicKey) {
    try (AikaClient client = options.client()) {
      return Arrays.equals(
          publicKey, Outcome.asked(() -> client.account(options.account())).standing().publicKey());
    }
  }
}
