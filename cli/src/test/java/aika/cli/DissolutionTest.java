package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.SignedRecovery;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.config.Federation;
import aika.node.config.Municipality;
import aika.node.order.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Komatsu becomes part of Kanazawa: the runbook's walk, up to the last balance. */
@Timeout(180)
final class DissolutionTest {
  private static final ChainId KOMATSU = Residents.KOMATSU;
  private static final ChainId KANAZAWA = Residents.KANAZAWA;
  private static final Signer KEEPER = Ed25519.signer(CommandWorld.seed(9));
  private static final String KEEPER_LABEL = "/recovery-1";

  @TempDir Path directory;

  private static Federation withQuorum(Federation all) {
    List<Municipality> changed =
        all.municipalities().stream()
            .map(one -> one.id().equals(KOMATSU) ? withQuorum(all.id(), one) : one)
            .toList();
    return new Federation(
        all.id(), all.root(), all.block(), all.limits(), all.term(), all.continents(), changed);
  }

  private static Municipality withQuorum(String federation, Municipality one) {
    VerifierKey key = new VerifierKey(name(federation), Ed25519.TYPE, KEEPER.publicKey());
    return new Municipality(
        one.id(),
        one.name(),
        one.http(),
        one.node(),
        one.mongo(),
        one.issuers(),
        one.registrars(),
        one.log(),
        one.representatives(),
        Optional.of(new Directory.Quorum(1, List.of(key))));
  }

  private static String name(String federation) {
    return federation + '/' + KOMATSU + KEEPER_LABEL;
  }

  private static void close(CommandWorld world) {
    String federation = world.node().federation().id();
    Recovery close = new Recovery.Close(federation, KOMATSU, 1, KANAZAWA, "part of Kanazawa now");
    SignedNote note = SignedNote.sign(close.text(), name(federation), Ed25519.TYPE, KEEPER);
    Action recover = new Action.Recover(SignedRecovery.parse(note.encode()));
    assertInstanceOf(
        Answer.Accepted.class,
        world.node().shard().await(world.node().shard().submit(KOMATSU, recover)));
  }

  private static Row.Clearing row(CommandWorld world, ChainId chain, ChainId counterpart) {
    return Objects.requireNonNull(
        world.node().shard().chain(chain).get(new Key.OfClearing(counterpart)));
  }

  private void clear(CommandWorld world, ChainId chain, String side, ChainId other) {
    String note = directory.resolve(chain + ".note").toString();
    String data = world.data().toString();
    CommandWorld.aika(
            "clear",
            "ask",
            "--chain",
            chain.value(),
            side,
            other.value(),
            "--data",
            data,
            "50.00",
            note)
        .expect(0);
    CommandWorld.aika(
            "clear", "confirm", note, "--data", data, "--gateway", world.gateway(chain), "--yes")
        .expect(0);
  }

  /** [REC-6, X-26] */
  @Test
  void whatItsResidentsTookAlongIsClearedOnTheClosedChain() throws Exception {
    try (CommandWorld world =
        CommandWorld.start(directory.resolve("federation"), DissolutionTest::withQuorum)) {
      AccountId resident = AccountId.of("Asia-Komatsu/resident");
      AccountId home = AccountId.of("Asia-Kanazawa/newhome");
      world.open(resident, 1);
      world.open(home, 2);
      world.issue(resident, "50.00");
      close(world);

      world.signed(resident, "send", "--to", home.toString(), "50.00").expect(0);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (!world.account(home).balance().equals(Money.of("50.00"))
          || !world.account(resident).holds().isEmpty()) {
        assertTrue(System.nanoTime() < deadline, "the money is over there");
        world.signed(home, "receive").expect(0);
        Thread.sleep(100);
      }

      clear(world, KOMATSU, "--paid-to", KANAZAWA);
      clear(world, KANAZAWA, "--paid-by", KOMATSU);
      assertEquals(Money.ZERO, row(world, KOMATSU, KANAZAWA).balance());
      assertEquals(Money.of("50.00"), row(world, KOMATSU, KANAZAWA).cleared());
      assertEquals(Money.ZERO, row(world, KANAZAWA, KOMATSU).balance());
      world.signed(resident, "close-account", "--yes").expect(0);
      assertTrue(world.account(resident).standing().closed());
      world.signed(resident, "send", "--to", home.toString(), "1").expect(1).says("ACCOUNT_CLOSED");
    }
  }
}
