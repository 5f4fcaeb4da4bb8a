package aika.node.register;

import aika.core.money.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in the register.
 *
 * @param open whether the account is open on the chain; before, its id is only reserved
 * @param displayName what pages call the person; null when it is the name
 */
public record Person(
    PersonName name, AccountId account, boolean open, @Nullable String displayName) {
  public static final int DISPLAY_NAME_CHARS_MAX = 64;

  /** What pages call the person. */
  public String shown() {
    return displayName == null ? name.value() : displayName;
  }

  /** The account only. */
  @Override
  public String toString() {
    return "Person[" + account + ']';
  }
}
