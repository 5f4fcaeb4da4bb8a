package aika.cli;

import aika.client.Official;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An order that somebody has signed and that an official is to sign too; it goes from one to the
 * other in a file.
 *
 * @param note with the first signature
 * @param order that it says
 */
record CounterNote<T extends Order>(SignedNote note, T order) {
  static final long HOURS = Wallet.AT_COUNTER.toHours();

  static void write(Path file, SignedNote note) {
    try {
      DurableFile.write(file, note.encode());
    } catch (IOException failed) {
      throw CommandException.of(
          file + " cannot be written (" + failed + ").", file + " に書けません。", failed);
    }
  }

  /**
   * @param writer the command that writes such files
   * @throws CommandException when it is no order of this kind
   */
  static <T extends Order> CounterNote<T> read(Path file, Class<T> kind, String writer) {
    try {
      SignedNote note = SignedNote.parse(SmallFile.read(file, SignedOrder.ORDER_BYTES_MAX));
      Order order = SignedOrder.of(note).order();
      if (kind.isInstance(order)) {
        return new CounterNote<>(note, kind.cast(order));
      }
    } catch (MalformedException other) {
      throw notOne(file, writer, other);
    }
    throw notOne(file, writer, null);
  }

  /**
   * The order with this official's signature too; the same again is the same order.
   *
   * @throws CommandException when they have signed it already
   */
  SignedOrder completedBy(Official official) {
    try {
      return official.complete(note);
    } catch (MalformedException refused) {
      throw CommandException.of(
          Reason.BAD_SIGNATURE,
          "It cannot be signed with this key too (" + refused.getMessage() + ").",
          "この鍵で署名を加えることはできません。");
    }
  }

  private static CommandException notOne(Path file, String writer, @Nullable Exception why) {
    return CommandException.of(
        file + " is nothing that " + writer + " has written.",
        file + " は " + writer + " が書いたものではありません。",
        why);
  }
}
