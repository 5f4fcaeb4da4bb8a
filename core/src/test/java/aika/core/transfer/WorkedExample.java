package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;

import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.TestKeys;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The example of docs/spec/leaves.md with its real signatures: four transfers from Komatsu to
 * Kanazawa, one for each way in which a transfer ends. Every kind of leaf occurs.
 */
public final class WorkedExample {
  private final TestFederation fed;

  public WorkedExample() {
    this(TestFederation.Signing.REAL);
  }

  /** The same with cheap signatures, for tests that change many bytes. */
  public WorkedExample(TestFederation.Signing signing) {
    fed = new TestFederation(signing, TestFederation.Between.CARRIED, Policy.standard());
    AccountId a = new AccountId(KOMATSU, "k3v9q2mw");
    AccountId b = new AccountId(KANAZAWA, "p8d1x7aa");
    open(a);
    open(b);
    step();
    fed.accepted(new Order.Issue(fed.header(), a, Money.of("1000.00")));
    TransferId received = send(a, b, "200.00", Hash.of(TestKeys.seed("salt and memo")));
    TransferId rejected = send(a, b, "30.00", null);
    TransferId cancelled = send(a, b, "20.00", null);
    TransferId expired = send(a, b, "10.00", null);
    step();
    long cancel = fed.cancel(a, cancelled).index();
    step();
    fed.record(KANAZAWA, KOMATSU);
    step();
    fed.receive(b, received);
    step();
    fed.reject(b, rejected);
    step();
    fed.chain(KANAZAWA).accepted(fed.now(), fed.cancellation(KANAZAWA, cancelled, cancel));
    fed.advance(HOUR);
    fed.expire(KANAZAWA, expired);
    fed.record(KOMATSU, KANAZAWA);
    step();
    List<Action.Item> items = new ArrayList<>();
    for (TransferId transfer : List.of(received, rejected, cancelled, expired)) {
      items.addAll(fed.settlement(KANAZAWA, transfer).items());
    }
    long recorded = fed.chain(KANAZAWA).head().size();
    fed.chain(KOMATSU).accepted(fed.now(), new Action.Settle(KANAZAWA, recorded, items));
    step();
    fed.record(ASIA, KOMATSU);
    fed.chain(ASIA).seal(fed.now());
  }

  private void open(AccountId account) {
    step();
    byte[] key = fed.signer(account.toString()).publicKey();
    fed.accepted(new Order.Open(fed.header(), account, key));
  }

  private TransferId send(AccountId from, AccountId to, String amount, @Nullable Hash memo) {
    step();
    Order.Send send = fed.sendOrder(from, to, amount);
    long index =
        fed.accepted(
                new Order.Send(send.header(), from, to, send.amount(), send.validUntil(), memo))
            .index();
    return new TransferId(from.chain(), index);
  }

  private void step() {
    fed.advance(1_001);
  }

  public TestFederation federation() {
    return fed;
  }

  public TestChain chain(ChainId id) {
    return fed.chain(id);
  }
}
