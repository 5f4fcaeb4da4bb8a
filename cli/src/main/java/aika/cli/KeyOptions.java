package aika.cli;

import aika.client.AikaClient;
import aika.core.money.AccountId;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where an account's holder orders what only their own key signs. */
final class KeyOptions {
  @Mixin private GatewayOption gateway;

  @Option(
      names = "--as",
      paramLabel = "ACCOUNT",
      required = true,
      description = {"The account, as in Asia-Komatsu/k3v9q2mw.", "口座の番号。"})
  private String who;

  @ArgGroup(exclusive = false, multiplicity = "1")
  private OwnKey own = new OwnKey();

  AccountId account() {
    return PaymentOptions.account(who);
  }

  Path key() {
    return own.file();
  }

  Path outboxDirectory() {
    return own.outboxDirectory();
  }

  AikaClient client() {
    return gateway.client();
  }

  Signing signing(CommandSpec spec) {
    return new Signing(gateway, account(), own, spec);
  }
}
