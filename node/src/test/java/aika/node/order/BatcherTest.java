package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.TestFederation;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches over an ordering that waits, answers and fails as the test says. */
class BatcherTest {
  private static final List<ChainId> CHAINS =
      List.of(TestFederation.ASIA, TestFederation.KOMATSU, TestFederation.KANAZAWA);
  private static final long TIME = 1_795_341_600_000L;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final LinkedBlockingQueue<Pending> arrived = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Throwable> toThrow = new LinkedBlockingQueue<>();
  private ShardStore store;
  private Engine engine;
  private final AtomicLong time = new AtomicLong(TIME);
  private final MedianClock clock = new MedianClock(time::get);
  private Batcher batcher;
  private long index;

  /** An entry that was handed to the ordering and has no answer yet. */
  private record Pending(byte[] entry, CompletableFuture<byte[]> answers) {
    int size() {
      return OrderedEntry.decode(entry).items().size();
    }
  }

  @BeforeEach
  void open() {
    store = ShardStore.open(data, StoreSettings.standard());
    engine = new Engine(store, federation.directory, CHAINS, (chain, head, sealed) -> {});
    batcher = new Batcher(this::ordering, engine, clock, 1);
  }

  @AfterEach
  void close() {
    batcher.close();
    store.close();
  }

  private CompletableFuture<byte[]> ordering(byte[] entry) {
    CompletableFuture<byte[]> answers = new CompletableFuture<>();
    arrived.add(new Pending(entry, answers));
    switch (toThrow.poll()) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException thrown -> throw thrown;
      case Throwable other -> throw new IllegalStateException(other);
    }
    return answers;
  }

  private Pending next() throws InterruptedException {
    Pending pending = arrived.poll(30, TimeUnit.SECONDS);
    if (pending == null) {
      throw new AssertionError("nothing came to the ordering");
    }
    return pending;
  }

  private CompletableFuture<Answer> submit(ChainId chain) {
    return batcher.submit(
        new OrderedEntry.Item(chain, new Action.Genesis(federation.directory.fileHash())));
  }

  private void execute(Pending pending) {
    pending.answers.complete(engine.apply(index++, pending.entry));
  }

  private static Answer answer(CompletableFuture<Answer> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  private static Throwable failure(CompletableFuture<Answer> answer) {
    ExecutionException failed = assertThrows(ExecutionException.class, () -> answer(answer));
    return failed.getCause() == null ? failed : failed.getCause();
  }

  private static RuntimeException broken() {
    return new IllegalStateException("the ordering is broken");
  }

  @Test
  void everyoneInABatchHearsThatTheOrderingThrew() throws Exception {
    CompletableFuture<Answer> first = submit(TestFederation.ASIA);
    Pending alone = next();
    // these three wait together while the first is on its way
    List<CompletableFuture<Answer>> waiting = CHAINS.stream().map(this::submit).toList();
    RuntimeException thrown = broken();
    toThrow.add(thrown);
    execute(alone);
    assertInstanceOf(Answer.Accepted.class, answer(first));
    assertEquals(3, next().size());
    for (CompletableFuture<Answer> each : waiting) {
      assertSame(thrown, failure(each));
    }
  }

  @Test
  void aWrongClockStampsNothing() throws Exception {
    clock.heard("one.example", "one.example", TIME);
    clock.heard("two.example", "two.example", TIME);
    time.addAndGet(3_600_000);
    Answer.Refused refused =
        assertInstanceOf(Answer.Refused.class, answer(submit(TestFederation.KOMATSU)));
    assertEquals(Reason.CLOCK_DIFFERS, refused.refusal().reason());
    assertTrue(arrived.isEmpty(), "it came to the ordering");

    time.set(TIME);
    CompletableFuture<Answer> works = submit(TestFederation.KOMATSU);
    Pending pending = next();
    assertEquals(TIME, OrderedEntry.decode(pending.entry).time());
    execute(pending);
    assertInstanceOf(Answer.Accepted.class, answer(works));
  }

  @Test
  void theOrderAfterThatWorks() throws Exception {
    toThrow.add(broken());
    CompletableFuture<Answer> lost = submit(TestFederation.KOMATSU);
    assertEquals("the ordering is broken", failure(lost).getMessage());
    assertEquals(1, next().size());

    CompletableFuture<Answer> works = submit(TestFederation.KOMATSU);
    execute(next());
    assertInstanceOf(Answer.Accepted.class, answer(works), "the lost one was not executed");
    assertEquals(0, batcher.backlog());
  }

  @Test
  void anErrorIsHeardOfToo() throws Exception {
    Error thrown = new LinkageError("no such class");
    toThrow.add(thrown);
    assertSame(thrown, failure(submit(TestFederation.KOMATSU)));
    assertEquals(1, next().size());
    CompletableFuture<Answer> works = submit(TestFederation.KOMATSU);
    execute(next());
    assertInstanceOf(Answer.Accepted.class, answer(works));
  }

  @Test
  void whatTheOrderingRefusesLaterIsHeardOfAsWell() throws Exception {
    CompletableFuture<Answer> lost = submit(TestFederation.KOMATSU);
    RuntimeException refused = broken();
    assertFalse(lost.isDone());
    next().answers.completeExceptionally(refused);
    assertSame(refused, failure(lost));
    CompletableFuture<Answer> works = submit(TestFederation.KOMATSU);
    execute(next());
    assertInstanceOf(Answer.Accepted.class, answer(works));
  }

  @Test
  void nothingIsTakenOnceItCloses() throws Exception {
    batcher.close();
    Answer.Refused refused =
        assertInstanceOf(Answer.Refused.class, answer(submit(TestFederation.KOMATSU)));
    assertEquals(Reason.BUSY, refused.refusal().reason());
  }
}
