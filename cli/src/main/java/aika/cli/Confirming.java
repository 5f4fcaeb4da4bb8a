package aika.cli;

import aika.client.AikaClient;
import aika.client.Official;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An issuer reads what somebody else has begun, signs it too and hands it in. */
abstract class Confirming<T extends Order> implements Callable<Integer> {
  private final Class<T> kind;
  private final String writer;

  @Mixin private OfficialOptions official;
  @Mixin private GatewayOption gateway;
  @Mixin private Consent consent;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = {"What the other one has written.", "相手が書いた注文のファイル。"})
  private Path file;

  /**
   * @param writer the command that writes such files
   */
  Confirming(Class<T> kind, String writer) {
    this.kind = kind;
    this.writer = writer;
  }

  /** Who signs; null when all that is needed has signed already. */
  abstract @Nullable Official signer(Officials officials, CounterNote<T> asked);

  /** Says what is ordered, before it is signed. */
  abstract void say(Outcome outcome, T order);

  @Override
  public Integer call() {
    CounterNote<T> asked = CounterNote.read(file, kind, writer);
    Official signer = signer(official.open(), asked);
    SignedOrder signed = signer == null ? SignedOrder.of(asked.note()) : asked.completedBy(signer);
    Outcome outcome = new Outcome(spec);
    say(outcome, asked.order());
    consent.ask(spec);
    try (AikaClient client = gateway.client()) {
      return outcome.submitted(client, signed);
    }
  }
}
