package aika.node.gateway;

import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.config.Municipality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Payments as people make them, by names, and what is known of them. All methods block until the
 * answer is durable; all of them throw {@link RefusedException} for what is refused.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Payments {
  /**
   * Chooses the municipality that serves a request: on a municipality's port its own; on a
   * continental port the one that the names say, or Default's.
   */
  public Municipality route(
      @Nullable String municipality, @Nullable String continent, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** Sends by names, signed by the counter wallet. */
  public TransferView send(SendRequest request, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** Receives or declines by name, signed by the counter wallet; each transfer for itself. */
  public Received receive(ReceiveRequest request, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** Executes what somebody signed: a send, a receive or a reject. */
  public TransferView submit(SignedOrder order, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** What is known of a transfer, with the names that this caller may see. */
  public TransferView transfer(TransferId id, Caller caller) {
    throw new UnsupportedOperationException();
  }

  public AccountView account(AccountId id, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** The account of a person, by name; the look-up is limited for each caller. */
  public AccountView account(
      String name, @Nullable String municipality, @Nullable String continent, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** An accepted order by the id that its client gave it. */
  public OrderView order(AccountId account, OrderId id, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** What waits, oldest first. */
  public List<PendingView> pending(PendingQuery query, Caller caller) {
    throw new UnsupportedOperationException();
  }
}
