package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Payments in a CSV file (RFC 4180 without line breaks in fields): a line each, {@code
 * to,amount[,memo]}, UTF-8. Empty lines and a first line {@code to,amount[,memo]} are passed over.
 * The memo is for whoever keeps the file: the payments of a batch carry none.
 */
final class PaymentFile {
  static final int FILE_BYTES_MAX = 1_048_576;

  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final int FIELDS_MIN = 2;
  private static final int FIELDS_MAX = 3;

  private final Path file;

  private PaymentFile(Path file) {
    this.file = file;
  }

  /**
   * @throws CommandException when there is not at least two and at most 500 of them, or a line is
   *     wrong: it says which
   */
  static List<Order.Payment> read(Path file) {
    return new PaymentFile(file).payments();
  }

  private List<Order.Payment> payments() {
    List<Order.Payment> payments = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) text().lines()::iterator) {
      number++;
      boolean heading = number == 1 && line.replace(" ", "").startsWith("to,amount");
      if (line.isBlank() || heading) {
        continue;
      }
      if (payments.size() == Order.SendBatch.PAYMENTS_MAX) {
        throw refused(
            number,
            "an order has at most " + Order.SendBatch.PAYMENTS_MAX + " payments",
            "一つの注文は " + Order.SendBatch.PAYMENTS_MAX + " 件までです");
      }
      payments.add(payment(number, fields(number, line)));
    }
    if (payments.size() < Order.SendBatch.PAYMENTS_MIN) {
      throw CommandException.of(
          file + " has " + payments.size() + " payments; a batch has two or more (see aika send).",
          file + " の送金は " + payments.size() + " 件です。二件以上が要ります（一件なら aika send）。",
          null);
    }
    return payments;
  }

  private String text() {
    byte[] bytes = SmallFile.read(file, FILE_BYTES_MAX);
    if (bytes.length > FILE_BYTES_MAX) {
      throw CommandException.of(
          file + " has more than " + FILE_BYTES_MAX + " bytes.",
          file + " は " + FILE_BYTES_MAX + " バイトを超えています。",
          null);
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException other) {
      throw CommandException.of(file + " is not UTF-8.", file + " は UTF-8 ではありません。", other);
    }
  }

  private Order.Payment payment(int number, List<String> fields) {
    if (fields.size() < FIELDS_MIN || fields.size() > FIELDS_MAX) {
      throw refused(number, "expected to,amount[,memo]", "to,amount[,memo] の形で書いてください");
    }
    return new Order.Payment(account(number, fields.get(0)), amount(number, fields.get(1)));
  }

  private AccountId account(int number, String text) {
    try {
      return AccountId.of(text);
    } catch (MalformedException none) {
      throw refused(number, text + " is no account", text + " は口座の番号ではありません");
    }
  }

  private Money amount(int number, String text) {
    try {
      Money amount = Money.lenient(text);
      if (amount.isPositive()) {
        return amount;
      }
    } catch (MalformedException none) {
      throw refused(number, text + " is no amount", text + " は金額ではありません");
    }
    throw refused(number, text + " is not above zero", text + " は正の金額ではありません");
  }

  /** A field may stand in quotes, in which two quotes mean one. */
  private List<String> fields(int number, String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean twice = quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
      if (twice) {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw refused(number, "a quote is not closed", "引用符が閉じていません");
    }
    fields.add(field.toString().strip());
    return fields;
  }

  private CommandException refused(int number, String en, String ja) {
    return CommandException.of(
        file + ", line " + number + ": " + en + ". Nothing was ordered.",
        file + " の " + number + " 行目：" + ja + "。注文はしていません。",
        null);
  }
}
