package aika.node.config;

/** Where a request goes, or why nowhere. */
public sealed interface Route {
  /** The chain that serves the request. */
  record To(Continent continent, Municipality municipality) implements Route {}

  /**
   * The continent is known, the municipality is not.
   *
   * @param municipality as the request names it; empty when it names none
   */
  record NoMunicipality(Continent continent, String municipality) implements Route {}

  /** The municipality's name begins with another known continent than the request's. */
  record Contradiction(String municipality, String continent) implements Route {}
}
