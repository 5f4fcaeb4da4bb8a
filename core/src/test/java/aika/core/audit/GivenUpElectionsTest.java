package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.Finding.Kind;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * [AUD-16] People of Kanazawa who stand for its only seat received from people of whom nobody knows
 * any more: Kanazawa counted each, an auditor counts them as one.
 */
final class GivenUpElectionsTest {
  private final PartedHistories two =
      new PartedHistories(Policy.standard().with(new Policy.Term(1, 3, 0)));

  private final AccountId a = two.open(KOMATSU, "k3v9q2mw", "100.00");
  private final AccountId c = two.open(KOMATSU, "m2n4b6v8", "100.00");
  private final AccountId busy = two.open(KANAZAWA, "busy0000", "0.01");
  private final AccountId rich = two.open(KANAZAWA, "rich0000", "50.00");
  private final List<String> notes = new ArrayList<>();
  private long election;

  private static String name(AccountId account) {
    return TestFederation.ID + '/' + account;
  }

  /** One receives 1.00 from each of two, on what is given up; the other 9.00 from one who stays. */
  private Map<ChainId, PublishedFiles> elected(AccountId second) {
    return elected(second, false);
  }

  /**
   * @param before whether the first of the two has sent 1.00 before, which everybody knows
   */
  private Map<ChainId, PublishedFiles> elected(AccountId second, boolean before) {
    TransferId honest = two.fed.send(a, rich, "9.00");
    TransferId _ = two.branch.send(a, rich, "9.00");
    TransferId known = two.fed.send(a, busy, "1.00");
    TransferId _ = two.branch.send(a, busy, "1.00");
    two.part();
    two.stand(busy, two.fed);
    two.stand(rich, two.fed);
    two.record(two.fed);
    two.receive(rich, honest);
    if (before) {
      two.receive(busy, known);
    }
    TransferId one = two.branch.send(a, busy, "1.00");
    TransferId other = two.branch.send(second, busy, "1.00");
    two.show();
    notes.add(PartedHistories.at(Kind.GIVEN_UP, two.kanazawa.last().index()));
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.receive(busy, one)));
    two.kanazawa.seal(two.fed.now());
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.receive(busy, other)));
    two.kanazawa.seal(two.fed.now());
    two.convict();
    two.recover();
    election = two.kanazawa.head().size();
    return two.published();
  }

  private Leaf.Elected leaf() {
    return (Leaf.Elected) two.kanazawa.entries().get((int) election).leaf();
  }

  private void refused(Map<ChainId, PublishedFiles> published, String was, String now)
      throws InterruptedException {
    List<byte[]> leaves = PublishedFiles.leaves(two.kanazawa);
    String honest = new String(leaves.get((int) election), UTF_8);
    assertTrue(honest.contains(was), honest);
    leaves.set((int) election, honest.replace(was, now).getBytes(UTF_8));
    published.put(KANAZAWA, new PublishedFiles(two.fed, KANAZAWA, leaves, 5));
    List<Finding> findings = two.audit(published).findings();
    assertTrue(
        PartedHistories.lines(findings).contains(PartedHistories.at(Kind.LEAF_DIFFERS, election)),
        findings::toString);
  }

  private void elects(AccountId account) {
    Row.Term term = Objects.requireNonNull(two.kanazawa.state().get(new Key.OfTerm(2)));
    assertEquals(name(account), term.seats().keys().getFirst().name());
  }

  @Test
  void anElectionThatCountsThoseWhomNobodyKnowsIsTakenAtItsWord() throws Exception {
    Map<ChainId, PublishedFiles> published = elected(c);
    elects(busy);
    assertEquals(2, leaf().standings().getFirst().counted());
    notes.add(PartedHistories.at(Kind.UNPROVEN, election));
    AuditReport report = two.audit(published);
    assertEquals(List.of(), report.findings());
    assertEquals(notes, PartedHistories.lines(report.notes()));

    // where they are known, nothing of it is
    AuditReport kept = two.audit(two.publishedWithBranch());
    notes.removeLast();
    assertEquals(List.of(), kept.findings());
    assertEquals(notes, PartedHistories.lines(kept.notes()));
  }

  /** An auditor who takes both for one counts right by chance; there is nothing to name. */
  @Test
  void whoReceivedTwiceFromOneCountsOnce() throws Exception {
    Map<ChainId, PublishedFiles> published = elected(a);
    elects(rich);
    AuditReport report = two.audit(published);
    assertEquals(List.of(), report.findings());
    assertEquals(notes, PartedHistories.lines(report.notes()));
  }

  /** Who is not known any more may be known all the same. */
  @Test
  void whoIsKnownIsNotCountedAgain() throws Exception {
    Map<ChainId, PublishedFiles> published = elected(a, true);
    elects(rich);
    assertEquals(1, leaf().standings().getLast().counted());
    notes.add(PartedHistories.at(Kind.UNPROVEN, election));
    AuditReport report = two.audit(published);
    assertEquals(List.of(), report.findings());
    assertEquals(notes, PartedHistories.lines(report.notes()));
  }

  @Test
  void moreThanWereReceivedFromAreNotCounted() throws Exception {
    refused(elected(c), name(busy) + " 2 2.00", name(busy) + " 3 2.00");
  }

  @Test
  void atLeastThoseAreCountedWhoAreKnown() throws Exception {
    refused(elected(a, true), name(busy) + " 1 3.00", name(busy) + " 0 3.00");
  }

  @Test
  void atLeastOneIsCounted() throws Exception {
    refused(elected(a), name(busy) + " 1 2.00", name(busy) + " 0 2.00");
  }

  @Test
  void whoReceivedFromNobodyUnknownIsCountedAsEver() throws Exception {
    refused(elected(c), name(rich) + " 1 9.00", name(rich) + " 2 9.00");
  }

  @Test
  void whatTheyReceivedIsKnown() throws Exception {
    refused(elected(c), name(busy) + " 2 2.00", name(busy) + " 2 3.00");
  }

  /** The count decides who sits, whoever counted. */
  @Test
  void theSeatsAreThoseWhoseCountIsTheHighest() throws Exception {
    Map<ChainId, PublishedFiles> published = elected(a);
    refused(published, name(busy) + " 1 2.00", name(busy) + " 2 2.00");
  }
}
