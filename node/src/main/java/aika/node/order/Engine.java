package aika.node.order;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import aika.core.transfer.Protocol;
import aika.node.store.ChainLog;
import aika.node.store.ShardStore;
import aika.node.store.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes what has been ordered, on one thread, into the store. A chain on which a rule that
 * always holds would be broken is halted; the others go on.
 */
final class Engine implements Replicated {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final ShardStore store;
  private final Directory directory;
  private final Map<ChainId, Executor> executors = new HashMap<>();
  private final Set<ChainId> halted = ConcurrentHashMap.newKeySet();
  private final Map<ChainId, String> released = new ConcurrentHashMap<>();
  private final Map<Long, OrderedEntry> own = new ConcurrentHashMap<>();
  private final Listener listener;

  /** Hears of what has been executed; called on the executing thread. */
  interface Listener {
    /**
     * @param leaves how many leaves it became
     */
    void executed(ChainId chain, Row.Head head, int leaves);

    /** All that was ordered together has been executed. */
    default void applied() {}

    /** Nothing more of this chain is executed here. */
    default void released(ChainId chain) {}
  }

  private record Executor(Protocol protocol, ChainLog log, State state) {}

  private static final class State implements LedgerState {
    private final ChainLog log;
    private volatile Row.@Nullable Head head;

    State(ChainLog log) {
      this.log = log;
      head = log.get(new Key.OfHead());
    }

    @Override
    public <R extends Row> @Nullable R get(Key<R> key) {
      return log.get(key);
    }

    @Override
    public Row.@Nullable Head head() {
      return head;
    }
  }

  Engine(ShardStore store, Directory directory, Collection<ChainId> chains, Listener listener) {
    this.store = store;
    this.listener = listener;
    this.directory = directory;
    halted.addAll(store.halted());
    released.putAll(store.released());
    Set<ChainId> all = new HashSet<>(chains);
    store.logs().forEach(log -> all.add(log.chain())); // it may be cited
    all.forEach(this::executor);
  }

  /**
   * What executes this chain; null when the federation has none. Also of one that is not named any
   * more: the log may hold entries of it.
   */
  private @Nullable Executor executor(ChainId chain) {
    if (directory.find(chain) == null) {
      return null;
    }
    return executors.computeIfAbsent(
        chain,
        id -> {
          ChainLog log = store.log(id);
          return new Executor(new Protocol(id, directory, this::state), log, new State(log));
        });
  }

  private @Nullable LedgerState state(ChainId sibling) {
    Executor executor = executors.get(sibling);
    return executor == null ? null : executor.state;
  }

  boolean halted(ChainId chain) {
    return halted.contains(chain);
  }

  /** By which move the chain went elsewhere; null while it has not. */
  @Nullable String released(ChainId chain) {
    return released.get(chain);
  }

  /**
   * Executes nothing more of a chain, when it ends here with this size and a seal, and is not the
   * only one.
   *
   * @return whether it has gone by this move
   */
  boolean release(ChainId chain, long size, String move) {
    Executor executor = executors.get(chain);
    if (executor == null || halted.contains(chain)) {
      return false;
    }
    String gone = released.get(chain);
    if (gone != null) {
      return gone.equals(move);
    }
    Row.Head head = executor.state.head();
    if (head == null || !head.sealed() || executor.log.size() != size || isLast()) {
      return false;
    }
    released.put(chain, move);
    store.release(chain, move);
    LOG.info("chain {} goes on elsewhere after {} leaves", chain, size);
    listener.released(chain);
    return true;
  }

  private boolean isLast() {
    return executors.values().stream()
            .filter(one -> one.log.size() > 0 && released.get(one.log.chain()) == null)
            .count()
        == 1;
  }

  /** Remembers what this process submits, so that it need not be decoded again. */
  void expect(OrderedEntry entry) {
    own.put(entry.number(), entry);
  }

  void forget(OrderedEntry entry) {
    own.remove(entry.number());
  }

  @Override
  public long appliedIndex() {
    return store.appliedIndex();
  }

  @Override
  public byte[] apply(long index, byte[] bytes) {
    OrderedEntry known = own.remove(OrderedEntry.number(bytes));
    OrderedEntry entry = known != null ? known : OrderedEntry.decode(bytes);
    Wire answers = new Wire(20 * entry.items().size() + 16);
    for (OrderedEntry.Item item : entry.items()) {
      OrderedEntry.writeAnswer(answers, execute(item, entry.time()));
    }
    store.applied(index);
    listener.applied();
    return answers.toBytes();
  }

  @Override
  public CompletableFuture<Long> checkpoint() {
    return store.checkpoint();
  }

  private Answer execute(OrderedEntry.Item item, long time) {
    ChainId chain = item.chain();
    Executor executor = executor(chain);
    if (executor == null) {
      return refused(Reason.UNKNOWN_CHAIN, chain.value());
    }
    if (halted.contains(chain)) {
      return refused(Reason.CHAIN_HALTED, chain.value());
    }
    if (released.containsKey(chain)) { // [MOVE-3]
      return refused(Reason.CHAIN_MOVED, chain.value());
    }
    Answer answer = guarded(executor, new Command(time, item.action()));
    Row.Head head = executor.state.head();
    if (head != null && head.blockLeaves() >= head.policy().blockEntries()) {
      // a full block is sealed at once, by the same rule on every replica
      var _ = guarded(executor, new Command(time, new Action.Seal(head.height() + 1)));
    }
    return answer;
  }

  /**
   * Executes, or halts the chain when that would break a rule that always holds. A fault of the
   * program in one chain must not stop the shard's others either; reading the store is not part of
   * the rules and stops everything, since nothing can be trusted then.
   */
  private Answer guarded(Executor executor, Command command) {
    ChainId chain = executor.log.chain();
    Applied applied;
    try {
      applied = executor.protocol.apply(executor.state, command);
    } catch (StoreException unreadable) {
      throw unreadable;
    } catch (RuntimeException broken) {
      halted.add(chain);
      store.halt(chain);
      LOG.error("chain {} is halted: {}", chain, broken.getMessage(), broken);
      return refused(Reason.CHAIN_HALTED, chain.value());
    }
    return written(executor, applied);
  }

  private Answer written(Executor executor, Applied applied) {
    return switch (applied) {
      case Applied.Accepted accepted -> {
        executor.log.append(accepted.entries(), accepted.writes());
        Row.Head head = head(accepted.writes());
        executor.state.head = head;
        listener.executed(executor.log.chain(), head, accepted.entries().size());
        yield new Answer.Accepted(accepted.first().index(), accepted.first().leaf().time());
      }
      case Applied.Repeated repeated -> new Answer.Repeated(repeated.index());
      case Applied.Refused refused -> new Answer.Refused(refused.refusal());
    };
  }

  private static Row.Head head(List<Row> writes) {
    for (Row row : writes) {
      if (row instanceof Row.Head head) {
        return head;
      }
    }
    throw new IllegalStateException("a leaf always changes its chain's head");
  }

  private static Answer refused(Reason reason, String detail) {
    return new Answer.Refused(Refusal.of(reason, detail));
  }
}
