package aika.node.register;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.AccountId;
import aika.core.note.MalformedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an account id that was given out: {@code erased}, or {@code reserved} or {@code
 * open} with the name and the display name (empty for none), in a line each.
 *
 * @param name null once it was erased
 */
record AccountRow(@Nullable PersonName name, boolean open, @Nullable String displayName) {
  static final AccountRow ERASED = new AccountRow(null, false, null);

  private static final String ERASED_TEXT = "erased";

  static AccountRow of(Person person) {
    return new AccountRow(person.name(), person.open(), person.displayName());
  }

  Optional<Person> person(AccountId account) {
    return name == null
        ? Optional.empty()
        : Optional.of(new Person(name, account, open, displayName));
  }

  byte[] encode() {
    if (name == null) {
      return ERASED_TEXT.getBytes(UTF_8);
    }
    String shown = displayName == null ? "" : displayName;
    return String.join("\n", open ? "open" : "reserved", name.value(), shown).getBytes(UTF_8);
  }

  static AccountRow parse(String text) {
    if (text.equals(ERASED_TEXT)) {
      return ERASED;
    }
    String[] lines = text.split("\n", -1);
    if (lines.length != 3 || !(lines[0].equals("open") || lines[0].equals("reserved"))) {
      throw new MalformedException("neither erased, nor reserved or open with two names");
    }
    String displayName = lines[2].isEmpty() ? null : lines[2];
    return new AccountRow(PersonName.of(lines[1]), lines[0].equals("open"), displayName);
  }
}
