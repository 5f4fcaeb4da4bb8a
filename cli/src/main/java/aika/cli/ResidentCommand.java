package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.client.AikaClient;
import aika.client.Problem;
import aika.client.Result;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.config.Municipality;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** People at a municipality's counter. */
@Command(
    name = "resident",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"People at a municipality's counter.", "窓口で口座を持つ住民をあつかいます。"})
final class ResidentCommand extends Subcommands {
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Open an account whose key the counter keeps. Its municipality's node must run.",
        "窓口が鍵を預かる口座を開きます。市町村のノードが動いている必要があります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika resident add B --in Asia-Kanazawa --data ~/aika",
        "  aika resident add A --in Asia-Komatsu --issue 1000.00 --data ~/aika",
        "",
        "Exit codes / 終了コード:",
        "  0 done, 1 refused, 2 wrong arguments, 3 not known yet / まだ分からない"
      })
  int add(
      @Parameters(
              paramLabel = "NAME",
              description = {"The name in the register.", "名簿に載せる名前。"})
          String name,
      @Option(
              names = "--in",
              paramLabel = "MUNICIPALITY",
              required = true,
              description = {"Where.", "市町村。"})
          String place,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {"The directory with federation.yaml.", "federation.yaml のあるフォルダー。"})
          Path data,
      @Option(
              names = "--issue",
              paramLabel = "AMOUNT",
              description = {
                "Issue new money to it, signed with two issuers' keys of the directory.",
                "新しい愛貨を発行します（発行者二人の鍵で署名）。"
              })
          @Nullable String amount,
      @Option(
              names = "--port-offset",
              paramLabel = "N",
              description = {"As the node was started.", "ノードと同じ値。"})
          int portOffset) {
    NodeHome home = NodeHome.open(data);
    if (!(home.chain(place) instanceof Municipality municipality)) {
      throw new ParameterException(
          spec.commandLine(), place + " is no municipality / " + place + " は市町村ではありません");
    }
    Money issued = amount == null ? null : money(amount);
    Screen screen = new Screen(spec.commandLine().getOut());
    AccountId account;
    try (NodeChannel node = NodeChannel.of(home.nodeOf(municipality.id()))) {
      account =
          AccountId.of(
              NodeChannel.text(node.post(NodeChannel.path("residents", place), name), "account"));
    }
    screen.line(name + "  " + account);
    if (issued != null) {
      if (issue(home, municipality, account, issued, portOffset)) {
        screen.line("issued " + issued + " 愛貨 / " + issued + " 愛貨を発行しました");
      } else {
        screen.line(issued + " 愛貨は前に発行ずみです。今回は発行していません。もっと発行するには aika issue ask を使います。");
        screen.line(
            issued
                + " 愛貨 were issued to it before, and nothing was now."
                + " To issue more: aika issue ask --to "
                + account);
      }
    }
    return 0;
  }

  private Money money(String amount) {
    try {
      return Money.lenient(amount);
    } catch (MalformedException none) {
      throw new ParameterException(
          spec.commandLine(), amount + " is no amount / " + amount + " は金額ではありません", none);
    }
  }

  /** Whether it was done now, and not before. */
  private static boolean submit(AikaClient client, SignedOrder order) {
    return switch (client.submit(order)) {
      case Result.Accepted accepted -> !accepted.repeated();
      case Result.Refused refused when isFrom(refused.problem(), Reason.ID_REUSED) -> false;
      case Result.Refused refused ->
          throw CommandException.of(
              refused.problem().code() + ": " + refused.problem().en(),
              refused.problem().ja(),
              null);
      case Result.Unknown unknown ->
          throw CommandException.notKnown(
              "Nobody can say yet whether it was issued (" + unknown.why() + "). Run this again.",
              "発行できたかどうか、まだ分かりません。もう一度実行してください。",
              null);
    };
  }

  private static boolean isFrom(Problem problem, Reason reason) {
    return problem.code().equals(reason.name());
  }

  /** Whether it was issued now; if not, it had been before. */
  private static boolean issue(
      NodeHome home, Municipality municipality, AccountId to, Money amount, int portOffset) {
    List<HeldKey> issuers = home.keys().issuers(municipality);
    if (issuers.size() < 2) {
      throw CommandException.of(
          "Two issuers' keys of "
              + municipality.id()
              + " are needed here; there are "
              + issuers.size()
              + '.',
          municipality.id() + " の発行者の鍵が二つ要ります（今は " + issuers.size() + "）。",
          null);
    }
    // The same again is the same order: an answer that was lost must not make new money twice.
    UUID id = UUID.nameUUIDFromBytes(("first issue to " + to + ' ' + amount).getBytes(UTF_8));
    long notAfter =
        System.currentTimeMillis() + home.federation().limits().notAfterStandard().toMillis();
    Order order =
        new Order.Issue(
            new Order.Header(home.federation().id(), new OrderId(id), notAfter / 1_000 * 1_000),
            to,
            amount);
    HeldKey one = issuers.get(0);
    HeldKey two = issuers.get(1);
    SignedNote note =
        SignedNote.sign(order.text(), one.key().name(), Ed25519.TYPE, one.signer())
            .signedBy(two.key().name(), Ed25519.TYPE, two.signer());
    try (AikaClient client =
        AikaClient.at(URI.create("http://localhost:" + (municipality.http() + portOffset)))) {
      return submit(client, SignedOrder.of(note));
    }
  }
}
