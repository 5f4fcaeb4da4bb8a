package aika.cli.doctor;

import aika.core.ledger.Reason;
import aika.core.log.Hash;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** What came from the place where a chain's gateway should be. */
sealed interface Voice {
  URI gateway();

  /** Nobody answered. */
  record Away(URI gateway, String why) implements Voice {}

  /** Somebody answered who does not serve this chain. */
  record Stranger(URI gateway) implements Voice {}

  /**
   * One of several machines of a node, which lets another one answer.
   *
   * @param leader the machine that leads; empty while none is known
   */
  record StandsBy(URI gateway, Optional<String> leader) implements Voice {}

  /**
   * The chain's node.
   *
   * @param ordering whether the node's ordering works
   * @param reason why it does not, if the node says so
   * @param status of the chain: {@code up}, {@code busy}, {@code halted}
   * @param ahead ms by which its clock is ahead of this machine's; half a second more or less
   * @param began SHA-256 of the federation file with which the chain began
   */
  record Node(
      URI gateway,
      boolean ordering,
      Optional<Reason> reason,
      String status,
      long leaves,
      long approved,
      OptionalLong ahead,
      Optional<Hash> began)
      implements Voice {
    boolean isWell() {
      return ordering && status.equals("up");
    }
  }
}
