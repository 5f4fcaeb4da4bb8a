package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.NodeSettings;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.mirror.HttpLog;
import aika.node.operate.OperatorFile;
import aika.node.store.StoreSettings;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [REC-6, X-30, X-42] Kanazawa becomes part of Komatsu: the recovery quorum closes its chain. */
@Timeout(120)
final class DissolvedMunicipalityTest {
  private static final ChainId CLOSED = ChainId.of(KANAZAWA);
  private static final ChainId SUCCESSOR = ChainId.of(KOMATSU);

  /** So long a transfer waits that nobody can receive any more. */
  @TempDir Path data;

  private final List<HeldKey> quorum = new ArrayList<>();
  private FederationFile file;
  private KeyFiles keys;
  private NodeSettings settings;
  private World world;
  private AccountId a;
  private AccountId b;

  @BeforeEach
  void start() {
    for (int i = 1; i <= 3; i++) {
      Signer signer = Ed25519.signer(Ed25519.generate(new SecureRandom()));
      String name = "demo.aika.example/" + KANAZAWA + "/recovery" + i;
      quorum.add(new HeldKey(new VerifierKey(name, Ed25519.TYPE, signer.publicKey()), signer));
    }
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME),
            withQuorum(FederationTemplate.demo().federation(keys)));
    int offset = World.freeOffset(file.federation());
    settings = new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard());
    world = new World(settings, file, keys);
    a = world.person(KOMATSU, "A");
    b = world.person(KANAZAWA, "B");
    world.issue(a, "1000.00");
    world.issue(b, "300.00");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /** The demo's federation, in which two of three keys decide about Kanazawa. */
  private Federation withQuorum(Federation demo) {
    Directory.Quorum two = new Directory.Quorum(2, quorum.stream().map(HeldKey::key).toList());
    return new Federation(
        demo.id(),
        demo.root(),
        demo.block(),
        demo.limits(),
        demo.term(),
        demo.continents(),
        demo.municipalities().stream()
            .map(one -> one.id().equals(CLOSED) ? with(two, one) : one)
            .toList());
  }

  private static Municipality with(Directory.Quorum quorum, Municipality one) {
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
        Optional.of(quorum));
  }

  /** By the operator's channel, as {@code aika recover close} does. */
  private World.Reply close(int signers) throws Exception {
    Recovery.Close decided =
        new Recovery.Close(
            file.federation().id(), CLOSED, 1, SUCCESSOR, "Kanazawa is part of Komatsu");
    HeldKey first = quorum.getFirst();
    SignedNote note =
        SignedNote.sign(decided.text(), first.key().name(), Ed25519.TYPE, first.signer());
    for (HeldKey more : quorum.subList(1, signers)) {
      note = note.signedBy(more.key().name(), Ed25519.TYPE, more.signer());
    }
    OperatorFile operator = OperatorFile.read(data).orElseThrow();
    return world.send(
        HttpRequest.newBuilder(operator.address().resolve("/recoveries"))
            .header("Authorization", "Bearer " + operator.token())
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofByteArray(note.encode()))
            .build());
  }

  private TransferId send(String from, String to, String amount) throws Exception {
    String json =
        """
        {"sender":"%s","receiver":"%s","receiver_municipality":"%s","amount":"%s"}
        """
            .formatted(
                from.equals(KOMATSU) ? "A" : "B", to.equals(KOMATSU) ? "A" : "B", to, amount);
    return TransferId.of(world.post(from, "/send", json).expect(200).text("transfer"));
  }

  /** As soon as the send is listed. */
  private World.Reply receive(String at, TransferId transfer) throws Exception {
    world.await(() -> world.ledger(transfer.origin()).approvedSize() > transfer.index());
    String json =
        """
        {"receiver":"%s","transfer":"%s"}
        """
            .formatted(at.equals(KOMATSU) ? "A" : "B", transfer);
    return world.post(at, "/receive", json);
  }

  private Row.Hold.Status hold(TransferId transfer) {
    Key.OfHold key = new Key.OfHold(transfer.index());
    return Objects.requireNonNull(world.ledger(transfer.origin()).get(key)).status();
  }

  private @Nullable OutcomeKind outcome(ChainId at, TransferId transfer) {
    Row.Outcome row = world.ledger(at).get(new Key.OfOutcome(transfer));
    return row == null ? null : row.kind();
  }

  private World.Reply order(String at, SignedNote note) throws Exception {
    return world.post(at, "/orders", "text/plain", note.toString(), Map.of());
  }

  private SignedNote signed(String by, Order order) {
    HeldKey issuer = keys.issuers(world.municipality(by)).getFirst();
    return SignedNote.sign(order.text(), issuer.key().name(), Ed25519.TYPE, issuer.signer());
  }

  private SignedNote and(SignedNote note, String by) {
    HeldKey issuer = keys.issuers(world.municipality(by)).getFirst();
    return note.signedBy(issuer.key().name(), Ed25519.TYPE, issuer.signer());
  }

  private Money owed(ChainId by, ChainId to) {
    Row.Clearing row = world.ledger(by).get(new Key.OfClearing(to));
    return row == null ? Money.ZERO : row.balance();
  }

  @Test
  void whatWaitsEndsByItselfAndAllMoneyLeaves() throws Exception {
    TransferId before = send(KOMATSU, KANAZAWA, "200.00");
    receive(KANAZAWA, before).expect(200);
    TransferId waiting = send(KOMATSU, KANAZAWA, "50.00");
    world.await(() -> !world.node.pending().to(b, 10).isEmpty());

    assertEquals("BAD_SIGNATURE", close(1).expect(403).text("code"));
    assertEquals("1", close(2).expect(200).text("term"));
    assertEquals("CHAIN_CLOSED", close(2).expect(409).text("code"));
    assertTrue(world.ledger(CLOSED).head().closed());
    String late = receive(KANAZAWA, waiting).expect(409).text("code");
    assertTrue(List.of("CHAIN_CLOSED", "ALREADY_DECIDED").contains(late), late);
    TransferId after = send(KOMATSU, KANAZAWA, "7.00");

    world.close();
    world = new World(settings, file, keys);
    assertTrue(world.ledger(CLOSED).head().closed());
    world.await(() -> hold(after) == Row.Hold.Status.REFUNDED);
    assertEquals(OutcomeKind.REJECTED, outcome(CLOSED, after));
    world.await(() -> hold(waiting) == Row.Hold.Status.REFUNDED);
    assertEquals(OutcomeKind.REJECTED, outcome(CLOSED, waiting), "at once, not when it runs out");
    assertEquals(Money.of("800.00"), world.balance(a));
    world.await(() -> hold(before) == Row.Hold.Status.SETTLED);

    moneyLeaves();
    Row.Head head = world.ledger(CLOSED).head();
    assertEquals(Money.ZERO, head.balances().plus(head.holds()));
    assertEquals(Money.ZERO, owed(CLOSED, SUCCESSOR));
    assertEquals(Money.ZERO, owed(SUCCESSOR, CLOSED));
    assertEquals("rejected", world.get(KOMATSU, "/transfers/" + after).expect(200).text("status"));
    assertTrue(world.row(b).standing().closed());
    assertNothingIsFound();
  }

  /**
   * A part goes to Komatsu, the rest is redeemed, and the treasuries clear what is between them.
   */
  private void moneyLeaves() throws Exception {
    TransferId out = send(KANAZAWA, KOMATSU, "400.00");
    receive(KOMATSU, out).expect(200);
    world.await(() -> hold(out) == Row.Hold.Status.SETTLED);
    Order redeem = new Order.Redeem(world.header(), b, Money.of("100.00"));
    order(KANAZAWA, and(world.node.wallet().sign(redeem).note(), KANAZAWA)).expect(200);
    Order issue = new Order.Issue(world.header(), b, Money.of("1.00"));
    HeldKey second = keys.issuers(world.municipality(KANAZAWA)).get(1);
    SignedNote both =
        signed(KANAZAWA, issue).signedBy(second.key().name(), Ed25519.TYPE, second.signer());
    assertEquals("CHAIN_CLOSED", order(KANAZAWA, both).expect(409).text("code"));

    Money debt = owed(CLOSED, SUCCESSOR);
    assertEquals(Money.of("200.00"), debt);
    Order paid = new Order.Clear(world.header(), CLOSED, SUCCESSOR, debt, true);
    order(KANAZAWA, and(signed(KANAZAWA, paid), KOMATSU)).expect(200);
    Order got = new Order.Clear(world.header(), SUCCESSOR, CLOSED, debt, false);
    order(KOMATSU, and(signed(KOMATSU, got), KANAZAWA)).expect(200);
    Order close = new Order.Close(world.header(), b);
    order(KANAZAWA, world.node.wallet().sign(close).note()).expect(200);
  }

  /** The whole federation, read from what its gateways publish. */
  private void assertNothingIsFound() throws InterruptedException {
    world.await(() ->
        world.node.shard().chains().stream()
            .allMatch(chain -> chain.head().sealed() && chain.approvedSize() == chain.size()));
    FederationAudit.Schemes schemes =
        new FederationAudit.Schemes(new Ed25519(64), new Ed25519(64), new MlDsa44());
    AuditReport report =
        new FederationAudit(
                file.directory(),
                schemes,
                chain -> new HttpLog(world.http, world.uri(KOMATSU, "/"), chain))
            .run(runs -> runs.forEach(Runnable::run), more -> {});
    assertEquals(List.of(), report.findings());
    AuditReport.Sums sums = Objects.requireNonNull(report.sums());
    assertTrue(sums.conserved(), sums::toString);
    assertEquals(Money.of("1200.00"), sums.balances());
    assertEquals(Money.ZERO, sums.waiting());
  }
}
