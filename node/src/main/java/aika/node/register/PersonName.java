package aika.node.register;

import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import java.text.Normalizer;

/**
 * The name by which a person is known to their municipality, {@code A} or {@code 小松花子}; compared
 * exactly. 1 to {@value #BYTES_MAX} bytes of UTF-8 in Unicode form NFC, without white space and
 * without control or invisible format characters. {@link #toString} does not show it, so that it
 * gets into no log by accident.
 */
public record PersonName(String value) {
  public static final int BYTES_MAX = 128;

  public PersonName {
    if (value.isEmpty() || value.length() > BYTES_MAX || Utf8.encode(value).length > BYTES_MAX) {
      throw new MalformedException("a name has 1 to " + BYTES_MAX + " bytes");
    }
    if (value.codePoints().anyMatch(PersonText::isSpace)) {
      throw new MalformedException("a name with white space");
    }
    PersonText.checkVisible("a name", value);
    if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
      throw new MalformedException("a name that is not in Unicode form NFC");
    }
  }

  /**
   * @throws MalformedException when it is not a name; the message does not repeat it
   */
  public static PersonName of(String value) {
    return new PersonName(value);
  }

  @Override
  public String toString() {
    return "PersonName[…]";
  }
}
