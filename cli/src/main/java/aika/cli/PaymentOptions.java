package aika.cli;

import aika.client.AikaClient;
import aika.client.CounterClient;
import aika.core.money.AccountId;
import aika.core.note.MalformedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where somebody pays, and who they are: by name at a counter, or with a key of their own. */
final class PaymentOptions {
  @Mixin private GatewayOption gateway;

  @Option(
      names = "--as",
      paramLabel = "WHO",
      required = true,
      description = {
        "Who acts: NAME@MUNICIPALITY, or an account's id (with --key always). Without --key, the"
            + " counter's wallet signs, on the gateway's own machine only.",
        "だれがするか：名前@市町村、または口座の番号（--key のときは番号）。--key がなければ、窓口のウォレットが署名します。"
      })
  private String who;

  @ArgGroup(exclusive = false)
  private @Nullable OwnKey own;

  boolean signs() {
    return own != null;
  }

  /** Of somebody who {@linkplain #signs signs}. */
  Signing signing(CommandSpec spec) {
    if (own == null) {
      throw new IllegalStateException("nobody signs");
    }
    return new Signing(gateway, account(who), own, spec);
  }

  CounterClient counter() {
    return new CounterClient(gateway.settings());
  }

  AikaClient client() {
    return gateway.client();
  }

  AccountId account() {
    return account(who);
  }

  CounterClient.Person person() {
    return person(who);
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
