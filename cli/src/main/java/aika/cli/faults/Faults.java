package aika.cli.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs faults on a laboratory, one after the other. */
public final class Faults {
  private Faults() {}

  /** Why there can be no laboratory on this computer; empty when there can. */
  public static Optional<String> missing() {
    return Network.missing();
  }

  /**
   * @param directory new; what the nodes said stays in it
   * @param held how long a fault lasts that has no end of its own
   * @param next the faults, as long as there are some
   * @param stop asked between two faults
   * @throws LabException when a rule is broken or the laboratory does not work
   */
  public static void run(
      Path directory,
      Size size,
      Duration held,
      long seed,
      Iterable<Fault> next,
      BooleanSupplier stop,
      Consumer<Outcome> outcomes)
      throws InterruptedException, IOException {
    try (Laboratory lab = new Laboratory(directory, size)) {
      lab.start();
      Experiment experiment = new Experiment(lab, new Random(seed), held);
      for (Fault fault : next) {
        if (stop.getAsBoolean()) {
          return;
        }
        outcomes.accept(experiment.run(fault));
      }
    }
  }
}
