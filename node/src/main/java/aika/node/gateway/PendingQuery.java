package aika.node.gateway;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** Which part of the pending list is meant. */
public sealed interface PendingQuery {
  /**
   * @param receiver the receiver's name in the register, or an account id
   * @param municipality null or blank where the gateway's own is meant
   */
  record OfPerson(String receiver, @Nullable String municipality, @Nullable String continent)
      implements PendingQuery {}

  record OfAccount(AccountId account) implements PendingQuery {}

  record OfMunicipality(ChainId receivers) implements PendingQuery {}

  record OfContinent(ChainId receivers) implements PendingQuery {}
}
