package aika.core.audit;

import aika.core.log.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * [NBR-19] Where, below a chain's published log, the histories are that its recovery quorum gave
 * up: each a published log of its own, named by the root of its largest approved tree in hex. A
 * chain that recorded one in good faith cannot be executed without it.
 */
public final class GivenUpFiles {
  /** All of them are below it. */
  public static final String DIRECTORY = "given-up/";

  /** The names, a line each. */
  public static final String LIST = DIRECTORY + "list";

  /** A chain does not part more often; of one place more names are passed over. */
  public static final int MAX = 16;

  private static final String AT = "@";
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PLACED = Pattern.compile("[0-9a-f]{64}(@\\d{1,9})*");

  private GivenUpFiles() {}

  /** The name of the history whose largest approved tree this is. */
  public static String name(Checkpoint approved) {
    return HexFormat.of().formatHex(approved.root().bytes());
  }

  /** Whether this can name a history. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The names of a list; what is no name is passed over. */
  public static List<String> names(byte[] list) {
    return placed(list).filter(GivenUpFiles::isName).limit(MAX).toList();
  }

  /** The same, with the places where each is, as {@link #joined} tells them. */
  static List<String> placedNames(byte[] list) {
    return Stream.concat(names(list).stream(), placed(list).filter(name -> !isName(name))).toList();
  }

  private static Stream<String> placed(byte[] list) {
    return new String(list, StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> PLACED.matcher(line).matches())
        .distinct();
  }

  /** Whether {@code placed} is this name, at some place. */
  static boolean isOf(String name, String placed) {
    return placed.equals(name) || placed.startsWith(name + AT);
  }

  /** A list of these names. */
  public static byte[] list(Iterable<String> names) {
    StringBuilder lines = new StringBuilder();
    names.forEach(name -> lines.append(name).append('\n'));
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The path of a history's file below the chain's log. */
  public static String path(String name, String path) {
    return DIRECTORY + name + '/' + path;
  }

  /**
   * A chain's log, with the histories that it gave up from wherever one is kept. One place may lie
   * about a history, or have lost a part of it: so each place's is another one, and its name in the
   * list has the place behind it.
   */
  public static PublishedLog joined(PublishedLog log, List<PublishedLog> places) {
    return path ->
        path.equals(LIST)
            ? list(places)
            : path.startsWith(DIRECTORY) ? file(places, path) : log.file(path);
  }

  private static byte @Nullable [] list(List<PublishedLog> places) {
    UnreadableLogException away = null;
    List<String> all = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      try {
        byte[] list = places.get(i).file(LIST);
        String at = AT + i;
        if (list != null) {
          placedNames(list).forEach(name -> all.add(name + at));
        }
      } catch (UnreadableLogException unreadable) {
        away = unreadable;
      }
    }
    if (all.isEmpty() && away != null) {
      throw away;
    }
    return all.isEmpty() ? null : list(all);
  }

  private static byte @Nullable [] file(List<PublishedLog> places, String path) {
    int end = path.indexOf('/', DIRECTORY.length());
    int at = end < 0 ? -1 : path.lastIndexOf(AT, end);
    if (at < 0) {
      return null;
    }
    int place = Integer.parseInt(path.substring(at + 1, end));
    return place >= places.size()
        ? null
        : places.get(place).file(path.substring(0, at) + path.substring(end));
  }
}
