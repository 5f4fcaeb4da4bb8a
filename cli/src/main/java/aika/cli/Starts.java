package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.node.Node;
import aika.node.NodeException;
import aika.node.NodeSettings;
import aika.node.config.FederationException;
import aika.node.config.NeighboursFile;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts of a node in this process: the first, and others after a chain went elsewhere. Each
 * attempt goes by {@code neighbours.yaml} as it is then.
 */
final class Starts {
  private static final int FAILED_MAX = 10;
  private static final Paces PACES = new Paces(10_000, 2_000);
  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);

  private final NodeHome home;
  private final NodeSettings settings;
  private final Stop stop;
  private final Screen screen;
  private final Opening opening;
  private final Paces paces;
  private Map<ChainId, URI> neighbours = Map.of();

  /** Starts a node. */
  interface Opening {
    /**
     * @param stopping hears what ends the start's waiting
     */
    Node open(NodeSettings settings, Consumer<Runnable> stopping);
  }

  /**
   * How long it waits before another attempt.
   *
   * @param clockMillis while the clock is not confirmed
   * @param failedMillis after another fault, at a second start
   */
  record Paces(long clockMillis, long failedMillis) {}

  /**
   * @param settings without the neighbours; whether the clock is right is said for the first start
   */
  Starts(NodeHome home, NodeSettings settings, Stop stop, Screen screen) {
    this(
        home,
        settings,
        stop,
        screen,
        (now, stopping) -> new Node(now, home.file(), home.keys(), stopping),
        PACES);
  }

  Starts(
      NodeHome home,
      NodeSettings settings,
      Stop stop,
      Screen screen,
      Opening opening,
      Paces paces) {
    this.home = home;
    this.settings = settings;
    this.stop = stop;
    this.screen = screen;
    this.opening = opening;
    this.paces = paces;
  }

  /** Fails when it cannot be; null when stopped. */
  @Nullable Node first() throws InterruptedException {
    neighbours = NeighboursFile.read(home.directory(), home.federation());
    return started(settings.clockIsRight());
  }

  /**
   * What fails at a second start may pass, and other chains need it; null when stopped. The
   * operator has looked at the clock before the first one, maybe long ago.
   */
  @Nullable Node again() throws InterruptedException {
    for (int attempt = 1; !stop.asked(); attempt++) {
      try {
        return started(false);
      } catch (RuntimeException failed) {
        if (attempt == FAILED_MAX) {
          throw failed;
        }
        LOG.error("it does not start again yet: {}", failed.getMessage(), failed);
        boolean _ = stop.await(paces.failedMillis);
      }
    }
    return null;
  }

  /** Waits until the clock is confirmed, when that is all that keeps it; null when stopped. */
  private @Nullable Node started(boolean clockIsRight) throws InterruptedException {
    boolean told = false;
    while (true) {
      readNeighbours();
      try {
        return opening.open(settings.with(neighbours).withClock(clockIsRight), stop::waking);
      } catch (NodeException refused) {
        Refusal why = refused.refusal();
        if (stop.asked()) {
          LOG.info("stopped while it started: {} {}", why.reason(), why.detail());
          return null;
        }
        if (why.reason() != Reason.CLOCK_UNCONFIRMED) {
          throw refused;
        }
        if (!told) {
          tell(why);
          told = true;
        }
        if (stop.await(paces.clockMillis)) {
          return null;
        }
      }
    }
  }

  private void tell(Refusal why) {
    LOG.error("{} {}", why.reason().en(), why.detail());
    screen.line(why.reason().ja() + why.reason().nextJa());
    screen.line(why.reason().en() + " " + why.detail() + ". " + why.reason().nextEn());
  }

  /** As the file is now; as before when it has faults. */
  private void readNeighbours() {
    try {
      neighbours = NeighboursFile.read(home.directory(), home.federation());
    } catch (FederationException faults) {
      LOG.error("{}", faults.getMessage());
    }
  }
}
