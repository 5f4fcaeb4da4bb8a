package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * A continent and its main chain.
 *
 * @param isDefault whether it serves requests that name no known continent
 */
public record Continent(
    ChainId id,
    DisplayName name,
    int http,
    OptionalInt node,
    OptionalInt mongo,
    boolean isDefault,
    VerifierKey log,
    List<Seat> representatives,
    Optional<Directory.Quorum> recovery)
    implements Chain {

  public Continent {
    representatives = List.copyOf(representatives);
  }

  Continent shifted(IntUnaryOperator shift) {
    return new Continent(
        id,
        name,
        shift.applyAsInt(http),
        Ports.shifted(node, shift),
        Ports.shifted(mongo, shift),
        isDefault,
        log,
        representatives,
        recovery);
  }
}
