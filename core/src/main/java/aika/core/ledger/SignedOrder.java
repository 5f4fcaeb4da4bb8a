package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;

/**
 * An order with its signatures, exactly as it was signed.
 *
 * @param bytes the signed note; nobody changes them
 * @param content SHA-256 of the note's text, without signatures: the same order signed again is the
 *     same order
 */
public record SignedOrder(Order order, SignedNote note, byte[] bytes, Hash content) {
  public static final int ORDER_BYTES_MAX = 4_096;

  public static SignedOrder parse(byte[] bytes) {
    if (bytes.length > ORDER_BYTES_MAX) {
      throw new MalformedException("an order has at most " + ORDER_BYTES_MAX + " bytes");
    }
    return of(SignedNote.parseShared(bytes), bytes);
  }

  public static SignedOrder of(SignedNote note) {
    return of(note, note.encode());
  }

  private static SignedOrder of(SignedNote note, byte[] bytes) {
    Hash content = Hash.of(note.textHash());
    return new SignedOrder(Order.parse(note.text()), note, bytes, content);
  }
}
