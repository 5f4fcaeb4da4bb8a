package aika.cli;

import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.Node;
import aika.node.config.SinksFile;
import aika.sinks.Follower;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.analytics.AnalyticsSink;
import aika.sinks.analytics.Answer;
import aika.sinks.immudb.ImmudbArchive;
import aika.sinks.immudb.ImmudbSettings;
import aika.sinks.mongo.MongoReader;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Shows what each store of a demo holds of its transfer, or how to start one that is missing. */
final class DemoStores {
  private static final long WRITTEN_SECONDS_MAX = 20;
  private static final long POLL_MILLIS = 50;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final List<Integer> COLUMNS = List.of(10);

  /** In the order of a transfer's life; several may have the same time. */
  private static final List<String> STEPS =
      List.of(
          "send",
          "send_pending",
          "listed",
          "receive",
          "receive_pending",
          "complete",
          "rejected",
          "cancelled",
          "expired",
          "settled",
          "refunded");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final Node node;
  private final SinksFile file;
  private final TransferId transfer;
  private final Stop stop;
  private final Screen screen;
  private final StartHint hint = StartHint.ofThisMachine();

  DemoStores(Node node, SinksFile file, TransferId transfer, Stop stop, Screen screen) {
    this.node = node;
    this.file = file;
    this.transfer = transfer;
    this.stop = stop;
    this.screen = screen;
  }

  void show() throws InterruptedException {
    screen.line();
    screen.line("stores 保存先");
    for (SinksFile.Mongo mongo : file.mongo()) {
      if (written(mongo.settings().name(), () -> hint.mongo(MongoReader.port(mongo.settings())))) {
        mongo(mongo);
      }
    }
    for (ImmudbSettings immudb : file.immudb()) {
      if (written(immudb.name(), () -> hint.immudb(immudb.port()))) {
        immudb(immudb);
      }
    }
    if (file.analytics().isPresent() && written("analytics", () -> "")) {
      analytics();
    }
  }

  /** How a server that does not answer can be started. */
  private interface Hint {
    String command();
  }

  /** Waits until everything is in the store, or says why it is not. */
  private boolean written(String sink, Hint how) throws InterruptedException {
    Follower follower = node.sinks().find(sink).orElseThrow();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WRITTEN_SECONDS_MAX);
    SinkStatus status = follower.status();
    while (status.failure() == null
        && (status.state() != SinkStatus.State.FOLLOWING || status.lag() > 0)
        && System.nanoTime() < end
        && !stop.await(POLL_MILLIS)) {
      status = follower.status();
    }
    if (stop.asked()) {
      return false;
    }
    String failure = status.failure();
    if (failure == null && status.lag() == 0) {
      return true;
    }
    screen.row(COLUMNS, sink, failure == null ? status.lag() + " leaves behind / 遅れています" : failure);
    if (status.kind() == SinkException.Kind.TAMPERED) {
      screen.row(
          COLUMNS, "", "name another database in sinks.yaml / sinks.yaml で別のデータベースを指定してください");
    }
    if (status.kind() == SinkException.Kind.UNREACHABLE && !how.command().isEmpty()) {
      screen.row(COLUMNS, "", "start it / 起動するには: " + how.command());
      screen.row(COLUMNS, "", "the node writes everything there then / 起動すれば、すべて書かれます");
    }
    return false;
  }

  private void mongo(SinksFile.Mongo mongo) {
    String name = mongo.settings().name();
    if (!concerns(mongo.scope())) {
      screen.row(COLUMNS, name, "follows; nothing of this transfer belongs there / この送金は対象外です");
      return;
    }
    try (MongoReader reader = new MongoReader(mongo.settings())) {
      String transfers = reader.database() + ".transfers";
      Optional<Document> found = reader.transfer(transfer);
      if (found.isEmpty()) {
        screen.row(COLUMNS, name, transfers + " has no " + transfer);
        return;
      }
      screen.row(COLUMNS, name, transfers + " " + transfer + " " + found.get().getString("state"));
      screen.row(COLUMNS, "", history(found.get()));
    } catch (SinkException failed) {
      screen.row(COLUMNS, name, String.valueOf(failed.getMessage()));
    }
  }

  private static String history(Document transfer) {
    StringJoiner told = new StringJoiner(", ");
    Document history = transfer.get("history", new Document());
    for (String step : STEPS) {
      Document at = history.get(step, Document.class);
      if (at != null) {
        told.add(step + " " + TIME.format(at.getDate("time").toInstant()));
      }
    }
    return told.toString();
  }

  private boolean concerns(List<ChainId> scope) {
    return scope.contains(transfer.origin()) || scope.contains(Residents.KANAZAWA);
  }

  private void immudb(ImmudbSettings settings) {
    if (!concerns(settings.chains())) {
      return;
    }
    try (ImmudbArchive archive = new ImmudbArchive(settings)) {
      archive.open();
      String name = settings.name();
      for (ImmudbArchive.Found found : archive.get(transfer.toString())) {
        if (found.key().contains("/leaf/")) {
          continue; // the events say where they are
        }
        screen.row(COLUMNS, name, found.key() + " in immudb transaction " + found.transaction());
        name = "";
      }
      ImmudbArchive.Proof proof = archive.proof();
      screen.row(
          COLUMNS,
          name,
          "read back and proved up to transaction " + proof.transaction() + " / 読み戻して証明を確かめました");
    } catch (SinkException failed) {
      screen.row(COLUMNS, settings.name(), String.valueOf(failed.getMessage()));
    }
  }

  private void analytics() {
    AnalyticsSink sink = (AnalyticsSink) node.sinks().find("analytics").orElseThrow().sink();
    Answer answer =
        sink.reader()
            .query(
                "SELECT state, origin, destination, amount_minor FROM transfers WHERE id = '%s'"
                    .formatted(transfer),
                1,
                ANSWER_MAX);
    for (List<@Nullable Object> row : answer.rows()) {
      Money amount = Money.ofMinor(Long.parseLong(String.valueOf(row.get(3))));
      screen.row(
          COLUMNS,
          "analytics",
          "transfers %s %s  %s → %s  %s 愛貨"
              .formatted(transfer, row.get(0), row.get(1), row.get(2), amount));
    }
  }
}
