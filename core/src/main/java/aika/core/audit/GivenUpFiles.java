package aika.core.audit;

import aika.core.log.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

  /** A chain does not part more often; more names are passed over. */
  public static final int MAX = 16;

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

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
    return new String(list, StandardCharsets.US_ASCII)
        .lines()
        .filter(GivenUpFiles::isName)
        .distinct()
        .limit(MAX)
        .toList();
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

  /** A chain's log, with the histories that it gave up from wherever one is kept. */
  public static PublishedLog joined(PublishedLog log, List<PublishedLog> places) {
    return path ->
        path.equals(LIST)
            ? list(places)
            : path.startsWith(DIRECTORY) ? file(places, path) : log.file(path);
  }

  private static byte @Nullable [] list(List<PublishedLog> places) {
    UnreadableLogException away = null;
    Set<String> all = new TreeSet<>();
    for (PublishedLog place : places) {
      try {
        all.addAll(names(place));
      } catch (UnreadableLogException unreadable) {
        away = unreadable;
      }
    }
    if (all.isEmpty() && away != null) {
      throw away;
    }
    return all.isEmpty() ? null : list(all);
  }

  /** From the first that has it; who lists a history has all of it. */
  private static byte @Nullable [] file(List<PublishedLog> places, String path) {
    String name = path.substring(DIRECTORY.length()).replaceAll("/.*", "");
    UnreadableLogException away = null;
    for (PublishedLog place : places) {
      try {
        byte[] file = place.file(path);
        if (file != null || names(place).contains(name)) {
          return file;
        }
      } catch (UnreadableLogException unreadable) {
        away = unreadable;
      }
    }
    if (away != null) {
      throw away;
    }
    return null;
  }

  private static List<String> names(PublishedLog place) {
    byte[] list = place.file(LIST);
    return list == null ? List.of() : names(list);
  }
}
