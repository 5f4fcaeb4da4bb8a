package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Continent;
import aika.node.config.Federation;
import aika.node.config.Municipality;
import aika.node.config.Route;
import org.jspecify.annotations.Nullable;

/** Chooses the municipality that serves a request (docs/spec/http.md, HTTP-10 to HTTP-14). */
final class Routing {
  private final Federation federation;

  Routing(Federation federation) {
    this.federation = federation;
  }

  /** The municipality of the person who acts: a municipality's port serves its own people only. */
  Municipality acting(@Nullable String municipality, @Nullable String continent, Caller caller) {
    return switch (caller.at()) {
      case Continent any -> to(federation.route(municipality, continent));
      case Municipality own -> {
        Municipality named = to(federation.route(orElse(municipality, own.id()), continent));
        if (!named.id().equals(own.id())) {
          throw RefusedException.of(
              Reason.WRONG_CHAIN, "this port serves " + own.id() + ", not " + named.id());
        }
        yield own;
      }
    };
  }

  /** The municipality of the other side, which may be any. */
  Municipality other(@Nullable String municipality, Caller caller) {
    return other(municipality, null, caller);
  }

  Municipality other(@Nullable String municipality, @Nullable String continent, Caller caller) {
    boolean said = municipality != null && !municipality.isBlank();
    if (said || continent != null && !continent.isBlank()) {
      return to(federation.route(municipality, continent));
    }
    return switch (caller.at()) {
      case Municipality own -> own;
      case Continent any ->
          throw RefusedException.of(Reason.MALFORMED, "the receiver's municipality is missing");
    };
  }

  /** Refuses an order that this port does not serve. */
  void check(ChainId chain, Caller caller) {
    Chain at = caller.at();
    if (at instanceof Municipality && !at.id().equals(chain)) {
      throw RefusedException.of(
          Reason.WRONG_CHAIN, "this port serves " + at.id() + ", not " + chain);
    }
  }

  private static Municipality to(Route route) {
    return switch (route) {
      case Route.To to -> to.municipality();
      case Route.NoMunicipality none ->
          throw RefusedException.of(
              Reason.UNKNOWN_CHAIN,
              none.municipality().isEmpty()
                  ? "which municipality of " + none.continent().id() + " is not said"
                  : Shown.of(none.municipality()) + " is none of " + none.continent().id());
      case Route.Contradiction contradiction ->
          throw RefusedException.of(
              Reason.CONTINENT_CONTRADICTS,
              Shown.of(contradiction.municipality())
                  + " is not in "
                  + Shown.of(contradiction.continent()));
    };
  }

  private static String orElse(@Nullable String municipality, ChainId own) {
    return municipality == null || municipality.isBlank() ? own.value() : municipality;
  }
}
