package aika.node.gateway;

import aika.node.config.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All gateways of a node; they start and stop side by side, since each waits for its own. */
public final class Gateways implements AutoCloseable {
  private final List<Gateway> gateways;

  private Gateways(List<Gateway> gateways) {
    this.gateways = List.copyOf(gateways);
  }

  /**
   * Starts all of them, or none.
   *
   * @throws RefusedException {@code PORT_TAKEN}, with the port
   */
  public static Gateways start(Gateway.Parts parts, List<Chain> chains) {
    List<Gateway> started = new ArrayList<>();
    RuntimeException failure = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Gateway>> starting =
          chains.stream()
              .map(chain ->
                  CompletableFuture.supplyAsync(() -> Gateway.start(parts, chain), threads))
              .toList();
      for (CompletableFuture<Gateway> one : starting) {
        try {
          started.add(one.join());
        } catch (CompletionException failed) {
          failure = failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
      }
    }
    Gateways gateways = new Gateways(started);
    if (failure != null) {
      gateways.close();
      throw failure;
    }
    return gateways;
  }

  @Override
  public void close() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      gateways.forEach(gateway -> threads.execute(gateway::close));
    }
  }
}
