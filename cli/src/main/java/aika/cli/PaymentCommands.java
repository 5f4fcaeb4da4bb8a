package aika.cli;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.CounterClient;
import aika.client.Transfer;
import aika.client.Wallet;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Payments at a gateway: by names, which the counter's wallet signs, or with a key of one's own. An
 * outcome that nobody knows yet is told as that, never as a failure.
 */
final class PaymentCommands {
  static final String EXIT_CODES = "Exit codes / 終了コード:";
  static final String EXIT_DONE = "  0 done, 1 refused or failed, 2 wrong arguments,";
  static final String EXIT_UNKNOWN =
      "  3 the outcome is not known yet: not failed, ask again / 結果はまだ不明（失敗ではありません）";

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
        if (id != null) { // ignored, it would be sent twice
          throw new ParameterException(
              spec.commandLine(),
              "--id is of a send by names; with --key the same order is kept and sent again"
                  + " / --id は名前で送るときだけ使えます（--key では同じ注文が残っていて、もう一度送られます）");
        }
        return options
            .signing(spec)
            .order(wallet -> wallet.send(PaymentOptions.account(to), money));
      }
      OrderId order = id == null ? new OrderId(UUID.randomUUID()) : orderId(id);
      CounterClient.Person from = options.person();
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
        return payer.receiveAll();
      }
      int code = 0;
      for (TransferId id : ids) {
        code = Math.max(code, payer.decide(id, Wallet::receive, CounterClient::receive));
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

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      return new Payer(options, spec)
          .decide(transferId(transfer), Wallet::reject, CounterClient::reject);
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

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      return new Payer(options, spec)
          .decide(transferId(transfer), Wallet::cancel, CounterClient::cancel);
    }
  }

  @Command(
      name = "refund",
      mixinStandardHelpOptions = true,
      description = {
        "Give back a transfer that was received, or a part of it, with a transfer that names it.",
        "受け取った送金を、全部または一部、送った人に返します。"
      },
      footer = {
        "",
        "Earlier refunds of the same transfer are told, and no more goes back than was received. One",
        "that has not reached the chain yet is not found, nor is one older than the account's newest",
        AikaClient.REFUNDS_MAX + " transfers to that person.",
        "同じ送金を前に返していれば知らせ、受け取った額より多くは返しません。まだチェーンに届いていない返金や、",
        "その人への新しい方から " + AikaClient.REFUNDS_MAX + " 件より前の返金は見つかりません。",
        "",
        "Examples / 例:",
        "  aika refund --gateway URL --key me.key --federation aika.example --as ACCOUNT TRANSFER",
        "  aika refund --gateway http://localhost:2000 --key me.key --federation aika.example \\",
        "      --as Asia-Kanazawa/p8d1x7aa Asia-Komatsu:12 5.00",
        "",
        EXIT_CODES,
        EXIT_DONE,
        EXIT_UNKNOWN
      })
  static final class Refund implements Callable<Integer> {
    private static final Set<String> RECEIVED = Set.of("receive_pending", "complete");

    /** Refunds whose money is the refunder's again. */
    private static final Set<String> CAME_BACK = Set.of("rejected", "cancelled", "expired");

    @Mixin private KeyOptions options;
    @Mixin private Consent consent;
    @Spec private CommandSpec spec;

    @Parameters(
        index = "0",
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "AMOUNT",
        description = {"A part; without it, all of it.", "返す金額（なければ全額）。"})
    private @Nullable String part;

    @Override
    public Integer call() {
      TransferId id = transferId(transfer);
      Money back = part == null ? null : amount(part);
      return options.signing(spec).order(wallet -> order(wallet, id, back));
    }

    private SignedOrder order(Wallet wallet, TransferId id, @Nullable Money part) {
      Outcome outcome = new Outcome(spec);
      Transfer received;
      Money before;
      try (AikaClient client = options.client()) {
        received = Outcome.asked(() -> client.transfer(id));
        before = refundedBefore(client, received, outcome);
      }
      if (!received.receiver().equals(wallet.account())) {
        throw refused(Reason.NOT_YOURS);
      }
      if (!RECEIVED.contains(received.status())) {
        throw CommandException.of(
            Reason.UNKNOWN_TRANSFER,
            id + " was not received. To decline what waits: aika reject.",
            id + " は受け取られていません。断るには aika reject を使ってください。");
      }
      Money back = part == null ? received.amount() : part;
      if (before.isPositive() && before.plus(back).compareTo(received.amount()) > 0) {
        throw CommandException.of(
            Reason.AMOUNT_INVALID,
            "It was " + received.amount() + ", of which " + before + " went back before.",
            "受け取ったのは " + received.amount() + " 愛貨で、前に " + before + " 愛貨を返しています。");
      }
      if (back.compareTo(received.amount()) > 0) {
        throw CommandException.of(
            Reason.AMOUNT_INVALID,
            "It was " + received.amount() + '.',
            "受け取ったのは " + received.amount() + " 愛貨です。");
      }
      outcome.say(
          received.sender() + " gets " + back + " of " + id + " back.",
          received.sender() + " に " + id + " の " + back + " 愛貨を返します。");
      consent.ask(spec);
      return wallet.refund(id, received.sender(), back);
    }

    /** How much went back, or is on its way, by earlier refunds; says by which. */
    private static Money refundedBefore(AikaClient client, Transfer received, Outcome outcome) {
      Money sum = Money.ZERO;
      try {
        for (Transfer refund : client.refunds(received)) {
          if (!CAME_BACK.contains(refund.status())) {
            outcome.say(
                "It was refunded before: " + refund.amount() + " by " + refund.id() + '.',
                "前に " + refund.id() + " で " + refund.amount() + " 愛貨を返しています。");
            sum = sum.plus(refund.amount());
          }
        }
      } catch (ClientException notTold) {
        outcome.say(
            "Whether it was refunded before could not be looked up (" + notTold.code() + ").",
            "前に返金したかどうかは、調べられませんでした。");
      }
      return sum;
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
    @Mixin private GatewayOption gateway;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "TRANSFER",
        description = {"As in Asia-Komatsu:12.", "送金の番号。"})
    private String transfer;

    @Override
    public Integer call() {
      TransferId id = transferId(transfer);
      try (AikaClient client = gateway.client()) {
        TransferText text = new TransferText(Outcome.asked(() -> client.transfer(id)));
        Screen screen = new Screen(spec.commandLine().getOut());
        text.print(screen);
        text.printHistory(screen);
      }
      return 0;
    }
  }

  /**
   * @throws CommandException when it is none above zero
   */
  static Money amount(String text) {
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
}
