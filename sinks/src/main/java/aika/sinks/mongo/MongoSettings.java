package aika.sinks.mongo;

import aika.core.money.ChainId;
import aika.sinks.Secret;
import java.util.List;

/**
 * One MongoDB database.
 *
 * @param name for people, metrics and logs: {@code mongo Asia}
 * @param uri MongoDB connection string; it may hold a password, so it is never shown
 * @param scope chains whose transfers are kept there: those that one of them sends or receives
 */
public record MongoSettings(String name, Secret uri, List<ChainId> scope) {
  public MongoSettings {
    scope = List.copyOf(scope);
  }
}
