package aika.node.gossip;

import aika.core.money.ChainId;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who gossips and is no node of the federation. */
public final class Stranger implements AutoCloseable {
  final Queue<Rumour> heard = new ConcurrentLinkedQueue<>();
  final AtomicInteger malformed = new AtomicInteger();
  private final Membership membership;

  /**
   * @param seeds as {@code host:port}
   */
  public Stranger(String federation, int port, Set<String> seeds) throws IOException {
    Places places =
        new Places(
            ChainId.of("Asia"),
            Places.namespace(federation),
            "127.0.0.1",
            port,
            "localhost:" + port,
            seeds,
            Map.of());
    membership = Membership.start(places, new Hearing());
  }

  private final class Hearing implements Membership.Listener {
    @Override
    public void heard(Rumour rumour) {
      heard.add(rumour);
    }

    @Override
    public void joined() {
      // this one tells when the test says so
    }

    @Override
    public void malformed() {
      malformed.incrementAndGet();
    }
  }

  /**
   * @param kind checkpoint, address, conflict or anything else
   */
  public void tell(String kind, String from, byte[] bytes) {
    membership.spread(new Rumour(Rumour.Kind.of(kind), from, bytes));
  }

  public int members() {
    return membership.members();
  }

  @Override
  public void close() {
    membership.close();
  }
}
