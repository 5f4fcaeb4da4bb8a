package aika.cli.doctor;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this machine is, as far as commands depend on it.
 *
 * @param programs of those that were looked for, the ones that are here
 */
record Machine(Kind kind, Set<String> programs) {
  /** Where an administrator's programs are, though a user's search path may not say so. */
  private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/sbin", "/sbin");

  enum Kind {
    LINUX,
    MAC,
    WINDOWS,
    OTHER
  }

  Machine {
    programs = Set.copyOf(programs);
  }

  /**
   * @param name as the system property {@code os.name}
   * @param search as the environment variable {@code PATH}
   */
  static Machine of(String name, String search, Set<String> wanted) {
    String lower = name.toLowerCase(Locale.ROOT);
    Kind kind =
        lower.startsWith("linux")
            ? Kind.LINUX
            : lower.startsWith("mac")
                ? Kind.MAC
                : lower.startsWith("windows") ? Kind.WINDOWS : Kind.OTHER;
    Set<String> found =
        wanted.stream().filter(program -> isHere(program, search)).collect(Collectors.toSet());
    return new Machine(kind, found);
  }

  private static boolean isHere(String program, String search) {
    List<String> directories = new ArrayList<>(Arrays.asList(search.split(File.pathSeparator, -1)));
    directories.addAll(SYSTEM_DIRECTORIES);
    return directories.stream()
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
