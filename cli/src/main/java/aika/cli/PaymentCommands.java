package aika.cli;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.CounterClient;
import aika.client.CounterClient.Told;
import aika.client.Outbox;
import aika.client.Pending;
import aika.client.Problem;
import aika.client.Result;
import aika.client.Transfer;
import aika.client.Wallet;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Payments at a gateway: by names, which the counter's wallet signs, or with a key of one's own. An
 * outcome that nobody knows yet is told as that, never as a failure.
 */
final class PaymentCommands {
  private static final String EXIT_CODES = "Exit codes / 終了コード:";
  private static final String EXIT_DONE = "  0 done, 1 refused or failed, 2 wrong arguments,";
  private static final String EXIT_UNKNOWN =
      "  3 the outcome is not known yet: not failed, ask again / 結果はまだ不明（失敗ではありません）";
  private static final String WHO_EN =
      "Who acts: NAME@MUNICIPALITY, or an account's id (with --key always).";
  private static final String WHO_JA = "だれがするか：名前@市町村、または口座の番号（--key のときは番号）。";

  /** Nobody can say yet what became of it. */
  static final int UNKNOWN = 3;

  private PaymentCommands() {}

  @Command(
      name = "send",
      mixinStandardHelpOptions = true,
      description = {
        "Send money; it is held until its receiver has received it.",
        "送金します。受け取られるまで、お金は預かられます。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika send --gateway http://localhost:2001 --as A@Asia-Komatsu --to B@Asia-Kanazawa 200",
        "  aika send --gateway URL --key me.key --federation aika.example --as Asia-Komatsu/k3v9q2mw",
        "      --to Asia-Kanazawa/p8d1x7aa 200.00",
        "",
        EXIT_CODES,
        EXIT_DONE,
        EXIT_UNKNOWN
      })
  static final class Send implements Callable<Integer> {
    @Mixin private PaymentOptions options;
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "WHO",
        required = true,
        description = {WHO_EN, WHO_JA})
    private String who;

    @Option(
        names = "--to",
        paramLabel = "WHO",
        required = true,
        description = {"Who receives, written like --as.", "受け取る人。"})
    private String to;

    @Option(
        names = "--id",
        paramLabel = "UUID",
        description = {
          "Of an earlier send by names whose outcome was not known: it is not sent twice.",
          "結果が分からなかった送金の番号（二重にはなりません）。"
        })
    private @Nullable String id;

    @Parameters(
        paramLabel = "AMOUNT",
        description = {"As in 200 or 200.50.", "金額。"})
    private String amount;

    @Override
    public Integer call() {
      Money money = amount(amount);
      Payer payer = new Payer(options, spec);
      if (options.signs()) {
        return payer.signed(who, wallet -> wallet.send(PaymentOptions.account(to), money));
      }
      OrderId order = id == null ? new OrderId(UUID.randomUUID()) : orderId(id);
      CounterClient.Person from = PaymentOptions.person(who);
      CounterClient.Person receiver = PaymentOptions.person(to);
      try (CounterClient counter = options.counter()) {
        return payer.tell(
            () -> counter.send(order, from, receiver, money),
            id != null,
            " Ask again with --id " + order + ".",
            "--id " + order + " を付けて、もう一度たずねてください。");
      }
    }
  }

  @Command(
      name = "receive",
      mixinStandardHelpOptions = true,
      description = {
        "Receive what was sent: these transfers, or everything that waits.",
        "届いた送金を受け取ります（番号がなければ、待っているすべて）。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika receive --gateway http://localhost:2000 --as B@Asia-Kanazawa",
        "  aika receive --gateway http://localhost:2000 --as B@Asia-Kanazawa Asia-Komatsu:12",
        "  aika receive --gateway URL --key me.key --federation aika.example --as ACCOUNT",
        "",
        EXIT_CODES,
        EXIT_DONE,
        EXIT_UNKNOWN
      })
  static final class Receive implements Callable<Integer> {
    @Mixin private PaymentOptions options;
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "WHO",
        required = true,
        description = {WHO_EN, WHO_JA})
    private String who;

    @Parameters(
        paramLabel = "TRANSFER",
        arity = "0..*",
        description = {"As in Asia-Komatsu:12 or several; none: all that wait.", "送金の番号（なければすべて）。"})
    private List<String> transfers = List.of();

    @Override
    public Integer call() {
      Payer payer = new Payer(options, spec);
      List<TransferId> ids = transfers.stream().map(PaymentCommands::transferId).toList();
      if (ids.isEmpty()) {
        ids = payer.waiting(who);
      }
      if (ids.isEmpty()) {
        payer.say("Nothing is waiting.", "待っている送金はありません。");
      }
      int code = 0;
      for (TransferId id : ids) {
        code = Math.max(code, payer.decide(who, id, Wallet::receive, CounterClient::receive));
      }
      return code;
    }
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = {
        "Decline a transfer; the money goes back to its sender.",
        "送金を断ります。お金は送った人に戻ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika reject --gateway http://localhost:2000 --as B@Asia-Kanazawa Asia-Komatsu:12",
        "  aika reject --gateway URL --key me.key --federation aika.example --as ACCOUNT TRANSFER",
        "",
        EXIT_CODES,
        EXIT_DONE,
        EXIT_UNKNOWN
      })
  static final class Reject implements Callable<Integer> {
    @Mixin private PaymentOptions options;
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "WHO",
        required = true,
        description = {WHO_EN, WHO_JA})
    private String who;

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      return new Payer(options, spec)
          .decide(who, transferId(transfer), Wallet::reject, CounterClient::reject);
    }
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = {
        "Ask for a transfer back that nobody has received yet.",
        "まだ受け取られていない送金の取り消しをたのみます。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika cancel --gateway http://localhost:2001 --as A@Asia-Komatsu Asia-Komatsu:12",
        "  aika cancel --gateway URL --key me.key --federation aika.example --as ACCOUNT TRANSFER",
        "",
        EXIT_CODES,
        EXIT_DONE,
        EXIT_UNKNOWN
      })
  static final class Cancel implements Callable<Integer> {
    @Mixin private PaymentOptions options;
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "WHO",
        required = true,
        description = {WHO_EN, WHO_JA})
    private String who;

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      return new Payer(options, spec)
          .decide(who, transferId(transfer), Wallet::cancel, CounterClient::cancel);
    }
  }

  @Command(
      name = "transfer",
      mixinStandardHelpOptions = true,
      description = {
        "Show a transfer: who moved it, why, and where the money is now.",
        "送金の様子と、お金がいまどこにあるかを示します。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika transfer --gateway http://localhost:2001 Asia-Komatsu:12",
        "",
        "Exit codes / 終了コード: 0 shown, 1 not found or failed, 2 wrong arguments"
      })
  static final class Show implements Callable<Integer> {
    @Mixin private PaymentOptions options;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      TransferId id = transferId(transfer);
      try (AikaClient client = options.client()) {
        TransferText text = new TransferText(Payer.asked(() -> client.transfer(id)));
        Screen screen = new Screen(spec.commandLine().getOut());
        text.print(screen);
        text.printHistory(screen);
      }
      return 0;
    }
  }

  private static Money amount(String text) {
    try {
      Money money = Money.lenient(text);
      if (money.isPositive()) {
        return money;
      }
    } catch (MalformedException none) {
      throw refused(Reason.AMOUNT_INVALID);
    }
    throw refused(Reason.AMOUNT_INVALID);
  }

  private static TransferId transferId(String text) {
    try {
      return TransferId.of(text);
    } catch (MalformedException none) {
      throw CommandException.of(
          "A transfer is written as in Asia-Komatsu:12.",
          "送金の番号は Asia-Komatsu:12 のように書いてください。",
          none);
    }
  }

  private static OrderId orderId(String text) {
    try {
      return OrderId.of(text);
    } catch (MalformedException none) {
      throw CommandException.of("--id is a UUID in lower case.", "--id は小文字の UUID です。", none);
    }
  }

  private static CommandException refused(Reason reason) {
    return CommandException.of(reason, reason.en(), reason.ja());
  }

  /** Does what a command asks, and says what came of it. */
  private static final class Payer {
    private final PaymentOptions options;
    private final CommandSpec spec;
    private final Screen screen;

    Payer(PaymentOptions options, CommandSpec spec) {
      this.options = options;
      this.spec = spec;
      this.screen = new Screen(spec.commandLine().getOut());
    }

    void say(String en, String ja) {
      screen.line(ja);
      screen.line(en);
    }

    List<TransferId> waiting(String who) {
      List<Pending> pending;
      if (options.signs()) {
        try (AikaClient client = options.client()) {
          pending = asked(() -> client.pending(PaymentOptions.account(who)));
        }
      } else {
        try (CounterClient counter = options.counter()) {
          pending = asked(() -> counter.pending(PaymentOptions.person(who)));
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
        told = asked(asking);
      } catch (CommandException notReached) {
        if (doubt) {
          return unknown(String.valueOf(notReached.getMessage()), againEn, againJa);
        }
        throw notReached;
      }
      return switch (told) {
        case Told.Done done -> accepted(done.transfer(), done.repeated());
        case Told.Refused refused when doubt && !isFinal(refused.problem()) ->
            unknown(refused.problem().toString(), againEn, againJa);
        case Told.Refused refused -> refused(refused.problem());
        case Told.Unknown unknown -> unknown(unknown.why(), againEn, againJa);
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
        say(
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
        result = asked(() -> client.submit(order, outbox));
      } catch (CommandException notReached) {
        if (!before) {
          outbox.forget(order); // nothing was ordered
        }
        throw notReached;
      }
      return switch (result) {
        case Result.Accepted accepted -> accepted(accepted.transfer(), accepted.repeated());
        case Result.Refused refused -> {
          if (!before) {
            outbox.forget(order);
          }
          yield refused(refused.problem());
        }
        case Result.Unknown unknown ->
            unknown(
                unknown.why(),
                " The order is kept; run any payment with this key again, and it is sent again.",
                "注文は残してあります。この鍵でもう一度実行すると、同じ注文を送ります。");
      };
    }

    private static boolean sameId(SignedOrder one, SignedOrder other) {
      return one.order().header().id().equals(other.order().header().id());
    }

    private int accepted(Transfer transfer, boolean repeated) {
      if (repeated) {
        say("It had been done before; it was not done twice.", "前にすんでいます。二重にはなっていません。");
      }
      new TransferText(transfer).print(screen);
      return 0;
    }

    private int refused(Problem problem) {
      print(exception(problem));
      return 1;
    }

    private int unknown(String why, String againEn, String againJa) {
      Reason reason = Reason.OUTCOME_UNKNOWN;
      print(
          CommandException.of(
              reason,
              reason.en() + " (" + why + ") It may have been done, and has not failed." + againEn,
              reason.ja() + "失敗したわけではありません。" + againJa));
      return UNKNOWN;
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
}
