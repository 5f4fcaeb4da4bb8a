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

  /** Of a {@code stand}, which holds a key and a signature of ML-DSA-44. */
  public static final int STAND_BYTES_MAX = 8_192;

  /** Of a {@code send-batch}; its first leaf has to hold it. */
  public static final int BATCH_BYTES_MAX = 63_000;

  public static SignedOrder parse(byte[] bytes) {
    if (bytes.length > BATCH_BYTES_MAX) {
      throw tooLong(BATCH_BYTES_MAX);
    }
    return of(SignedNote.parseShared(bytes), bytes);
  }

  private static MalformedException tooLong(int max) {
    return new MalformedException("an order of this kind has at most " + max + " bytes");
  }

  public static SignedOrder of(SignedNote note) {
    return of(note, note.encode());
  }

  private static SignedOrder of(SignedNote note, byte[] bytes) {
    Hash content = Hash.of(note.textHash());
    Order order = Order.parse(note.text());
    int max =
        switch (order) {
          case Order.SendBatch batch -> BATCH_BYTES_MAX;
          case Order.Stand stand -> STAND_BYTES_MAX;
          default -> ORDER_BYTES_MAX;
        };
    if (bytes.length > max) {
      throw tooLong(max);
    }
    return new SignedOrder(order, note, bytes, content);
  }
}
