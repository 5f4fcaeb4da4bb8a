package aika.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.note.Fuzz;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands read from elsewhere, with changed texts. */
final class FuzzedInputTest {
  private static final String REPRESENTATIVES =
      """
      {"chain":"Asia-Komatsu","term":3,"by":"elected","since":"2026-11-22T10:00:01.123Z",
       "blocks_left":7,"quorum":4,"elects":5,"seats":[{"key":"aika.example/x+0123abcd+Bg=="}],
       "standings":[{"rank":1,"account":"Asia-Komatsu/k3v9q2mw","counterparties":2,"total":"9.00"},
        {"rank":2,"municipality":"Asia-Kanazawa","leaves":9,"total":"0.00"}],
       "elections":[{"term":2,"by":"recovered","time":"2026-11-22T10:00:01.123Z","leaf":7,
        "reason":"lost"}]}
      """;

  @TempDir Path directory;

  @Test
  void payments() {
    Path file = directory.resolve("payments.csv");
    Fuzz.of(
            "payments",
            "to,amount,memo\nAsia-Komatsu/k3v9q2mw,1.50,\"rent, \"\"May\"\"\"\n\nA-b/aaaa,2\n",
            "Asia-Komatsu/k3v9q2mw,1\r\nAsia-Kanazawa/p8d1x7aa,200.00,昼\r\n")
        .refusingWith(CommandException.class)
        .cases(1_500)
        .run(bytes -> {
          Files.write(file, bytes);
          List<Order.Payment> read = PaymentFile.read(file);
          assertTrue(read.stream().allMatch(payment -> payment.amount().isPositive()));
          return null;
        });
  }

  @Test
  void answersOfAGateway() {
    Fuzz.of("representatives", REPRESENTATIVES)
        .refusingWith(CommandException.class)
        .cases(1_500)
        .run(bytes -> {
          Screen screen = new Screen(new PrintWriter(Writer.nullWriter()));
          RepresentativesCommand.show(screen, NodeChannel.read(bytes));
          return null;
        });
  }
}
