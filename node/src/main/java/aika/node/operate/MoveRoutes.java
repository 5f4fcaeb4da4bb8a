package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.backup.Backup;
import aika.node.config.Federation;
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

  private static final int MOVE_CHARS_MAX = 64;

  private final Shard shard;
  private final Federation federation;
  private final Backup backup;
  private final Restart restart;
  private final ReentrantLock moving = new ReentrantLock();

  /** How the node starts again without a chain. */
  public interface Restart {
    /** Whether whoever runs this node starts it again. */
    boolean isPossible();

    /** Fails when the node's files do not let it start. */
    void check();

    void begin();
  }

  public MoveRoutes(Shard shard, Federation federation, Backup backup, Restart restart) {
    this.shard = shard;
    this.federation = federation;
    this.backup = backup;
    this.restart = restart;
  }

  void add(OperatorRules rules) {
    rules
        .post("/chains/{chain}/copy", this::copy)
        .post("/chains/{chain}/release", this::release)
        .post("/chains/{chain}/gone", this::gone)
        .post("/chains/{chain}/beside", this::beside);
  }

  private void copy(Call call) {
    Chain chain = chain(call);
    Path directory = call.directory();
    checkMovable(chain.id());
    call.stream(out -> log(chain, directory, out, () -> {}));
  }

  private void release(Call call) {
    Chain chain = chain(call);
    Path directory = call.directory();
    String move = move(call);
    call.stream(out ->
        log(
            chain,
            directory,
            out,
            () -> {
              checkMovable(chain.id());
              leave(chain.id(), move);
            }));
  }

  private void gone(Call call) {
    ChainId id = chain(call).id();
    checkReleased(id, move(call));
    boolean served = shard.find(id) != null;
    if (served) {
      restart.check();
    }
    call.answer(Map.of("gone", id, "served", served));
    if (served) {
      restart.begin();
    }
  }

  /** Once nobody here can change it any more. */
  private void beside(Call call) {
    ChainId id = chain(call).id();
    checkReleased(id, move(call));
    if (shard.find(id) != null) {
      throw RefusedException.of(Reason.BUSY, id + " is still served here");
    }
    backup.besideOf(id, call.directory());
    call.answer(Map.of("beside", id));
  }

  /** What can be known before the chain stops. */
  private void checkMovable(ChainId id) {
    if (shard.released(id).isPresent()) {
      return;
    }
    String why = null;
    if (federation.defaultContinent().id().equals(id.continent())) {
      why = "the default continent's chains stay together";
    } else if (shard.peers().size() > 1) {
      why = "the node has several machines; remove the others first (aika peers remove)";
    } else if (!restart.isPossible()) {
      why = "what runs here does not start again; run the chains with aika node";
    } else if (shard.chains().stream().allMatch(one -> isOver(one.id(), id))) {
      why = id + " is the only chain here; stop the node and move its directory";
    }
    if (why != null) {
      throw RefusedException.of(Reason.MALFORMED, why);
    }
  }

  private boolean isOver(ChainId one, ChainId leaving) {
    return one.equals(leaving) || shard.released(one).isPresent();
  }

  private void leave(ChainId chain, String move) {
    try {
      long _ = shard.release(chain, move, APPROVAL_WAIT);
    } catch (OrderingException refused) {
      throw RefusedException.of(
          shard.released(chain).isPresent() ? Reason.CHAIN_MOVED : Reason.BUSY,
          String.valueOf(refused.getMessage()));
    } catch (OutcomeUnknownException unknown) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw RefusedException.of(Reason.BUSY, "the node stops");
    }
  }

  private void checkReleased(ChainId id, String move) {
    String gone =
        shard
            .released(id)
            .orElseThrow(() -> RefusedException.of(Reason.MALFORMED, id + " is not released"));
    if (!gone.equals(move)) {
      throw RefusedException.of(
          Reason.CHAIN_MOVED, id + " has gone before, by another move; nothing more goes there");
    }
  }

  /** One at a time: the last chain stays. */
  private void log(Chain chain, Path directory, Call.Line out, Runnable before) {
    if (!moving.tryLock()) {
      throw RefusedException.of(Reason.BUSY, "a chain is being moved");
    }
    try {
      before.run();
      Telling telling = new Telling(out);
      backup.histories(directory);
      long size =
          backup.log(
              chain,
              directory,
              (id, done, total) -> telling.tell(done, total, "chain", id.value()));
      out.put(Map.of("size", size));
    } finally {
      moving.unlock();
    }
  }

  private Chain chain(Call call) {
    ChainId id = ChainId.of(call.path("chain"));
    if (shard.find(id) == null && shard.released(id).isEmpty()) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not served here");
    }
    return shard.hosted(id);
  }

  private static String move(Call call) {
    String move = call.query().getOrDefault("move", "");
    if (move.isEmpty() || move.length() > MOVE_CHARS_MAX) {
      throw RefusedException.of(Reason.MALFORMED, "a move has a name");
    }
    return move;
  }
}
