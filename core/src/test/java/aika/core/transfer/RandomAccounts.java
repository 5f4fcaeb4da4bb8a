package aika.core.transfer;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.transfer.Reference.Person;
import java.util.Random;

/** Random orders that change no balance: of accounts and their keys. */
final class RandomAccounts {
  private static final int NAMES_MAX = 30;

  private final Choices pick;
  private final TestFederation fed;
  private final Reference reference;
  private final Random random;

  RandomAccounts(Choices pick) {
    this.pick = pick;
    this.fed = pick.fed;
    this.reference = pick.reference;
    this.random = pick.random;
  }

  void open() {
    open(pick.any(pick.names, name -> !reference.people.containsKey(name)));
  }

  void open(AccountId name) {
    String key = pick.newWord();
    fed.rekey(name, key);
    byte[] publicKey = fed.signer(key).publicKey();
    boolean good = !reference.people.containsKey(name);
    if (pick.check(good, new Order.Open(fed.header(), name, publicKey))) {
      reference.people.put(name, new Person(name, key));
      if (pick.names.size() < NAMES_MAX) {
        pick.newName(name.chain());
      }
    }
  }

  void close() {
    AccountId account = pick.anybody(one -> one.balance == 0 && !one.closed);
    Person person = reference.people.get(account);
    boolean good =
        pick.signs(account)
            && person != null
            && person.balance == 0
            && !reference.open().containsKey(account);
    if (pick.check(good, new Order.Close(fed.header(), account)) && person != null) {
      person.close();
    }
  }

  void autoReceive() {
    AccountId account = pick.anybody(one -> !one.closed);
    Person person = reference.people.get(account);
    long limit = random.nextLong(900) - 100;
    boolean good = pick.signs(account) && limit >= 0;
    if (pick.check(good, new Order.AutoReceive(fed.header(), account, pick.money(limit)))
        && person != null) {
      person.receivesAlone = limit;
    }
  }

  void newKey() {
    switch (random.nextInt(3)) {
      case 0 -> rotate();
      case 1 -> recover();
      default -> veto();
    }
  }

  private void rotate() {
    AccountId account = pick.anybody(one -> !one.closed);
    Person person = reference.people.get(account);
    String key = pick.newWord();
    byte[] publicKey = fed.signer(key).publicKey();
    boolean good = pick.signs(account);
    if (pick.check(good, new Order.RotateKey(fed.header(), account, publicKey)) && person != null) {
      person.key = key;
      person.announced = null;
    }
  }

  /** With a new key, or now and then the one that the account has. */
  private void recover() {
    AccountId account = pick.anybody(one -> !one.closed && one.announced == null);
    Person person = reference.people.get(account);
    String key = person == null || random.nextInt(5) > 0 ? pick.newWord() : person.key;
    boolean good =
        person != null && !person.closed && !person.key.equals(key) && person.announced == null;
    Order order = new Order.RecoverKey(fed.header(), account, fed.signer(key).publicKey());
    if (pick.check(good, order) && person != null) {
      person.announce(key, fed.now());
    }
  }

  private void veto() {
    AccountId account = pick.anybody(one -> one.announced != null);
    Person person = reference.people.get(account);
    String key = pick.key(account);
    fed.rekey(account, key);
    boolean good = person != null && person.key.equals(key) && person.announced != null;
    if (pick.check(good, new Order.VetoRecovery(fed.header(), account)) && person != null) {
      person.announced = null;
    }
  }

  /** Frozen by a registrar, and unfrozen by registrar and holder; rather that. */
  void freeze() {
    boolean freeze = random.nextInt(5) < 2;
    AccountId account = pick.anybody(one -> one.frozen != freeze);
    Person person = reference.people.get(account);
    String key = pick.key(account);
    fed.rekey(account, key);
    boolean good =
        person != null
            && !person.closed
            && person.frozen != freeze
            && (freeze || person.key.equals(key));
    if (pick.check(good, new Order.Freeze(fed.header(), account, freeze)) && person != null) {
      person.frozen = freeze;
    }
  }
}
