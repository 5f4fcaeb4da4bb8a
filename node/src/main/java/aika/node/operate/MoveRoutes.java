package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.backup.Backup;
import aika.node.gateway.RefusedException;
import aika.node.order.Chain;
import aika.node.order.OrderingException;
import aika.node.order.OutcomeUnknownException;
import aika.node.order.Shard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A chain of this node that is to go on elsewhere [OPR-14]. */
public final class MoveRoutes {
  /** How long a chain takes no orders, at most, before it goes on here. */
  private static final Duration APPROVAL_WAIT = Duration.ofSeconds(60);

  private final Shard shard;
  private final Backup backup;
  private final Runnable outdated;
  private final ReentrantLock moving = new ReentrantLock();

  /**
   * @param outdated is called when this node is to start again without a chain
   */
  public MoveRoutes(Shard shard, Backup backup, Runnable outdated) {
    this.shard = shard;
    this.backup = backup;
    this.outdated = outdated;
  }

  void add(OperatorRules rules) {
    rules
        .post("/chains/{chain}/copy", this::copy)
        .post("/chains/{chain}/release", this::release)
        .post("/chains/{chain}/gone", this::gone);
  }

  private void copy(Call call) {
    Chain chain = chain(call);
    Path directory = directory(call);
    call.stream(out -> {
      Telling telling = new Telling(out);
      long size = exclusively(() -> log(chain, directory, telling));
      out.put(Map.of("size", size));
    });
  }

  private void release(Call call) {
    Chain chain = chain(call);
    Path directory = directory(call);
    if (!shard.isReleased(chain.id()) && shard.chains().size() == 1) {
      throw RefusedException.of(
          Reason.MALFORMED,
          chain.id() + " is the only chain here; stop the node and move its directory");
    }
    call.stream(out -> {
      Telling telling = new Telling(out);
      long size =
          exclusively(() -> {
            released(chain.id());
            long leaves = log(chain, directory, telling);
            backup.besideOf(chain.id(), directory);
            return leaves;
          });
      out.put(Map.of("size", size));
    });
  }

  private void gone(Call call) {
    ChainId id = chain(call).id();
    if (!shard.isReleased(id)) {
      throw RefusedException.of(Reason.MALFORMED, id + " is not released");
    }
    boolean served = shard.find(id) != null;
    call.answer(Map.of("gone", id, "served", served));
    if (served) {
      outdated.run();
    }
  }

  private void released(ChainId chain) {
    try {
      long _ = shard.release(chain, APPROVAL_WAIT);
    } catch (OrderingException notInTime) {
      throw RefusedException.of(Reason.BUSY, String.valueOf(notInTime.getMessage()));
    } catch (OutcomeUnknownException unknown) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw RefusedException.of(Reason.BUSY, "the node stops");
    }
  }

  private long log(Chain chain, Path directory, Telling telling) {
    return backup.log(
        chain, directory, (id, done, total) -> telling.tell(done, total, "chain", id.value()));
  }

  private interface Work {
    long done();
  }

  private long exclusively(Work work) {
    if (!moving.tryLock()) {
      throw RefusedException.of(Reason.BUSY, "a chain is being moved");
    }
    try {
      return work.done();
    } finally {
      moving.unlock();
    }
  }

  private Chain chain(Call call) {
    ChainId id = ChainId.of(call.path("chain"));
    if (shard.find(id) == null && !shard.isReleased(id)) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not served here");
    }
    return shard.hosted(id);
  }

  private static Path directory(Call call) {
    Path directory = Path.of(call.body());
    if (!directory.isAbsolute()) {
      throw RefusedException.of(Reason.MALFORMED, "the directory is not absolute");
    }
    return directory;
  }
}
