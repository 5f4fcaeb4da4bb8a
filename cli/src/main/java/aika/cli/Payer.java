package aika.cli;

import aika.client.AikaClient;
import aika.client.CounterClient;
import aika.client.CounterClient.Told;
import aika.client.Pending;
import aika.client.Problem;
import aika.client.Waiting;
import aika.client.Wallet;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.TransferId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Model.CommandSpec;

/** Does what a command asks, and says what came of it. */
final class Payer {
  private final PaymentOptions options;
  private final CommandSpec spec;
  private final Outcome outcome;

  Payer(PaymentOptions options, CommandSpec spec) {
    this.options = options;
    this.spec = spec;
    this.outcome = new Outcome(spec);
  }

  /** Receives all that waits; that nothing does is said only when it is known. */
  int receiveAll() {
    Waiting waiting = waiting();
    int code = 0;
    for (Pending one : waiting.transfers()) {
      code = Math.max(code, decide(one.transfer(), Wallet::receive, CounterClient::receive));
    }
    Problem incomplete = waiting.incomplete();
    if (incomplete != null) {
      int notKnown = outcome.incomplete(incomplete);
      return waiting.transfers().isEmpty() ? notKnown : code;
    }
    if (waiting.transfers().isEmpty()) {
      outcome.say("Nothing is waiting.", "待っている送金はありません。");
    }
    return code;
  }

  private Waiting waiting() {
    if (options.signs()) {
      try (AikaClient client = options.client()) {
        return Outcome.asked(() -> client.pending(options.account()));
      }
    }
    try (CounterClient counter = options.counter()) {
      return Outcome.asked(() -> counter.pending(options.person()));
    }
  }

  int decide(
      TransferId transfer, BiFunction<Wallet, TransferId, SignedOrder> order, ByName byName) {
    if (options.signs()) {
      return options.signing(spec).order(wallet -> order.apply(wallet, transfer));
    }
    CounterClient.Person person = options.person();
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
}
