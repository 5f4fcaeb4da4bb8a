package aika.sinks.mongo;

import aika.core.money.TransferId;
import aika.sinks.SinkException;
import com.mongodb.ConnectionString;
import com.mongodb.MongoException;
import java.util.Optional;
import org.bson.Document;

/** Reads what is stored, to show it to people; the same connection string as the sink's counts. */
public final class MongoReader implements AutoCloseable {
  private static final int PORT = 27_017;

  private final Store store;

  /**
   * Does not wait for the server.
   *
   * @throws SinkException when the connection string or its {@code tlsCAFile} cannot be used
   */
  public MongoReader(MongoSettings settings) {
    store = MongoSink.store(settings);
  }

  /** Where the first server listens. */
  public static int port(MongoSettings settings) {
    String uri = Trust.without(settings.uri().value());
    String host = new ConnectionString(uri).getHosts().getFirst();
    int colon = host.lastIndexOf(':');
    return colon < 0 ? PORT : Integer.parseInt(host.substring(colon + 1));
  }

  public String database() {
    return store.name();
  }

  /**
   * @throws SinkException when the server cannot be asked
   */
  public Optional<Document> transfer(TransferId id) {
    try {
      return Optional.ofNullable(store.transfer(id.toString()));
    } catch (MongoException failed) {
      throw Failures.of(failed, store.cluster());
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
