package aika.cli;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.Problem;
import aika.client.Result;
import aika.client.Transfer;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** Says what came of an order. What nobody knows yet is told as that, never as a failure. */
final class Outcome {
  private static final List<Integer> COLUMNS = List.of(24, 16);

  private final CommandSpec spec;
  private final Screen screen;

  Outcome(CommandSpec spec) {
    this.spec = spec;
    this.screen = new Screen(spec.commandLine().getOut());
  }

  /**
   * @param againEn what to do when it is not known, in both languages
   * @return the exit code
   */
  int of(Result result, String againEn, String againJa) {
    return switch (result) {
      case Result.Accepted accepted -> accepted(accepted.transfers(), accepted.repeated());
      case Result.Refused refused -> refused(refused.problem());
      case Result.Unknown unknown -> unknown(unknown.why(), againEn, againJa);
    };
  }

  /** Hands in an order that the same command hands in again, so that it need not be kept. */
  int submitted(AikaClient client, SignedOrder order) {
    Result result = asked(() -> client.submit(order));
    boolean late = result instanceof Result.Refused refused && refused.problem().isLate();
    Result earlier = late ? asked(() -> client.lookUp(order)) : result;
    return of(
        earlier instanceof Result.Unknown ? result : earlier,
        " Run the same command again.",
        "同じコマンドを、もう一度実行してください。");
  }

  /** What was written waits for another signature. */
  void bring(Path note, String en, String ja) {
    say(
        "Bring " + note + " to " + en + " within " + CounterNote.HOURS + " hours.",
        note + " を " + CounterNote.HOURS + " 時間以内に" + ja + "に渡してください。");
  }

  void say(String en, String ja) {
    screen.line(ja);
    screen.line(en);
  }

  int accepted(List<Transfer> transfers, boolean repeated) {
    if (repeated) {
      say("It had been done before; it was not done twice.", "前にすんでいます。二重にはなっていません。");
    }
    switch (transfers.size()) {
      case 0 -> say("Done: the chain has executed the order.", "できました。チェーンが注文を実行しました。");
      case 1 -> new TransferText(transfers.getFirst()).print(screen);
      default -> list(transfers);
    }
    return 0;
  }

  private void list(List<Transfer> transfers) {
    Money sum = transfers.stream().map(Transfer::amount).reduce(Money.ZERO, Money::plus);
    for (Transfer one : transfers) {
      screen.row(COLUMNS, one.id().toString(), one.amount().toString(), one.receiver().toString());
    }
    say(
        transfers.size() + " transfers, " + sum + " in all. Each waits for its receiver.",
        "送金 " + transfers.size() + " 件、合計 " + sum + " 愛貨。それぞれ受け取りを待ちます。");
  }

  int refused(Problem problem) {
    print(exception(problem));
    return 1;
  }

  /** More may wait than is known. */
  int incomplete(Problem problem) {
    print(exception(problem));
    return PaymentCommands.UNKNOWN;
  }

  int unknown(String why, String againEn, String againJa) {
    Reason reason = Reason.OUTCOME_UNKNOWN;
    print(
        CommandException.of(
            reason,
            reason.en() + " (" + why + ") It may have been done, and has not failed." + againEn,
            reason.ja() + "失敗したわけではありません。" + againJa));
    return PaymentCommands.UNKNOWN;
  }

  private void print(CommandException said) {
    Failures.print(spec.commandLine().getErr(), said);
  }

  /** Nothing was ordered when nobody was reached. */
  static <T> T asked(Callable<T> asking) {
    try {
      return asking.call();
    } catch (ClientException failed) {
      throw exception(failed);
    } catch (RuntimeException other) {
      throw other;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static CommandException exception(Problem problem) {
    String detail = problem.detail().isEmpty() ? "" : " (" + problem.detail() + ")";
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(problem.code())) {
        return CommandException.of(reason, reason.en() + detail, reason.ja() + detail);
      }
    }
    return CommandException.of(problem.toString(), problem.ja(), null);
  }

  private static CommandException exception(ClientException failed) {
    if (failed.code().equals(ClientException.UNREACHABLE)) {
      return CommandException.of(
          "The gateway cannot be reached; nothing was ordered. " + failed.getMessage(),
          "窓口につながりません。注文はしていません。",
          failed);
    }
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(failed.code())) {
        return CommandException.of(reason, reason.en(), reason.ja());
      }
    }
    return CommandException.of(
        "What answered is no gateway of Aika. " + failed.getMessage(),
        "愛貨の窓口ではないものが答えました。",
        failed);
  }
}
