package aika.core.audit;

import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.Finding.Kind;
import aika.core.ledger.Action;
import aika.core.ledger.Recovery;
import aika.core.ledger.TestKeys;
import aika.core.money.AccountId;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** [AUD-17] What several sources show of one log is one history. */
final class SourceComparisonTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  private final TestFederation fed = TestFederation.standard();
  private final PublishedFiles early;
  private final PublishedFiles now;

  SourceComparisonTest() {
    AccountId _ = fed.open(KOMATSU, "k3v9q2mw", "100.00");
    fed.chain(KOMATSU).seal(fed.now());
    early = PublishedFiles.of(fed, fed.chain(KOMATSU));
    AccountId _ = fed.open(KOMATSU, "p8d1x7aa", "20.00");
    fed.chain(KOMATSU).seal(fed.now());
    now = PublishedFiles.of(fed, fed.chain(KOMATSU));
  }

  /** Komatsu's early history with another last seal, approved by a quorum. */
  private PublishedFiles other() {
    String size = new String(Objects.requireNonNull(early.file("checkpoint")), UTF_8);
    int leaves = Integer.parseInt(size.lines().skip(1).findFirst().orElseThrow());
    List<byte[]> other =
        new ArrayList<>(PublishedFiles.leaves(fed.chain(KOMATSU)).subList(0, leaves));
    String seal = new String(other.getLast(), UTF_8);
    other.set(leaves - 1, seal.replaceFirst("time ([^\n]*).Z", "time $17Z").getBytes(UTF_8));
    return new PublishedFiles(fed, KOMATSU, other, 5);
  }

  private List<Finding> findings(PublishedLog... logs) {
    return compared(logs).findings();
  }

  private SourceComparison.Compared compared(PublishedLog... logs) {
    List<SourceComparison.Source> sources = new ArrayList<>();
    for (PublishedLog log : logs) {
      sources.add(new SourceComparison.Source("source " + (sources.size() + 1), log));
    }
    return SourceComparison.compare(
        fed.directory(), CHEAP, chain -> chain.equals(KOMATSU) ? sources : List.of(), () -> {});
  }

  private static List<Kind> kinds(List<Finding> findings) {
    return findings.stream().map(Finding::kind).toList();
  }

  @Test
  void aSourceMayBeBehindOrHaveNothing() {
    assertEquals(List.of(), findings(now, early));
    assertEquals(List.of(), findings(early, now, path -> null, now));
    assertEquals(List.of(), findings(other(), path -> null));
  }

  @Test
  void anotherHistoryIsFoundWhicheverComesFirst() {
    List<Finding> findings = findings(now, other());
    assertEquals(List.of(Kind.TWO_HISTORIES), kinds(findings));
    assertTrue(findings.getFirst().what().startsWith("source 2: "), findings::toString);
    assertTrue(findings.getFirst().what().contains("than that of source 1"), findings::toString);
    assertEquals(List.of(Kind.TWO_HISTORIES), kinds(findings(other(), now)));
    assertEquals(List.of(Kind.TWO_HISTORIES), kinds(findings(early, other())));
    assertEquals(
        List.of(Kind.TWO_HISTORIES, Kind.TWO_HISTORIES), kinds(findings(now, early, other())));
  }

  @Test
  void aCheckpointCountsOnlyWhenItsQuorumApproved() {
    PublishedFiles other = other();
    List<byte[]> leaves = PublishedFiles.leaves(fed.chain(KOMATSU));
    assertEquals(
        List.of(Kind.QUORUM), kinds(findings(now, new PublishedFiles(fed, KOMATSU, leaves, 2))));
    byte[] checkpoint = Objects.requireNonNull(other.files.get("checkpoint"));
    checkpoint[checkpoint.length - 5] ^= 1;
    assertEquals(List.of(Kind.COSIGNATURE), kinds(findings(now, other)));
  }

  @Test
  void whatCannotBeReadIsNotedAndTheOthersAreCompared() {
    PublishedLog away =
        path -> {
          throw new UnreadableLogException("away", null);
        };
    SourceComparison.Compared compared = compared(now, away, other());
    assertEquals(List.of(Kind.TWO_HISTORIES), kinds(compared.findings()));
    assertEquals(List.of(Kind.NOT_COMPARED), kinds(compared.notes()));
    assertEquals("source 2: away", compared.notes().getFirst().what());
  }

  @Test
  void theOneWhoseTilesAreMissingIsNamedAndTheOthersAreCompared() {
    PublishedLog bare = path -> path.startsWith("tile/") ? null : now.file(path);
    List<Finding> findings = findings(bare, early, other());
    assertEquals(List.of(Kind.TILE, Kind.TILE, Kind.TWO_HISTORIES), kinds(findings));
    assertTrue(findings.get(0).what().startsWith("source 1: "), findings::toString);
    assertTrue(findings.get(1).what().startsWith("source 1: "), findings::toString);
    assertTrue(findings.get(2).what().startsWith("source 3: "), findings::toString);
  }

  /** The recovery quorum gave that history up; its source has not heard of it. */
  @Test
  void aHistoryThatWasGivenUpIsBehind() {
    PublishedFiles givenUp = other();
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = fed.directory().origin(KOMATSU) + "/rescue" + i;
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Recovery.Seat seat = new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, "two histories");
    fed.chain(KOMATSU).accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    fed.chain(KOMATSU).seal(fed.now());
    PublishedFiles recovered = PublishedFiles.of(fed, fed.chain(KOMATSU));
    for (SourceComparison.Compared compared :
        List.of(compared(recovered, givenUp), compared(givenUp, recovered))) {
      assertEquals(List.of(), compared.findings());
      assertEquals(List.of(Kind.GIVEN_UP), kinds(compared.notes()));
    }
    assertTrue(
        compared(recovered, givenUp).notes().getFirst().what().startsWith("source 2: "),
        "who is behind");
  }
}
