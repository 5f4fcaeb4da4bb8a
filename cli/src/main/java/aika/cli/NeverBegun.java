package aika.cli;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.FederationException;
import aika.node.config.KeyFiles;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Of which silent chains it is known that they have never begun, so that nobody at their gateways
 * can have seen anything [NBR-8]. Doubt counts against it: what is not known is silent.
 */
final class NeverBegun {
  private final NodeHome home;
  private final KeyFiles keys;

  NeverBegun(NodeHome home) {
    this.home = home;
    keys = home.keys();
  }

  /**
   * @param silent chains whose gateways do not answer
   * @param lost chains that are to be built again: they have begun
   * @param isShown whether anybody may show a checkpoint of a chain
   */
  Set<ChainId> among(
      Collection<ChainId> silent, Collection<ChainId> lost, Predicate<ChainId> isShown) {
    List<Chain> unused =
        home.federation().chains().filter(chain -> keys.mayBegin(chain.id())).toList();
    boolean old = // these keys are a copy from before: what they say of others may be old too
        unused.stream().anyMatch(chain -> lost.contains(chain.id()) || isShown.test(chain.id()));
    return old
        ? Set.of()
        : unused.stream()
            .filter(chain -> silent.contains(chain.id()) && hasItsKey(chain) && !isHere(chain))
            .map(Chain::id)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The right to begin is nothing without the key with which the chain would begin. */
  private boolean hasItsKey(Chain chain) {
    try {
      return keys.log(chain).key().equals(chain.log());
    } catch (FederationException missing) {
      return false;
    }
  }

  /** A first start that was cut off may have written already. */
  private boolean isHere(Chain chain) {
    return Files.exists(home.node(chain.id().value()).resolve("shard"));
  }
}
