package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * A municipality and its chain.
 *
 * @param issuers Ed25519 keys, two or more; two different ones sign an {@code issue}
 * @param registrars Ed25519 keys, one or more; one of them countersigns an {@code open-account}
 */
public record Municipality(
    ChainId id,
    DisplayName name,
    int http,
    OptionalInt node,
    OptionalInt mongo,
    List<VerifierKey> issuers,
    List<VerifierKey> registrars,
    VerifierKey log,
    List<Seat> representatives,
    Optional<Directory.Quorum> recovery)
    implements Chain {

  public Municipality {
    issuers = List.copyOf(issuers);
    registrars = List.copyOf(registrars);
    representatives = List.copyOf(representatives);
  }

  Municipality shifted(IntUnaryOperator shift) {
    return new Municipality(
        id,
        name,
        shift.applyAsInt(http),
        Ports.shifted(node, shift),
        Ports.shifted(mongo, shift),
        issuers,
        registrars,
        log,
        representatives,
        recovery);
  }
}
