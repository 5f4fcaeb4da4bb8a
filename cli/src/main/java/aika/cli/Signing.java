package aika.cli;

import aika.client.AikaClient;
import aika.client.Outbox;
import aika.client.Result;
import aika.client.Wallet;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** Orders that somebody signs with a key of their own; what has no result yet is kept beside it. */
final class Signing {
  private final GatewayOption gateway;
  private final AccountId account;
  private final OwnKey own;
  private final Outcome outcome;

  Signing(GatewayOption gateway, AccountId account, OwnKey own, CommandSpec spec) {
    this.gateway = gateway;
    this.account = account;
    this.own = own;
    this.outcome = new Outcome(spec);
  }

  /**
   * An earlier order without a result comes first, and then alone: whoever asks again because
   * nobody knew must not pay twice.
   *
   * @return the exit code
   */
  int order(Function<Wallet, SignedOrder> making) {
    Wallet wallet = own.wallet(account);
    if (!own.outbox().waiting().isEmpty()) {
      outcome.say(
          "An earlier order had no result. It is sent again; nothing new is ordered.",
          "結果の分からない注文が残っています。それをもう一度送ります。新しい注文はしません。");
      return sendAgain();
    }
    try (AikaClient client = gateway.client()) {
      return submit(client, own.outbox(), making.apply(wallet));
    }
  }

  /**
   * Sends again what has no result yet, if there is anything.
   *
   * @return the exit code
   */
  int sendAgain() {
    Outbox outbox = own.outbox();
    int code = 0;
    try (AikaClient client = gateway.client()) {
      for (SignedOrder order : outbox.waiting()) {
        code = Math.max(code, submit(client, outbox, order));
      }
    }
    return code;
  }

  private int submit(AikaClient client, Outbox outbox, SignedOrder order) {
    Result result;
    boolean before = outbox.waiting().stream().anyMatch(one -> sameId(one, order));
    try {
      result = Outcome.asked(() -> client.submit(order, outbox));
    } catch (CommandException notReached) {
      if (!before) {
        outbox.forget(order); // nothing was ordered
      }
      throw notReached;
    }
    if (result instanceof Result.Refused && !before) {
      outbox.forget(order);
    }
    return outcome.of(
        result,
        " The order is kept; run any payment with this key again, and it is sent again.",
        "注文は残してあります。この鍵でもう一度実行すると、同じ注文を送ります。");
  }

  private static boolean sameId(SignedOrder one, SignedOrder other) {
    return one.order().header().id().equals(other.order().header().id());
  }
}
