package aika.node.sink;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.Names;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A store in memory that can be down, hang or hold something else. */
public final class Shelf implements Sink {
  public final Source source;
  private final String name;
  private final Names names;
  private final Map<ChainId, Progress> written = new ConcurrentHashMap<>();
  private final Map<AccountId, String> shown = new ConcurrentHashMap<>();
  private final Set<AccountId> forgotten = ConcurrentHashMap.newKeySet();
  private volatile SinkException.@Nullable Kind down;
  private volatile boolean hangs;
  private volatile boolean closed;
  private final CountDownLatch never = new CountDownLatch(1);

  public Shelf(String name, Source source, Names names) {
    this.name = name;
    this.source = source;
    this.names = names;
  }

  public void down(SinkException.@Nullable Kind kind) {
    down = kind;
  }

  /** From now on every step waits for ever, whatever is closed. */
  public void hang() {
    hangs = true;
  }

  /** What it knows of this person. */
  public @Nullable String shown(AccountId account) {
    return shown.get(account);
  }

  public void show(AccountId account) {
    names.of(account).ifPresent(text -> shown.put(account, text));
  }

  public boolean hasForgotten(AccountId account) {
    return forgotten.contains(account);
  }

  public void lose(ChainId chain) {
    written.put(chain, new Progress(1, 0));
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ChainId> chains() {
    return source.chains();
  }

  @Override
  public void open() {
    fail();
  }

  private void fail() {
    SinkException.Kind kind = down;
    if (kind != null) {
      throw new SinkException(kind, "nobody is at host.example:1", null);
    }
  }

  @Override
  public Progress progress(ChainId chain) {
    return written.getOrDefault(chain, Progress.NOTHING);
  }

  @Override
  public Progress goal(ChainId chain) {
    return new Progress(source.size(chain), source.approvedSize(chain));
  }

  @Override
  public Progress advance(ChainId chain) {
    fail();
    if (hangs) {
      waitForever();
    }
    Progress at = progress(chain);
    long leaves = Math.min(source.size(chain), at.leaves() + 3);
    for (long i = at.leaves(); i < leaves; i++) {
      source.entry(chain, i);
    }
    Progress now = new Progress(leaves, Math.min(leaves, source.approvedSize(chain)));
    written.put(chain, now);
    return now;
  }

  private void waitForever() {
    boolean waiting = true;
    while (waiting) {
      try {
        never.await();
        waiting = false;
      } catch (InterruptedException notEvenThen) {
        waiting = true;
      }
    }
  }

  @Override
  public void rebuild() {
    fail();
    written.clear();
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    fail();
    long compared = 0;
    long faults = 0;
    for (ChainId chain : chains()) {
      watcher.compared(++compared, chains().size());
      faults += progress(chain).equals(goal(chain)) ? 0 : 1;
    }
    return new Verification(
        compared, faults, faults == 0 ? List.of() : List.of("a chain is not whole"));
  }

  @Override
  public void forget(AccountId account) {
    fail();
    shown.remove(account);
    forgotten.add(account);
  }

  @Override
  public void close() {
    closed = true;
  }
}
