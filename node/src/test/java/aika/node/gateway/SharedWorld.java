package aika.node.gateway;

import aika.core.money.AccountId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One node for all HTTP tests of a run: its keys take longer to make than the tests to run. */
final class SharedWorld implements ParameterResolver {

  /** The node, and the people whom all tests know; each test sends amounts of its own. */
  static final class Town implements AutoCloseable {
    final World world;
    final AccountId a;
    final AccountId b;
    final World.Holder holder;
    private final Path data;

    Town() throws IOException {
      data = Files.createTempDirectory("aika-gateway-test");
      world = new World(data);
      a = world.person(World.KOMATSU, "A");
      b = world.person(World.KANAZAWA, "B");
      holder = world.holder(World.KOMATSU, "hhhhhhhh");
      world.issue(a, "1000000.00");
      world.issue(holder.account(), "1000.00");
    }

    @Override
    public void close() throws IOException {
      world.close();
      try (Stream<Path> files = Files.walk(data)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Town.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Objects.requireNonNull(
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(SharedWorld.class))
            .getOrComputeIfAbsent(
                Town.class,
                key -> {
                  try {
                    return new Town();
                  } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                  }
                }));
  }
}
