package aika.node;

import aika.core.ledger.Directory;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.config.HeldKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Two municipalities and their continent, with real keys. */
public final class TestFederation {
  public static final ChainId ASIA = ChainId.of("Asia");
  public static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  public static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");

  private static final String ID = "test.example";
  private static final int SEATS = 5;

  public final Map<ChainId, HeldKey> logKeys = new HashMap<>();
  public final Map<ChainId, List<HeldKey>> seats = new HashMap<>();

  /** Three keys of each chain, of which two decide. */
  public final Map<ChainId, List<HeldKey>> recovery = new HashMap<>();

  public final Directory directory;
  private final SecureRandom random;
  private final Map<ChainId, List<HeldKey>> issuers = new HashMap<>();

  public TestFederation(Policy policy) {
    this(policy, new SecureRandom());
  }

  /**
   * @param random of all keys: seeded alike, they are the same
   */
  public TestFederation(Policy policy, SecureRandom random) {
    this.random = random;
    Map<ChainId, Directory.Entry> chains = new HashMap<>();
    for (ChainId id : List.of(ASIA, KOMATSU, KANAZAWA)) {
      HeldKey log = ed25519(ID + '/' + id);
      logKeys.put(id, log);
      List<HeldKey> held = new ArrayList<>();
      for (int i = 1; i <= SEATS; i++) {
        Signer signer = MlDsa44.signer(MlDsa44.generate(random));
        String name = ID + '/' + id + "/seat-" + i;
        held.add(new HeldKey(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
      }
      seats.put(id, held);
      List<HeldKey> own = List.of(ed25519(ID + '/' + id + "/i1"), ed25519(ID + '/' + id + "/i2"));
      issuers.put(id, own);
      List<VerifierKey> keys = own.stream().map(HeldKey::key).toList();
      Seats first = new Seats(1, held.stream().map(HeldKey::key).toList());
      List<HeldKey> quorum = List.of(ed25519(ID + "/r1"), ed25519(ID + "/r2"), ed25519(ID + "/r3"));
      recovery.put(id, quorum);
      Directory.Quorum decides =
          new Directory.Quorum(2, quorum.stream().map(HeldKey::key).toList());
      chains.put(id, new Directory.Entry(id, log.key(), first, keys, keys, decides));
    }
    directory = new Directory(ID, Hash.of(new byte[Hash.BYTES]), policy, chains);
  }

  private HeldKey ed25519(String name) {
    Signer signer = Ed25519.signer(Ed25519.generate(random));
    return new HeldKey(new VerifierKey(name, Ed25519.TYPE, signer.publicKey()), signer);
  }

  public record Person(AccountId account, Signer signer) {
    public SignedOrder sign(Order order) {
      return SignedOrder.of(
          SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer));
    }
  }

  public Person person(ChainId chain, String local) {
    return new Person(new AccountId(chain, local), Ed25519.signer(Ed25519.generate(random)));
  }

  private List<HeldKey> issuers(ChainId chain) {
    return Objects.requireNonNull(issuers.get(chain));
  }

  public SignedOrder open(Person person) {
    Order order = new Order.Open(header(), person.account, person.signer.publicKey());
    return withRegistrar(person.sign(order));
  }

  /** With the signature of a registrar of the order's chain too. */
  public SignedOrder withRegistrar(SignedOrder signed) {
    HeldKey registrar = issuers(signed.order().chain()).getFirst();
    return SignedOrder.of(
        signed.note().signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer()));
  }

  public SignedOrder issue(Person to, String amount) {
    Order order = new Order.Issue(header(), to.account, Money.of(amount));
    List<HeldKey> two = issuers(to.account.chain());
    return SignedOrder.of(
        SignedNote.sign(order.text(), two.get(0).key().name(), Ed25519.TYPE, two.get(0).signer())
            .signedBy(two.get(1).key().name(), Ed25519.TYPE, two.get(1).signer()));
  }

  public SignedOrder send(Person from, Person to, String amount) {
    long validUntil = (System.currentTimeMillis() / 1000 + 3_600) * 1000;
    return from.sign(
        new Order.Send(header(), from.account, to.account, Money.of(amount), validUntil, null));
  }

  public Order.Header header() {
    long soon = (System.currentTimeMillis() / 1000 + 60) * 1000;
    return new Order.Header(ID, new OrderId(UUID.randomUUID()), soon);
  }
}
