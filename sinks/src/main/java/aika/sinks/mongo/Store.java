package aika.sinks.mongo;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.SinkException;
import com.mongodb.ConnectionString;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.connection.ClusterDescription;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The database: its collections, its indexes, and how a batch gets into them. */
final class Store implements AutoCloseable {
  private static final String DATABASE = "aika";
  private static final long SELECTION_SECONDS = 5;
  private static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 30;

  /** Of one command: few enough for a slow server to answer before the wait for it ends. */
  private static final int OPERATIONS_MAX = 100;

  private static final int DUPLICATE_KEY = 11_000;

  private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

  private final MongoClient client;
  private final MongoDatabase database;

  /**
   * Does not wait for the server.
   *
   * @throws IllegalArgumentException when the text is no connection string; its message may hold
   *     parts of the text
   * @throws SinkException REFUSED when it wants writes that nobody acknowledges
   * @throws IOException when the file of {@code tlsCAFile} cannot be read
   * @throws GeneralSecurityException when that file holds no certificates
   */
  Store(String connectionString) throws IOException, GeneralSecurityException {
    ConnectionString uri = new ConnectionString(Trust.without(connectionString));
    checkAcknowledged(uri);
    client = MongoClients.create(settings(uri, Trust.of(connectionString)));
    String name = uri.getDatabase();
    database = client.getDatabase(name == null ? DATABASE : name);
  }

  /** Else a cursor would pass what was never written. */
  private static void checkAcknowledged(ConnectionString uri) {
    WriteConcern wanted = uri.getWriteConcern();
    if (wanted != null && !wanted.isAcknowledged()) {
      throw new SinkException(
          SinkException.Kind.REFUSED,
          "the address asks for writes that the server does not acknowledge (w=0); leave w out",
          null);
    }
  }

  /** What the URI does not say: every wait ends, and what is confirmed is on disk. */
  private static MongoClientSettings settings(ConnectionString uri, Optional<SSLContext> trust) {
    MongoClientSettings.Builder settings = MongoClientSettings.builder().applyConnectionString(uri);
    trust.ifPresent(context -> settings.applyToSslSettings(ssl -> ssl.context(context)));
    if (uri.getServerSelectionTimeout() == null) {
      settings.applyToClusterSettings(
          cluster -> cluster.serverSelectionTimeout(SELECTION_SECONDS, TimeUnit.SECONDS));
    }
    if (uri.getConnectTimeout() == null) {
      settings.applyToSocketSettings(
          socket -> socket.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS));
    }
    if (uri.getSocketTimeout() == null && uri.getTimeout() == null) {
      settings.applyToSocketSettings(
          socket -> socket.readTimeout(ANSWER_SECONDS, TimeUnit.SECONDS));
    }
    if (uri.getWriteConcern() == null) {
      settings.writeConcern(WriteConcern.MAJORITY.withJournal(true));
    }
    return settings.build();
  }

  /** The transfer of this id as it is stored, or null. */
  @Nullable Document transfer(String id) {
    return transfers().find(Filters.eq("_id", id)).first();
  }

  String name() {
    return database.getName();
  }

  ClusterDescription cluster() {
    return client.getClusterDescription();
  }

  MongoCollection<Document> transfers() {
    return database.getCollection("transfers");
  }

  MongoCollection<Document> blocks() {
    return database.getCollection("blocks");
  }

  MongoCollection<Document> chains() {
    return database.getCollection("chains");
  }

  MongoCollection<Document> people() {
    return database.getCollection("people");
  }

  MongoCollection<Document> cursors() {
    return database.getCollection("cursors");
  }

  /** Makes the indexes that are missing [MONGO-12]. */
  void prepare() {
    String time = "history.send.time";
    for (Bson index :
        List.of(
            newestFirst(time, "sender.account"),
            newestFirst(time, "receiver.account"),
            newestFirst(time, "sender.municipality", "state"),
            newestFirst(time, "receiver.municipality", "state"),
            Indexes.ascending("state", "valid_until"),
            Indexes.ascending("client_id"))) {
      // One by one: FerretDB cannot be told of several when some of them are there.
      transfers().createIndex(index);
    }
    blocks().createIndex(Indexes.ascending("chain", "height"));
  }

  private static Bson newestFirst(String time, String... first) {
    return Indexes.compoundIndex(Indexes.ascending(first), Indexes.descending(time));
  }

  void drop() {
    for (MongoCollection<Document> one :
        List.of(cursors(), transfers(), blocks(), chains(), people())) {
      one.drop();
    }
  }

  /** The chains that have a cursor; unreadable names are left out. */
  Map<ChainId, Cursor> readCursors(Collection<ChainId> chains) {
    Map<ChainId, Cursor> cursors = new LinkedHashMap<>();
    for (Document found : cursors().find()) {
      String chain = found.getString("_id");
      chains.stream()
          .filter(one -> one.value().equals(chain))
          .forEach(one -> cursors.put(one, cursor(found)));
    }
    return cursors;
  }

  /** The hashes of the chains' first leaves, by chain. */
  Map<String, String> readFirstLeaves() {
    Map<String, String> found = new LinkedHashMap<>();
    for (Document cursor : cursors().find()) {
      found.put(cursor.getString("_id"), String.valueOf(cursor.getString("first")));
    }
    return found;
  }

  /** Before anything else of the chain is written. */
  void claim(ChainId chain, String first) {
    Document start = new Document("first", first).append("leaves", 0L).append("approved", 0L);
    cursors()
        .updateOne(Filters.eq("_id", chain.value()), new Document("$setOnInsert", start), UPSERT);
  }

  private static Cursor cursor(Document found) {
    Map<ChainId, Long> listed = new LinkedHashMap<>();
    Document sizes = found.get("listed", Document.class);
    if (sizes != null) {
      sizes.forEach((chain, size) -> listed.put(ChainId.of(chain), ((Number) size).longValue()));
    }
    return new Cursor(found.getLong("leaves"), found.getLong("approved"), listed);
  }

  /** Cursors never go back, whoever else writes this database [MONGO-10]. */
  void writeCursor(ChainId chain, Cursor cursor) {
    Document sizes = new Document("leaves", cursor.leaves()).append("approved", cursor.approved());
    cursor.listed().forEach((origin, size) -> sizes.append("listed." + origin, size));
    cursors().updateOne(Filters.eq("_id", chain.value()), new Document("$max", sizes), UPSERT);
  }

  /** Writes everything but the cursor. When it fails, some of it may be there. */
  void write(Batch batch, Map<AccountId, String> names) {
    write(transfers(), batch.transfers().values());
    write(blocks(), batch.blocks().values());
    write(chains(), batch.chains().values());
    List<WriteModel<Document>> models = new ArrayList<>();
    names.forEach(
        (account, name) -> models.add(upsert("" + account, setting(new Document("name", name)))));
    bulk(people(), models, models);
  }

  private static Document setting(Document values) {
    return new Document("$set", values);
  }

  /** A document that begins is inserted, which is the fastest. */
  private static void write(MongoCollection<Document> collection, Collection<Facts> all) {
    List<WriteModel<Document>> models = new ArrayList<>();
    List<WriteModel<Document>> updates = new ArrayList<>();
    for (Facts facts : all) {
      WriteModel<Document> update = upsert(facts.id(), facts.update());
      updates.add(update);
      models.add(facts.isBeginning() ? new InsertOneModel<>(facts.document()) : update);
    }
    bulk(collection, models, updates);
  }

  /**
   * "Many", although an id is one: FerretDB keeps a connection for each "one" of a command and
   * waits for ever at the hundredth. What the driver would repeat by itself, the follower repeats.
   */
  private static WriteModel<Document> upsert(String id, Document update) {
    return new UpdateManyModel<>(Filters.eq("_id", id), update, UPSERT);
  }

  /**
   * A duplicate key means that the document is there already: by another chain, from before a
   * crash, or by another node just now. Then it is tried the second way.
   */
  private static void bulk(
      MongoCollection<Document> collection,
      List<WriteModel<Document>> first,
      List<WriteModel<Document>> second) {
    for (int from = 0; from < first.size(); from += OPERATIONS_MAX) {
      int to = Math.min(from + OPERATIONS_MAX, first.size());
      command(collection, first.subList(from, to), second.subList(from, to));
    }
  }

  private static void command(
      MongoCollection<Document> collection,
      List<WriteModel<Document>> first,
      List<WriteModel<Document>> second) {
    try {
      collection.bulkWrite(first, UNORDERED);
    } catch (MongoBulkWriteException failed) {
      List<BulkWriteError> errors = failed.getWriteErrors();
      if (failed.getWriteConcernError() != null
          || !errors.stream().allMatch(error -> error.getCode() == DUPLICATE_KEY)) {
        throw failed;
      }
      collection.bulkWrite(
          errors.stream().map(error -> second.get(error.getIndex())).toList(), UNORDERED);
    }
  }

  void deleteNames(Collection<String> accounts) {
    if (!accounts.isEmpty()) {
      people().deleteMany(Filters.in("_id", accounts));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
