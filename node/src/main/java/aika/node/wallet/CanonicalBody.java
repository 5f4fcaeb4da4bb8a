package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.log.Hash;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether two request bodies say the same: the hash of a JSON object in one fixed form. Members in
 * the order of their names, no white space, numbers by their value ({@code 200} is {@code 200.00}),
 * strings as they are. The members {@code id} and {@code again} of the outermost object, which
 * speak about repetition itself, do not count.
 *
 * <p>A body is given as plain values: maps, lists, strings, numbers, booleans, null.
 */
public final class CanonicalBody {
  private static final Set<String> NOT_COUNTED = Set.of("id", "again");
  private static final int DEPTH_MAX = 16;
  private static final int EXPONENT_MAX = 1_000;

  private CanonicalBody() {}

  /**
   * @throws MalformedException when it is nested more than {@value #DEPTH_MAX} deep, or has a
   *     number beyond every sense
   */
  public static Hash hash(Map<String, ? extends @Nullable Object> body) {
    Map<String, @Nullable Object> counted = new TreeMap<>(body);
    counted.keySet().removeAll(NOT_COUNTED);
    StringBuilder out = new StringBuilder();
    write(counted, out, 0);
    return Hash.of(Sha256.of(out.toString().getBytes(UTF_8)));
  }

  private static void write(@Nullable Object value, StringBuilder out, int depth) {
    if (depth > DEPTH_MAX) {
      throw new MalformedException("JSON of more than " + DEPTH_MAX + " levels");
    }
    switch (value) {
      case null -> out.append("null");
      case Boolean truth -> out.append(truth.booleanValue());
      case String text -> quote(text, out);
      case Number number -> out.append(number(number));
      case Map<?, ?> object -> {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        object.forEach((name, member) -> sorted.put((String) name, member));
        char before = '{';
        for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
          out.append(before);
          quote(member.getKey(), out);
          write(member.getValue(), out.append(':'), depth + 1);
          before = ',';
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
      }
      case List<?> array -> {
        char before = '[';
        for (Object element : array) {
          write(element, out.append(before), depth + 1);
          before = ',';
        }
        out.append(array.isEmpty() ? "[]" : "]");
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  private static String number(Number number) {
    BigDecimal value =
        switch (number) {
          case BigDecimal decimal -> decimal;
          case BigInteger integer -> new BigDecimal(integer);
          default -> new BigDecimal(number.toString());
        };
    if (Math.abs((long) value.scale()) > EXPONENT_MAX) {
      throw new MalformedException("a number beyond every sense");
    }
    return value.stripTrailingZeros().toPlainString();
  }

  /** Only what would end the string early needs an escape here: nobody reads this text again. */
  private static void quote(String text, StringBuilder out) {
    out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }
}
