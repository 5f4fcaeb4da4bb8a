package aika.sinks.immudb;

import aika.proto.immudb.CreateDatabaseRequest;
import aika.proto.immudb.DatabaseNullableSettings;
import aika.proto.immudb.DeleteDatabaseRequest;
import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.NullableBool;
import aika.proto.immudb.NullableMilliseconds;
import aika.proto.immudb.UnloadDatabaseRequest;
import aika.sinks.SinkException;
import com.google.protobuf.Empty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archive's database as an administrator sees it: there or not, made and dropped. */
final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(ImmudbClient.class);

  /** Always there; a session on it can make other databases. */
  private static final String FIRST_DATABASE = "defaultdb";

  /** There is no other writer to wait for; what a commit returns is synced in any case. */
  private static final long SYNC_MILLIS = 1;

  private final ImmudbSettings settings;

  Database(ImmudbSettings settings) {
    this.settings = settings;
  }

  /** Opens a session on it; false when there is no such database. */
  boolean enter(Connection on) {
    try {
      enter(on, settings.database());
      return true;
    } catch (SinkException failed) {
      if (Failures.databaseIsMissing(failed)) {
        return false;
      }
      throw failed;
    }
  }

  private void enter(Connection on, String database) {
    on.openSession(settings.user(), settings.password().value(), database);
  }

  /** Makes it and opens a session on it. */
  void make(Connection on) {
    CreateDatabaseRequest request =
        CreateDatabaseRequest.newBuilder()
            .setName(settings.database())
            .setIfNotExists(true)
            .setSettings(
                DatabaseNullableSettings.newBuilder()
                    .setSyncFrequency(NullableMilliseconds.newBuilder().setValue(SYNC_MILLIS))
                    .setEmbeddedValues(NullableBool.newBuilder().setValue(true)))
            .build();
    try {
      enter(on, FIRST_DATABASE);
      on.call(stub -> stub.createDatabaseV2(request));
      enter(on, settings.database());
    } catch (SinkException failed) {
      if (failed.kind() != SinkException.Kind.REFUSED) {
        throw failed;
      }
      throw new SinkException(
          failed.kind(),
          "the database " + settings.database() + " is missing and this user may not make it",
          failed);
    }
    LOG.info("{}: made the database {}", settings.name(), settings.database());
  }

  /**
   * What it is now, as the server says.
   *
   * @throws SinkException FAILED when it was deleted: a server lets nobody use it then, but keeps
   *     its name until it is started again
   */
  ImmutableState state(Connection on) {
    try {
      return on.call(stub -> stub.currentState(Empty.getDefaultInstance()));
    } catch (SinkException failed) {
      if (!Failures.databaseIsMissing(failed)) {
        throw failed;
      }
      throw new SinkException(
          failed.kind(),
          "the database "
              + settings.database()
              + " was deleted: restart immudb, then it is made again",
          failed.getCause());
    }
  }

  /** Deletes it; nothing when it is not there or empty. */
  void drop(Connection on) {
    if (!enter(on)) {
      return;
    }
    try {
      if (state(on).getTxId() == 0) {
        return;
      }
    } catch (SinkException failed) {
      if (Failures.databaseIsMissing(failed)) {
        return;
      }
      throw failed;
    }
    String name = settings.database();
    on.call(
        stub -> stub.unloadDatabase(UnloadDatabaseRequest.newBuilder().setDatabase(name).build()));
    on.call(
        stub -> stub.deleteDatabase(DeleteDatabaseRequest.newBuilder().setDatabase(name).build()));
    LOG.info("{}: deleted the database {}", settings.name(), name);
  }
}
