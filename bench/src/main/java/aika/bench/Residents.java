package aika.bench;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.config.HeldKey;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The accounts with their keys, and the orders that they sign. */
final class Residents {
  static final Money AMOUNT = Money.of("1.00");
  static final Money FUNDS = Money.of("1000000.00");
  private static final long NOT_AFTER_MILLIS = 6 * 60 * 60 * 1000L;
  private static final long VALID_MILLIS = 24 * 60 * 60 * 1000L;

  private final AccountId[] ids;
  private final AccountKey[] keys;
  private final long notAfter;
  private final long validUntil;

  Residents(int count, List<ChainId> municipalities, Workers workers) {
    ids = new AccountId[count];
    keys = new AccountKey[count];
    long now = System.currentTimeMillis() / 1000 * 1000;
    notAfter = now + NOT_AFTER_MILLIS;
    validUntil = now + VALID_MILLIS;
    workers.each(
        count,
        i -> {
          ChainId chain = municipalities.get(i % municipalities.size());
          ids[i] = new AccountId(chain, "r%07d".formatted(i));
          keys[i] = AccountKey.generate();
        });
  }

  int count() {
    return ids.length;
  }

  AccountId id(int resident) {
    return ids[resident];
  }

  byte[] open(int resident, HeldKey registrar) {
    Order order = new Order.Open(header(), ids[resident], keys[resident].publicKey());
    return note(order, resident)
        .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer())
        .encode();
  }

  byte[] issue(int resident, List<HeldKey> issuers) {
    Order order = new Order.Issue(header(), ids[resident], FUNDS);
    HeldKey first = issuers.getFirst();
    HeldKey second = issuers.getLast();
    return SignedNote.sign(order.text(), first.key().name(), Ed25519.TYPE, first.signer())
        .signedBy(second.key().name(), Ed25519.TYPE, second.signer())
        .encode();
  }

  byte[] send(int from, int to) {
    return note(new Order.Send(header(), ids[from], ids[to], AMOUNT, validUntil, null), from)
        .encode();
  }

  byte[] receive(int receiver, TransferId transfer) {
    return note(new Order.Decide(header(), ids[receiver], transfer, true), receiver).encode();
  }

  private SignedNote note(Order order, int resident) {
    Signer signer = keys[resident];
    return SignedNote.sign(order.text(), ids[resident].toString(), Ed25519.TYPE, signer);
  }

  private Order.Header header() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    UUID id = new UUID(random.nextLong(), random.nextLong());
    return new Order.Header(BenchNode.FEDERATION, new OrderId(id), notAfter);
  }
}
