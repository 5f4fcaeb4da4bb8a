package aika.node.gateway;

import aika.core.money.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * A side of a transfer.
 *
 * @param name as the register shows it; null when it is not known here or not for this caller
 */
public record Party(AccountId account, @Nullable String name) {
  /** Without the name. */
  @Override
  public String toString() {
    return account.toString();
  }
}
