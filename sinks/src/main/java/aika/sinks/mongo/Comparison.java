package aika.sinks.mongo;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.sinks.Progress;
import aika.sinks.Source;
import aika.sinks.Verification;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Compares the store with the logs, in two passes, so that it needs little memory however much
 * there is: what the logs say up to the cursors must be in the documents, and what is in the
 * documents must be said by the leaves that they name. It may run beside the sink.
 */
final class Comparison {
  /** So many documents with faults are remembered, so that each is counted once. */
  private static final int REMEMBERED_MAX = 100_000;

  private static final int REPORT_EVERY_DOCUMENTS = 1_000;

  private final Store store;
  private final Source source;
  private final Reading reading;
  private final People people;
  private final Verification.Watcher watcher;
  private final Set<String> faulty = new HashSet<>();
  private final List<String> examples = new ArrayList<>();
  private long compared;
  private long faults;
  private long done;
  private long total;

  Comparison(
      Store store, Source source, Reading reading, People people, Verification.Watcher watcher) {
    this.store = store;
    this.source = source;
    this.reading = reading;
    this.people = people;
    this.watcher = watcher;
  }

  Verification run() {
    Map<ChainId, Cursor> cursors = store.readCursors(source.chains());
    total =
        cursors.values().stream().mapToLong(Cursor::leaves).sum()
            + store.transfers().estimatedDocumentCount()
            + store.blocks().estimatedDocumentCount();
    cursors.forEach(this::logs);
    for (Document transfer : store.transfers().find()) {
      transfer(transfer);
      step(1);
    }
    for (Document block : store.blocks().find()) {
      block(block);
      step(1);
    }
    for (Document chain : store.chains().find()) {
      chain(chain);
    }
    for (Document person : store.people().find()) {
      compared++;
      String wrong = people.fault(person);
      if (wrong != null) {
        fault("people " + person.get("_id"), wrong);
      }
    }
    watcher.compared(total, total);
    return new Verification(compared, faults, examples);
  }

  private void step(long things) {
    long before = done;
    done = Math.min(done + things, total);
    if (before / REPORT_EVERY_DOCUMENTS != done / REPORT_EVERY_DOCUMENTS) {
      watcher.compared(done, total);
    }
  }

  private void fault(String where, String what) {
    if (faulty.size() < REMEMBERED_MAX && !faulty.add(where)) {
      return;
    }
    faults++;
    if (examples.size() < Verification.EXAMPLES_MAX) {
      examples.add(where + ": " + what);
    }
  }

  /** What the log of this chain says must be in the store. */
  private void logs(ChainId chain, Cursor cursor) {
    compared++;
    String where = "cursors " + chain;
    Progress there =
        new Progress(source.size(chain), Math.min(source.size(chain), source.approvedSize(chain)));
    if (cursor.leaves() > there.leaves() || cursor.approved() > there.approved()) {
      fault(where, cursor.progress() + " is more than the chain has, " + there);
    }
    long leaves = Math.min(cursor.leaves(), there.leaves());
    Progress limit =
        new Progress(leaves, Math.min(leaves, Math.min(cursor.approved(), there.approved())));
    Cursor at = Cursor.START;
    Cursor last;
    do {
      last = at;
      Batch batch = new Batch();
      at = reading.step(chain, at, limit, source::size, batch);
      holds("transfers ", store.transfers(), batch.transfers());
      holds("blocks ", store.blocks(), batch.blocks());
      holds("chains ", store.chains(), batch.chains());
      step(at.leaves() - last.leaves());
    } while (!at.equals(last));
    listed(where, chain, cursor, at);
  }

  /** An anchor that is being written may have listed a part of what it lists. */
  private void listed(String where, ChainId chain, Cursor stored, Cursor expected) {
    Map<ChainId, Long> most = new HashMap<>(expected.listed());
    if (stored.leaves() < source.size(chain)
        && source.entry(chain, stored.leaves()).leaf() instanceof Leaf.Recorded anchor) {
      most.merge(anchor.origin(), anchor.size(), Math::max);
    }
    for (ChainId origin : source.chains()) {
      long least = expected.listed().getOrDefault(origin, 0L);
      long listed = stored.listed().getOrDefault(origin, 0L);
      if (listed < least || listed > most.getOrDefault(origin, 0L)) {
        fault(where, "listed." + origin + " is " + listed + " instead of " + least);
      }
    }
  }

  private void holds(
      String kind, MongoCollection<Document> collection, Map<String, Facts> expected) {
    if (expected.isEmpty()) {
      return;
    }
    Map<String, Document> stored = new HashMap<>();
    for (Document document : collection.find(Filters.in("_id", expected.keySet()))) {
      stored.put(document.getString("_id"), document);
    }
    for (Facts facts : expected.values()) {
      Document document = stored.get(facts.id());
      if (document == null) {
        compared++;
        fault(kind + facts.id(), "is missing");
      } else {
        holds(kind + facts.id(), Facts.flat(document), facts);
      }
    }
  }

  private void holds(String where, Map<String, Object> stored, Facts facts) {
    facts.values().forEach((path, value) -> equal(where, path, stored.get(path), value));
    facts
        .highest()
        .forEach((path, value) -> {
          Object found = stored.get(path);
          if (found == null || number(found) < number(value)) {
            fault(where, path + " is " + found + " instead of " + value);
          }
        });
    State state = facts.state();
    if (state != null && number(stored.get("rank")) < state.rank()) {
      fault(where, "state is " + stored.get("state") + " instead of " + state.text());
    }
  }

  private static long number(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.longValue();
      case Instant time -> time.toEpochMilli();
      case null, default -> -1;
    };
  }

  private void equal(String where, String path, @Nullable Object found, Object expected) {
    if (!expected.equals(found)) {
      fault(where, path + " is " + (found == null ? "missing" : found + " instead of " + expected));
    }
  }

  /** What is in a transfer's document must be said by the leaves that it names. */
  private void transfer(Document document) {
    compared++;
    String where = "transfers " + document.get("_id");
    TransferId id;
    try {
      id = TransferId.of(String.valueOf(document.get("_id")));
    } catch (MalformedException noTransfer) {
      fault(where, "is not a transfer: " + noTransfer.getMessage());
      return;
    }
    Map<String, Object> stored = Facts.flat(document);
    Batch batch = new Batch();
    boolean all = leaf(id.origin().value(), id.index(), id, batch);
    for (String key : keys(document)) {
      Object leaf = stored.get("history." + key + ".leaf");
      all &= leaf(stored.get("history." + key + ".chain"), leaf, id, batch);
    }
    Facts said = batch.transfers().get(id.toString());
    if (said != null) {
      said(where, stored, said, all);
    } else if (all) {
      fault(where, "no leaf tells of it");
    }
    state(where, stored);
  }

  private static Collection<String> keys(Document document) {
    return document.get("history") instanceof Document history ? history.keySet() : List.of();
  }

  /**
   * Adds what this leaf says.
   *
   * @return false when its chain is not here, so that another node wrote it and must judge it
   */
  private boolean leaf(
      @Nullable Object chain, @Nullable Object leaf, TransferId about, Batch batch) {
    for (ChainId one : source.chains()) {
      if (one.value().equals(chain)) {
        if (leaf instanceof Long index && index >= 0 && index < source.size(one)) {
          reading.leaf(one, index, about, batch);
        }
        return true;
      }
    }
    return !(chain instanceof String);
  }

  /**
   * @param all whether everything that may say something is here
   */
  private void said(String where, Map<String, Object> stored, Facts said, boolean all) {
    Map<String, Object> expected = new LinkedHashMap<>(said.values());
    expected.putAll(said.highest());
    stored.forEach((path, value) -> {
      Object wanted = expected.get(path);
      if (wanted != null) {
        equal(where, path, value, wanted);
      } else if (all && !path.equals("_id") && !path.equals("state") && !path.equals("rank")) {
        fault(where, path + " is " + value + ", which no leaf says");
      }
    });
  }

  /** The state is the highest that the history tells of [MONGO-6]. */
  private void state(String where, Map<String, Object> stored) {
    State highest = null;
    for (State state : State.values()) {
      if (stored.containsKey("history." + state.text() + ".time")
          && (highest == null || highest.rank() < state.rank())) {
        highest = state;
      }
    }
    if (highest != null) {
      equal(where, "state", stored.get("state"), highest.text());
      equal(where, "rank", stored.get("rank"), highest.rank());
    }
  }

  private void block(Document document) {
    compared++;
    String where = "blocks " + document.get("_id");
    ChainId chain = ours(document.get("chain"));
    if (chain == null) {
      if (ours(String.valueOf(document.get("_id")).split(":", -1)[0]) != null) {
        fault(where, "chain is " + document.get("chain"));
      }
      return;
    }
    Batch batch = new Batch();
    if (document.get("size") instanceof Long size && size > 0 && size <= source.size(chain)) {
      reading.leaf(chain, size - 1, null, batch);
    }
    Facts said = batch.blocks().get(String.valueOf(document.get("_id")));
    if (said == null) {
      fault(where, "no leaf tells of it");
    } else {
      said(where, Facts.flat(document), said, true);
    }
  }

  /** A chain that is here and in the scope. */
  private @Nullable ChainId ours(@Nullable Object name) {
    for (ChainId chain : source.chains()) {
      if (chain.value().equals(name) && reading.isInScope(chain)) {
        return chain;
      }
    }
    return null;
  }

  private void chain(Document document) {
    compared++;
    ChainId chain = ours(document.get("_id"));
    if (chain == null) {
      return;
    }
    String where = "chains " + chain;
    long leaves = number(document.get("leaves"));
    long approved = number(document.get("approved"));
    if (leaves < approved || leaves > source.size(chain) || approved > source.approvedSize(chain)) {
      fault(where, "leaves " + leaves + ", approved " + approved + " are not the chain's");
      return;
    }
    Batch batch = new Batch();
    Reading.summary(chain, new Cursor(leaves, approved, Map.of()), batch);
    Facts said = batch.chain(chain);
    Event.Sealed last = lastSeal(chain, leaves);
    if (last != null) {
      said.atLeast("height", last.height())
          .atLeast("last_block", Instant.ofEpochMilli(last.time()));
    }
    said(where, Facts.flat(document), said, true);
  }

  /** The last seal within so many leaves; a block is short, so it is not far. */
  private Event.@Nullable Sealed lastSeal(ChainId chain, long leaves) {
    for (long leaf = leaves - 1; leaf >= 0; leaf--) {
      Entry entry = source.entry(chain, leaf);
      if (entry.leaf() instanceof Leaf.Sealed sealed) {
        return new Event.Sealed(sealed.time(), sealed.height(), sealed.first());
      }
    }
    return null;
  }
}
