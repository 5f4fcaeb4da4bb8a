package aika.sim;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs tests until the first fails, whose name it prints last before it ends with {@link #NOTICED}:
 * those that are asked first, the other tests of the core, the simulator.
 */
final class GuardRun {
  static final int NOTICED = 3;
  private static final int NO_TESTS = 4;

  private GuardRun() {}

  /**
   * @param arguments the folder of the core's test classes, then simple names of the first ones
   */
  public static void main(String[] arguments) {
    PrintStream said = System.out;
    Launcher launcher = LauncherFactory.create();
    Path core = Path.of(arguments[0]);
    List<String> first = Arrays.asList(arguments).subList(1, arguments.length);
    List<DiscoverySelector> expected = new ArrayList<>();
    for (String name : first) {
      expected.add(selectClass(className(core, name)));
    }
    if (!expected.isEmpty()) {
      run(launcher, said, expected);
    }
    run(launcher, said, selectClasspathRoots(Set.of(core)));
    run(launcher, said, List.of(selectClass(SimulationTest.class)));
    exit(0);
  }

  private static void run(
      Launcher launcher, PrintStream said, List<? extends DiscoverySelector> tests) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(tests)
            .filters(ClassNameFilter.includeClassNamePatterns(".*Test"))
            .build(),
        summary,
        new FirstFailure(said));
    if (summary.getSummary().getTestsSucceededCount() == 0) {
      said.println("no tests in " + tests);
      exit(NO_TESTS);
    }
  }

  private static String className(Path classes, String simpleName) {
    try (Stream<Path> files = Files.walk(classes)) {
      Path found =
          files
              .filter(file -> file.endsWith(simpleName + ".class"))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no test class " + simpleName));
      String name =
          classes.relativize(found).toString().replace(found.getFileSystem().getSeparator(), ".");
      return name.substring(0, name.length() - ".class".length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At once: threads of a failed test may still run. */
  private static void exit(int code) {
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  private record FirstFailure(PrintStream said) implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        said.println();
        said.println(name(test));
        said.flush();
        exit(NOTICED);
      }
    }

    private static String name(TestIdentifier test) {
      return switch (test.getSource().orElse(null)) {
        case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
        case ClassSource type -> simple(type.getClassName());
        case null, default -> test.getDisplayName();
      };
    }

    private static String simple(String className) {
      return className.substring(className.lastIndexOf('.') + 1);
    }
  }
}
