package aika.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.follow.Evidencing;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A in Komatsu sends 200 to B in Kanazawa, on the node's real parts, without HTTP. */
class WorkedExampleTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");

  @TempDir Path data;

  private record Person(AccountId account, Signer signer) {
    SignedOrder sign(Order order) {
      return SignedOrder.of(
          SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer));
    }
  }

  private Node start() {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    Path path = data.resolve(FederationFile.NAME);
    FederationFile file =
        Files.exists(path)
            ? FederationFile.read(path)
            : FederationFile.write(path, FederationTemplate.demo().federation(keys));
    return new Node(
        new NodeSettings(data, "127.0.0.1", 30_000, StoreSettings.standard()), file, keys);
  }

  @Test
  void transfersAndSurvivesARestart() throws InterruptedException {
    Person a;
    Person b;
    TransferId transfer;
    try (Node node = start()) {
      a = open(node, KOMATSU, "aaaaaaaa");
      b = open(node, KANAZAWA, "bbbbbbbb");
      accepted(node.shard().submit(issue(node, a.account, "1000.00"), null));

      long now = System.currentTimeMillis();
      Order send =
          new Order.Send(header(node), a.account, b.account, Money.of("200.00"), hour(now), null);
      transfer = new TransferId(KOMATSU, accepted(node.shard().submit(a.sign(send), null)));
      await(node, () -> node.pending().listed(transfer).isPresent());
      List<Offer> waiting = node.pending().receivable(b.account, System.currentTimeMillis(), 10);
      assertEquals(1, waiting.size());
      assertEquals(Money.of("200.00"), waiting.getFirst().amount());

      Chain kanazawa = node.shard().chain(KANAZAWA);
      Evidencing.Found.Citation cited =
          assertInstanceOf(
              Evidencing.Found.Citation.class, node.evidencing().citation(kanazawa, transfer));
      Order receive = new Order.Decide(header(node), b.account, transfer, true);
      long index = accepted(node.shard().submit(b.sign(receive), cited.citation()));
      await(node, () -> kanazawa.approvedSize() > index);
      Chain komatsu = node.shard().chain(KOMATSU);
      await(
          node,
          () ->
              held(komatsu, transfer).status() == Row.Hold.Status.SETTLED
                  && node.pending().seen(KOMATSU) > transfer.index() + 2);
      assertEquals(Money.of("200.00"), balance(node, b.account));
      assertEquals(Money.of("800.00"), balance(node, a.account));
      await(node, () -> komatsu.head().sealed() && komatsu.approvedSize() == komatsu.size());
    }
    try (Node node = start()) {
      assertEquals(Money.of("200.00"), balance(node, b.account));
      assertEquals(Money.of("800.00"), balance(node, a.account));
      assertTrue(node.pending().receivable(b.account, System.currentTimeMillis(), 10).isEmpty());
      for (Chain chain : node.shard().chains()) {
        assertTrue(chain.head().totals().conserved());
        assertEquals(chain.size(), chain.approvedSize());
      }
    }
  }

  private static Row.Hold held(Chain chain, TransferId transfer) {
    Row.Hold hold = chain.get(new Key.OfHold(transfer.index()));
    assertNotNull(hold);
    return hold;
  }

  private static Money balance(Node node, AccountId id) {
    Row.Account account = node.shard().chain(id.chain()).get(new Key.OfAccount(id));
    assertNotNull(account);
    return account.balance();
  }

  private static Order.Header header(Node node) {
    long now = System.currentTimeMillis();
    return new Order.Header(
        node.federation().id(), new OrderId(UUID.randomUUID()), (now / 1000 + 60) * 1000);
  }

  private static long hour(long now) {
    return (now / 1000 + 3600) * 1000;
  }

  private Person open(Node node, ChainId chain, String local) {
    Signer signer = Ed25519.signer(Ed25519.generate(new SecureRandom()));
    AccountId account = new AccountId(chain, local);
    Order order = new Order.Open(header(node), account, signer.publicKey());
    HeldKey registrar = keys().registrars(municipality(node, chain)).getFirst();
    SignedNote note =
        SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer)
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    accepted(node.shard().submit(SignedOrder.of(note), null));
    return new Person(account, signer);
  }

  private SignedOrder issue(Node node, AccountId to, String amount) {
    Order order = new Order.Issue(header(node), to, Money.of(amount));
    List<HeldKey> issuers = keys().issuers(municipality(node, to.chain()));
    SignedNote note =
        SignedNote.sign(
                order.text(), issuers.get(0).key().name(), Ed25519.TYPE, issuers.get(0).signer())
            .signedBy(issuers.get(1).key().name(), Ed25519.TYPE, issuers.get(1).signer());
    return SignedOrder.of(note);
  }

  private KeyFiles keys() {
    return new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
  }

  private static Municipality municipality(Node node, ChainId chain) {
    return node.federation().municipality(chain.value()).orElseThrow();
  }

  private static long accepted(Answer answer) {
    return assertInstanceOf(Answer.Accepted.class, answer, answer::toString).index();
  }

  private static void await(Node node, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    for (long seen = node.shard().changes().version(); !condition.getAsBoolean(); ) {
      assertTrue(System.nanoTime() < deadline, "timed out");
      node.shard().changes().await(seen, 1_000);
      seen = node.shard().changes().version();
    }
  }
}
