package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.Node;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.register.PersonName;
import aika.node.register.Register;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The people of the demo. Whatever is made for them is looked up first, under an id that every
 * start derives alike, so that a start after a crash anywhere goes on where the first one ended.
 */
final class Residents {
  /** Somebody who gets an account, and what two issuers give them at the first start. */
  private record Resident(String name, ChainId municipality, @Nullable Money issued) {}

  static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final ChainId PARIS = ChainId.of("Europe-Paris");
  private static final ChainId GENERAL = ChainId.of("Default-General");

  private static final List<Resident> RESIDENTS =
      List.of(
          new Resident("A", KOMATSU, Money.of("1000.00")),
          new Resident("B", KANAZAWA, null),
          new Resident("Claire", PARIS, Money.of("300.00")),
          new Resident("Louis", PARIS, null),
          new Resident("Gen", GENERAL, Money.of("300.00")),
          new Resident("Mio", GENERAL, null));

  private final Node node;
  private final KeyFiles keys;
  private final Map<String, AccountId> accounts = new HashMap<>();

  Residents(Node node, KeyFiles keys) {
    this.node = node;
    this.keys = keys;
  }

  /** Everybody's account, open and with its first money, whether from now or from earlier. */
  void ensure() {
    List<CompletableFuture<Answer>> opening = new ArrayList<>();
    for (Resident one : RESIDENTS) {
      AccountId account = register(one).reserve(PersonName.of(one.name)).account();
      accounts.put(one.name, account);
      if (!isOpen(account)) {
        opening.add(node.shard().submitAsync(opened(account), null));
      }
    }
    opening.forEach(this::mustBeThere);
    List<CompletableFuture<Answer>> issuing = new ArrayList<>();
    for (Resident one : RESIDENTS) {
      register(one).opened(account(one.name));
      if (one.issued != null) {
        Order order = issue(one, one.issued);
        if (find(order.account(), order.header().id()).isEmpty()) {
          issuing.add(node.shard().submitAsync(byIssuers(order), null));
        }
      }
    }
    issuing.forEach(this::mustBeThere);
  }

  AccountId account(String name) {
    AccountId account = accounts.get(name);
    if (account == null) {
      throw new IllegalArgumentException("no resident of the demo: " + name);
    }
    return account;
  }

  Money balance(AccountId account) {
    Row.Account row = node.shard().chain(account.chain()).get(new Key.OfAccount(account));
    return row == null ? Money.ZERO : row.balance();
  }

  /** The header of an order that every start of the demo makes alike, but for its time. */
  Order.Header header(String what) {
    UUID id = UUID.nameUUIDFromBytes(("aika demo: " + what).getBytes(UTF_8));
    long notAfter =
        System.currentTimeMillis() + node.federation().limits().notAfterStandard().toMillis();
    return new Order.Header(node.federation().id(), new OrderId(id), notAfter / 1000 * 1000);
  }

  /**
   * The leaf of this order. The demo's orders are among a chain's first leaves: this finds them
   * there however long the chain is, and reads all of it only where the first start was cut short.
   */
  OptionalLong find(AccountId account, OrderId id) {
    Chain chain = node.shard().chain(account.chain());
    for (long i = 0; i < chain.size(); i++) {
      if (chain.entry(i).leaf() instanceof Leaf.Executed executed) {
        Order order = executed.order().order();
        if (order.account().equals(account) && order.header().id().equals(id)) {
          return OptionalLong.of(i);
        }
      }
    }
    return OptionalLong.empty();
  }

  private boolean isOpen(AccountId account) {
    return node.shard().chain(account.chain()).get(new Key.OfAccount(account)) != null;
  }

  private Register register(Resident resident) {
    Register register = node.registers().get(resident.municipality);
    if (register == null) {
      throw CommandException.of(Refusal.of(Reason.UNKNOWN_CHAIN, resident.municipality.value()));
    }
    return register;
  }

  private SignedOrder opened(AccountId account) {
    byte[] publicKey = node.wallet().open(account);
    Order order = new Order.Open(header("open " + account), account, publicKey);
    HeldKey registrar = keys.registrars(municipality(account.chain())).getFirst();
    SignedNote note =
        node.wallet()
            .sign(order)
            .note()
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    return SignedOrder.of(note);
  }

  private Order issue(Resident to, Money amount) {
    return new Order.Issue(header("issue to " + to.name), account(to.name), amount);
  }

  private SignedOrder byIssuers(Order order) {
    List<HeldKey> issuers = keys.issuers(municipality(order.chain()));
    HeldKey first = issuers.get(0);
    HeldKey second = issuers.get(1);
    SignedNote note =
        SignedNote.sign(order.text(), first.key().name(), Ed25519.TYPE, first.signer())
            .signedBy(second.key().name(), Ed25519.TYPE, second.signer());
    return SignedOrder.of(note);
  }

  private Municipality municipality(ChainId id) {
    return node.federation().municipality(id.value()).orElseThrow();
  }

  private void mustBeThere(CompletableFuture<Answer> submitted) {
    if (node.shard().await(submitted) instanceof Answer.Refused refused) {
      throw CommandException.of(refused.refusal());
    }
  }
}
