package aika.node.follow;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then at what counterparts owe each municipality, since receives are refused beyond
 * a cap ([X-10]): an operator should know before people are asked to try later.
 */
public final class Exposure implements AutoCloseable {
  /** From here on it is told, in percent of the cap. */
  static final int NEAR_PERCENT = 80;

  private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);
  private static final long LOOK_SECONDS = 10;

  private final List<Chain> municipalities;

  /** Also those of other nodes. */
  private final List<ChainId> counterparts;

  private final Consumer<List<Owed>> listener;
  private final Map<Owed.Name, Level> told = new HashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("exposure").factory());

  private enum Level {
    NEAR,
    FULL
  }

  /**
   * What is owed to a chain.
   *
   * @param cap more than this is not accepted
   */
  public record Owed(Name name, Money owed, Money cap) {
    /**
     * @param counterpart {@code *} for all of them together
     */
    public record Name(ChainId chain, String counterpart) {}

    static final String ALL = "*";

    /** Whether it is the sum over all counterparts. */
    public boolean all() {
      return name.counterpart.equals(ALL);
    }

    private boolean full() {
      return owed.compareTo(cap) >= 0;
    }

    private boolean near() {
      BigInteger percent = BigInteger.valueOf(owed.minor()).multiply(BigInteger.valueOf(100));
      BigInteger near = BigInteger.valueOf(cap.minor()).multiply(BigInteger.valueOf(NEAR_PERCENT));
      return owed.isPositive() && percent.compareTo(near) >= 0;
    }
  }

  /**
   * @param listener is told what is owed, at each look
   */
  public Exposure(Shard shard, Directory directory, Consumer<List<Owed>> listener) {
    this.municipalities = shard.chains().stream().filter(chain -> chain.id().municipal()).toList();
    this.counterparts =
        directory.chains().keySet().stream().filter(ChainId::municipal).sorted().toList();
    this.listener = listener;
  }

  public void start() {
    var _ = looks.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      List<Owed> owed = owed();
      listener.accept(owed);
      tell(owed);
    } catch (RuntimeException failed) { // thrown on, it would end all later looks
      LOG.warn("what counterparts owe was not looked at: {}", failed.getMessage(), failed);
    }
  }

  /** What each chain is owed, in all and by each counterpart that owes it something. */
  List<Owed> owed() {
    List<Owed> found = new ArrayList<>();
    for (Chain chain : municipalities) {
      Row.Head head = chain.head();
      Policy policy = head.policy();
      found.add(
          new Owed(new Owed.Name(chain.id(), Owed.ALL), head.exposure(), policy.exposureSumMax()));
      if (head.exposure().isPositive()) {
        for (ChainId other : counterparts) {
          Row.Clearing row = chain.get(new Key.OfClearing(other));
          if (row != null && row.balance().isNegative() && !other.equals(chain.id())) {
            found.add(
                new Owed(
                    new Owed.Name(chain.id(), other.value()),
                    row.balance().negated(),
                    policy.exposureMax()));
          }
        }
      }
    }
    return found;
  }

  /** Each level once, until it is left again. */
  void tell(List<Owed> all) {
    Set<Owed.Name> near = new HashSet<>();
    for (Owed one : all) {
      if (one.near()) {
        near.add(one.name);
        Level level = one.full() ? Level.FULL : Level.NEAR;
        if (level != told.put(one.name, level)) {
          warn(one, level);
        }
      }
    }
    told.keySet()
        .removeIf(name -> {
          boolean left = !near.contains(name);
          if (left) {
            LOG.info(
                "{} is owed less than {} % of the cap by {}", name.chain, NEAR_PERCENT, who(name));
          }
          return left;
        });
  }

  private static void warn(Owed one, Level level) {
    LOG.warn(
        "{} is owed {} by {}, of at most {}: {}",
        one.name.chain,
        one.owed,
        who(one.name),
        one.cap,
        level == Level.FULL
            ? "receivers are asked to try later until it has been settled"
            : "receivers will be asked to try later when the cap is reached");
  }

  private static String who(Owed.Name name) {
    return name.counterpart.equals(Owed.ALL) ? "all counterparts" : name.counterpart;
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
