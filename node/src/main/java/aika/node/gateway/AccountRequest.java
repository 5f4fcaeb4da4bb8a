package aika.node.gateway;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.wallet.CanonicalBody;
import java.util.Map;

/**
 * What somebody wants of their account without a signature. The node makes the order and signs it
 * with the account's key in the counter wallet.
 *
 * @param id the client's own; the same request with it is done once
 */
public record AccountRequest(AccountId account, OrderId id, Wish wish) {
  /** What is wanted. */
  public sealed interface Wish {
    /** The key that was announced for the account shall not count. */
    record Veto() implements Wish {}

    record Freeze() implements Wish {}

    /** The wallet makes the account a new key. */
    record NewKey() implements Wish {}

    /**
     * @param limit the largest transfer that is received without asking; zero for none
     */
    record AutoReceive(Money limit) implements Wish {}
  }

  /** By which another request with the same id is told. */
  Hash bodyHash() {
    return CanonicalBody.hash(
        switch (wish) {
          case Wish.Veto() -> Map.of("wish", "veto-recovery");
          case Wish.Freeze() -> Map.of("wish", "freeze");
          case Wish.NewKey() -> Map.of("wish", "rotate-key");
          case Wish.AutoReceive(Money limit) ->
              Map.of("wish", "auto-receive", "limit", limit.toString());
        });
  }
}
