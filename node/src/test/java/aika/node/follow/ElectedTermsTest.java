package aika.node.follow;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.Succession;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Chain;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Short terms in a whole node: residents are elected, approve, and are believed elsewhere. */
@Timeout(180)
class ElectedTermsTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final int SEATS = 4;
  private static final int TERM_BLOCKS = 10;

  @TempDir Path data;

  private final TestFederation federation =
      new TestFederation(Policy.standard().with(new Policy.Term(SEATS, TERM_BLOCKS, 0)));
  private final Person sender = federation.person(KOMATSU, "sender00");
  private final Person receiver = federation.person(TestFederation.KANAZAWA, "receiver");
  private final List<Person> residents =
      IntStream.range(0, SEATS).mapToObj(i -> federation.person(KOMATSU, "resident" + i)).toList();
  private Town town;
  private Chain komatsu;

  @BeforeEach
  void start() {
    town = new Town(data, federation, Town.Following.EVERYTHING);
    komatsu = town.chain(KOMATSU);
    town.open(sender, "100.00");
    town.open(receiver, "");
    residents.forEach(one -> town.open(one, ""));
  }

  @AfterEach
  void stop() {
    town.close();
  }

  /** All of them stand in one term, with new keys. */
  private List<HeldKey> stand() {
    while (true) {
      List<HeldKey> keys = new ArrayList<>();
      List<SignedOrder> orders = new ArrayList<>();
      for (Person one : residents) {
        Signer seat = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
        Order.Header header = federation.header();
        byte[] possession = seat.sign(Order.Stand.possessionMessage(header, one.account()));
        Order.Stand stand = new Order.Stand(header, one.account(), seat.publicKey(), possession);
        keys.add(new HeldKey(stand.seat(), seat));
        orders.add(one.sign(stand));
      }
      List<CompletableFuture<Answer>> answers =
          orders.stream().map(order -> town.shard.submitAsync(order, null)).toList();
      answers.forEach(answer -> Town.accepted(town.shard.await(answer)));
      Row.Candidates standing = komatsu.get(new Key.OfCandidates());
      if (standing != null
          && standing.accounts().size() == SEATS
          && standing.term() == komatsu.head().term()) {
        return keys;
      }
      // the term ended between two of them
    }
  }

  /** Blocks, until the next term has begun. */
  private void endTerm() throws InterruptedException {
    long term = komatsu.head().term();
    while (komatsu.head().term() == term) {
      Town.accepted(town.shard.submit(federation.issue(sender, "1.00"), null));
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static List<String> names(List<HeldKey> keys) {
    return keys.stream().map(held -> held.key().name()).toList();
  }

  private static List<String> names(Seats seats) {
    return seats.keys().stream().map(VerifierKey::name).toList();
  }

  /** [SEAL-31] What an outsider finds with the federation file and the published files only. */
  private Seats followed() {
    Succession succession =
        new Succession(
            federation.directory.federation(),
            federation.directory.entry(KOMATSU),
            new Ed25519(8),
            new MlDsa44());
    for (long term = 1; ; term = succession.seats().term()) {
      TlogProof handover = komatsu.handover(term);
      if (handover == null) {
        return succession.seats();
      }
      succession.handOver(handover);
    }
  }

  private long believed(ChainId by) {
    Row.Sitting sitting = town.chain(by).get(new Key.OfSitting(KOMATSU));
    return sitting == null ? 1 : sitting.seats().term();
  }

  private void completes(TransferId transfer) throws InterruptedException {
    Money before = town.balance(receiver);
    Town.accepted(town.decide(receiver, transfer, true));
    assertEquals(before.plus(Money.of("7.00")), town.balance(receiver));
    town.await(() -> town.hold(transfer) == Row.Hold.Status.SETTLED);
  }

  /** [SEAL-24, X-36] */
  @Test
  void theElectedApproveAndOthersFollow() throws InterruptedException {
    TransferId transfer = town.send(sender, receiver, "7.00", 3_600);
    Seats first = komatsu.seatsOf(1);
    List<HeldKey> keys = stand();
    keys.forEach(town::hold);
    endTerm();
    long term = komatsu.head().term();
    Row.Term elected = requireNonNull(komatsu.get(new Key.OfTerm(term)));
    assertEquals(names(keys), names(elected.seats())); // nobody dealt, so by their accounts
    assertFalse(elected.recovered());
    Leaf.Elected leaf =
        assertInstanceOf(Leaf.Elected.class, komatsu.entry(elected.first() - 2).leaf());
    assertEquals(elected.seats(), leaf.seats());
    assertEquals(SEATS, leaf.standings().size());

    Town.accepted(town.shard.submit(federation.issue(sender, "1.00"), null));
    town.await(() -> komatsu.approvedSize() > elected.first());
    assertTrue(
        elected.seats().approvedAt(requireNonNull(komatsu.approved()), new MlDsa44()).isPresent());
    assertTrue(first.approvedAt(requireNonNull(komatsu.approved()), new MlDsa44()).isEmpty());
    completes(transfer);
    town.rests();
    assertEquals(komatsu.head().term(), followed().term());
    assertEquals(names(keys), names(followed()));
    // The continental chain anchors across the hand-over, the receiver's records across it.
    town.await(() -> believed(TestFederation.ASIA) == komatsu.head().term());
    assertTrue(believed(TestFederation.KANAZAWA) >= term);
  }

  /** [SEAL-25] The last block of a term is approved by those who sat, what follows by nobody. */
  @Test
  void whoeverHasNotTheirKeysCannotApproveForThem() throws InterruptedException {
    List<HeldKey> keys = stand();
    endTerm();
    Row.Term elected = requireNonNull(komatsu.get(new Key.OfTerm(komatsu.head().term())));
    assertEquals(names(keys), names(elected.seats()));
    town.await(() -> komatsu.approvedSize() == elected.first());
    Town.accepted(town.shard.submit(federation.issue(sender, "1.00"), null));
    town.await(() -> komatsu.head().sealed() && komatsu.size() > elected.first());
    TimeUnit.MILLISECONDS.sleep(200);
    assertEquals(elected.first(), komatsu.approvedSize());
    assertEquals(elected.seats().term(), followed().term());
    assertNull(komatsu.handover(elected.seats().term()));

    keys.subList(1, SEATS).forEach(town::hold); // three of four are a quorum
    Town.accepted(town.shard.submit(federation.issue(sender, "1.00"), null));
    town.await(() -> komatsu.approvedSize() > elected.first());
    town.rests();
  }

  /** A chain that heard nothing of several terms learns of them one after the other. */
  @Test
  void aTransferIsProvenSeveralTermsLater() throws InterruptedException {
    TransferId transfer = town.send(sender, receiver, "7.00", 3_600);
    List<List<HeldKey>> sets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<HeldKey> keys = stand();
      keys.forEach(town::hold);
      sets.add(keys);
      endTerm();
    }
    assertNotEquals(sets.getFirst(), sets.getLast());
    long term = komatsu.head().term();
    assertTrue(term >= 4, () -> "term " + term);
    Town.accepted(town.shard.submit(federation.issue(sender, "1.00"), null));
    town.rests();
    assertEquals(1, believed(TestFederation.KANAZAWA));
    completes(transfer);
    assertEquals(names(sets.getLast()), names(followed()));
    Chain kanazawa = town.chain(TestFederation.KANAZAWA);
    long handovers =
        LongStream.range(0, kanazawa.size())
            .mapToObj(index -> kanazawa.entry(index).leaf())
            .filter(leaf ->
                leaf instanceof Leaf.Recorded recorded
                    && recorded.origin().equals(KOMATSU)
                    && recorded.handover() != Leaf.Recorded.NO_HANDOVER)
            .count();
    assertTrue(handovers >= term - 1, () -> handovers + " hand-overs");
    town.rests();
  }
}
