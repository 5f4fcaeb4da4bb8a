package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.SignatureScheme;
import aika.node.order.Chain;
import aika.node.order.Changes;
import aika.node.store.StoreSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the chains that other nodes serve, each pulled by a thread of its own as it grows. A
 * node that cannot be reached costs its chains' freshness and nothing else.
 */
public final class Mirrors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS_MIN = 100;
  private static final long PAUSE_MILLIS_MAX = 2_000;

  /** Between two questions to a gateway that does not wait with its answer. */
  private static final long QUIET_MILLIS_MIN = 1_000;

  private final MirrorStore store;
  private final Changes changes;
  private final Map<ChainId, Copy> copies = new TreeMap<>();
  private final List<Consumer<ChainId>> listeners = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  /**
   * @param wanted the chains to copy, each with the gateways that may serve it, the best first
   * @param changes is told of what comes
   */
  public Mirrors(
      Path data,
      StoreSettings settings,
      Directory directory,
      Map<ChainId, List<URI>> wanted,
      SignatureScheme logSignatures,
      Changes changes) {
    this.changes = changes;
    store = MirrorStore.open(data, settings);
    MlDsa44 cosignatures = new MlDsa44();
    wanted.forEach((id, gateways) -> {
      Mirror mirror = new Mirror(store, directory, id, logSignatures, cosignatures);
      copies.put(id, new Copy(mirror, gateways.stream().map(at -> log(id, at)).toList()));
    });
  }

  private HttpLog log(ChainId id, URI gateway) {
    return new HttpLog(http, gateway, id);
  }

  /** {@code listener} hears of each chain of which more is here; it must not block. */
  public void onApproval(Consumer<ChainId> listener) {
    listeners.add(listener);
  }

  public void start() {
    for (Copy copy : copies.values()) {
      threads.add(Thread.ofVirtual().name("mirror-" + copy.mirror.chain().id()).start(copy));
    }
  }

  /** The chains as far as they are here. */
  public Collection<Chain> chains() {
    return copies.values().stream().map(copy -> copy.mirror.chain()).toList();
  }

  /** Why the newest of a chain is not here, or null when it is as far as is known. */
  public @Nullable String failure(ChainId id) {
    Copy copy = copies.get(id);
    return copy == null ? null : copy.failure;
  }

  private enum Came {
    MORE,
    NOTHING,
    FAILED
  }

  /** One chain's copying. */
  private final class Copy implements Runnable {
    private final Mirror mirror;
    private final List<HttpLog> sources;
    private int next;
    private long pauseMillis = PAUSE_MILLIS_MIN;
    private volatile @Nullable String failure;

    Copy(Mirror mirror, List<HttpLog> sources) {
      this.mirror = mirror;
      this.sources = List.copyOf(sources);
    }

    @Override
    public void run() {
      try {
        for (long rest = 0; !stop.await(rest, TimeUnit.MILLISECONDS); ) {
          long start = System.nanoTime();
          Came came = attempt(sources.get(next));
          rest = rest(came, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }

    /** The best source is asked first again after each answer. */
    private long rest(Came came, long waitedMillis) {
      next = came == Came.FAILED ? (next + 1) % sources.size() : 0;
      long pause = pauseMillis;
      pauseMillis = came == Came.FAILED ? Math.min(2 * pause, PAUSE_MILLIS_MAX) : PAUSE_MILLIS_MIN;
      return switch (came) {
        case MORE -> 0;
        case NOTHING -> Math.max(0, QUIET_MILLIS_MIN - waitedMillis);
        case FAILED -> pause;
      };
    }

    /** Asks for more than is here, which a gateway answers when there is more. */
    private Came attempt(HttpLog source) {
      try {
        byte[] file = source.file("checkpoint?after=" + mirror.readable());
        boolean more = file != null && mirror.pull(source, SignedCheckpoint.parse(file));
        tell(null);
        if (more) {
          changes.happened();
          listeners.forEach(listener -> listener.accept(mirror.chain().id()));
        }
        return more ? Came.MORE : Came.NOTHING;
      } catch (UnreadableLogException away) {
        tell(away.getMessage());
      } catch (MalformedException | MirrorException bad) {
        // withheld, cut or forged: what is here stays, and somebody should look
        String what = source + ": " + bad.getMessage();
        if (!what.equals(failure)) {
          LOG.error("{}", what);
        }
        tell(what);
      } catch (RuntimeException | Error broken) { // else the copy would stand still unseen
        LOG.error("the copy of {} stands still", mirror.chain().id(), broken);
        tell(broken.toString());
      }
      return Came.FAILED;
    }

    private void tell(@Nullable String now) {
      boolean wasWell = failure == null;
      failure = now;
      if (wasWell && now != null) {
        LOG.info("{} cannot be copied: {}", mirror.chain().id(), now);
      } else if (!wasWell && now == null) {
        LOG.info("{} is copied again, {} leaves", mirror.chain().id(), mirror.readable());
      }
    }
  }

  @Override
  public void close() {
    stop.countDown();
    http.shutdownNow(); // what waits for an answer
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    store.close();
    http.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
