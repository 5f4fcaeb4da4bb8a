package aika.core.money;

import aika.core.note.MalformedException;
import java.util.UUID;

/**
 * The id that a client gives its order before sending it, a UUID in lower-case canonical text (RFC
 * 9562; version 7 is recommended). It makes retries safe: one id of one account is executed once.
 */
public record OrderId(UUID value) {
  private static final int CHARS = 36;

  public static OrderId of(String text) {
    if (text.length() == CHARS) {
      try {
        UUID id = UUID.fromString(text);
        if (id.toString().equals(text)) {
          return new OrderId(id);
        }
      } catch (IllegalArgumentException notHexadecimal) {
        throw new MalformedException("not an order id (UUID): " + Quoted.of(text), notHexadecimal);
      }
    }
    throw new MalformedException("not an order id (UUID): " + Quoted.of(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
