package aika.node.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.money.AccountId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.mirror.ReadableChains;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.register.Memo;
import aika.node.register.PersonName;
import aika.node.register.Rate;
import aika.node.register.Register;
import aika.node.store.SideStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another node may ask, at its limits and one past them [NBR-10]. */
final class AnsweringTest {
  private static final long NOW = 1_793_491_200_123L;
  private static final long AGE_MAX = 120_000;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final HeldKey komatsu =
      Objects.requireNonNull(federation.logKeys.get(TestFederation.KOMATSU));
  private final HeldKey kanazawa =
      Objects.requireNonNull(federation.logKeys.get(TestFederation.KANAZAWA));
  private final Ed25519 ed25519 = new Ed25519(64);
  private final AtomicLong clock = new AtomicLong(NOW);
  private final AtomicLong nanos = new AtomicLong();
  private Shard shard;
  private SideStore names;
  private Answering answering;
  private AccountId account;

  @BeforeEach
  void open() {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard"),
                List.of(TestFederation.KANAZAWA),
                3_600_000,
                1_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis);
    names = SideStore.open(data.resolve("register"));
    Register register =
        new Register(names, TestFederation.KANAZAWA, new SecureRandom(), Rate.DEFAULT, nanos::get);
    account = register.reserve(PersonName.of("B")).account();
    answering =
        new Answering(
            federation.directory,
            new ReadableChains(shard),
            Map.of(TestFederation.KANAZAWA, register),
            Map.of(TestFederation.KANAZAWA, kanazawa),
            ed25519,
            clock::get,
            nanos::get);
  }

  @AfterEach
  void close() {
    names.close();
    shard.close();
  }

  private Told asked(Question.About about, long time) {
    Question question =
        new Question(
            federation.directory.federation(),
            TestFederation.KOMATSU,
            TestFederation.KANAZAWA,
            time,
            about);
    SignedNote note =
        SignedNote.sign(question.text(), komatsu.key().name(), Ed25519.TYPE, komatsu.signer());
    return Told.parse(answering.answer(note.encode()), note, kanazawa.key(), ed25519);
  }

  private Told asked(Question.About about) {
    return asked(about, NOW);
  }

  private static void assertNo(Reason expected, Told told) {
    assertEquals(expected, assertInstanceOf(Told.No.class, told).refusal().reason());
  }

  private static void assertYes(Told told) {
    assertInstanceOf(Told.Yes.class, told);
  }

  @Test
  void aQuestionIsAnsweredAsLongAsItIsNotTooOldOrTooNew() {
    Question.About about = new Question.About.Account(account);
    assertYes(asked(about, NOW - AGE_MAX));
    assertNo(Reason.STALE, asked(about, NOW - AGE_MAX - 1));
    assertYes(asked(about, NOW + AGE_MAX));
    assertNo(Reason.STALE, asked(about, NOW + AGE_MAX + 1));
  }

  @Test
  void soManyQuestionsAtOnceAndThenSoManyASecond() {
    Question.About about = new Question.About.Account(account);
    for (int i = 0; i < 2_000; i++) {
      assertYes(asked(about));
    }
    assertNo(Reason.TOO_MANY_REQUESTS, asked(about));
    nanos.addAndGet(1_000_000_000 / 200 - 1);
    assertNo(Reason.TOO_MANY_REQUESTS, asked(about));
    nanos.addAndGet(1);
    assertYes(asked(about));
    assertNo(Reason.TOO_MANY_REQUESTS, asked(about));
  }

  @Test
  void fewerForNames() {
    Question.About about = new Question.About.Person(PersonName.of("B"));
    for (int i = 0; i < 100; i++) {
      assertYes(asked(about));
    }
    assertNo(Reason.TOO_MANY_REQUESTS, asked(about));
    nanos.addAndGet(1_000_000_000 / 20 - 1);
    assertNo(Reason.TOO_MANY_REQUESTS, asked(about));
    nanos.addAndGet(1);
    assertYes(asked(about));
  }

  @Test
  void fewerMemosThatAreToBeKept() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 500; i++) {
      assertYes(asked(new Question.About.Keep(Memo.of("memo " + i, random))));
    }
    Question.About more = new Question.About.Keep(Memo.of("one more", random));
    assertNo(Reason.TOO_MANY_REQUESTS, asked(more));
    nanos.addAndGet(1_000_000_000 / 10 - 1);
    assertNo(Reason.TOO_MANY_REQUESTS, asked(more));
    nanos.addAndGet(1);
    assertYes(asked(more));
  }
}
