package aika.cli;

import aika.client.AikaClient;
import aika.client.CounterClient;
import aika.client.CounterClient.Told;
import aika.client.Outbox;
import aika.client.Pending;
import aika.client.Problem;
import aika.client.Result;
import aika.client.Wallet;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.TransferId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** Does what a command asks, and says what came of it. */
final class Payer {
  private final PaymentOptions options;
  private final Outcome outcome;

  Payer(PaymentOptions options, CommandSpec spec) {
    this.options = options;
    this.outcome = new Outcome(spec);
  }

  List<TransferId> waiting(String who) {
    List<Pending> pending;
    if (options.signs()) {
      try (AikaClient client = options.client()) {
        pending = Outcome.asked(() -> client.pending(PaymentOptions.account(who)));
      }
    } else {
      try (CounterClient counter = options.counter()) {
        pending = Outcome.asked(() -> counter.pending(PaymentOptions.person(who)));
      }
    }
    return pending.stream().map(Pending::transfer).toList();
  }

  int decide(
      String who,
      TransferId transfer,
      BiFunction<Wallet, TransferId, SignedOrder> order,
      ByName byName) {
    if (options.signs()) {
      return signed(who, wallet -> order.apply(wallet, transfer));
    }
    CounterClient.Person person = PaymentOptions.person(who);
    try (CounterClient counter = options.counter()) {
      return tell(
          () -> byName.ask(counter, person, transfer),
          false,
          " Run the same command again.",
          "同じコマンドを、もう一度実行してください。");
    }
  }

  @FunctionalInterface
  interface ByName {
    Told ask(CounterClient counter, CounterClient.Person person, TransferId transfer);
  }

  /**
   * @param doubt whether an earlier attempt has no outcome: a refusal that may pass tells nothing
   *     of it, since it may still be done
   * @param againEn what to do about an outcome that is not known, in both languages
   */
  int tell(Callable<Told> asking, boolean doubt, String againEn, String againJa) {
    Told told;
    try {
      told = Outcome.asked(asking);
    } catch (CommandException notReached) {
      if (doubt) {
        return outcome.unknown(String.valueOf(notReached.getMessage()), againEn, againJa);
      }
      throw notReached;
    }
    return switch (told) {
      case Told.Done done -> outcome.accepted(List.of(done.transfer()), done.repeated());
      case Told.Refused refused when doubt && !isFinal(refused.problem()) ->
          outcome.unknown(refused.problem().toString(), againEn, againJa);
      case Told.Refused refused -> outcome.refused(refused.problem());
      case Told.Unknown unknown -> outcome.unknown(unknown.why(), againEn, againJa);
    };
  }

  /** Something else was asked for under this id, or nothing that is asked so is ever done. */
  private static boolean isFinal(Problem problem) {
    return problem.isFinal() || problem.code().equals(Reason.ID_REUSED.name());
  }

  /**
   * An earlier order without a result comes first, and then alone: whoever asks again because
   * nobody knew must not pay twice.
   */
  int signed(String who, Function<Wallet, SignedOrder> making) {
    Wallet wallet = options.wallet(who);
    Outbox outbox = options.outbox();
    try (AikaClient client = options.client()) {
      List<SignedOrder> earlier = outbox.waiting();
      if (earlier.isEmpty()) {
        return submit(client, outbox, making.apply(wallet));
      }
      outcome.say(
          "An earlier order had no result. It is sent again; nothing new is ordered.",
          "結果の分からない注文が残っています。それをもう一度送ります。新しい注文はしません。");
      int code = 0;
      for (SignedOrder order : earlier) {
        code = Math.max(code, submit(client, outbox, order));
      }
      return code;
    }
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
