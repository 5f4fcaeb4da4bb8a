package aika.sinks.immudb;

import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.note.Utf8;
import aika.proto.immudb.NamedParam;
import aika.proto.immudb.Row;
import aika.proto.immudb.SQLValue;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The archived leaves once more as rows of an SQL table, for the console's SQL page [IMMU-14]. */
final class LeafTable {
  private static final String TABLE = "aika_leaves";

  /** A row takes two entries of the at most 1,024 of a transaction. */
  private static final int ROWS_MAX = 250;

  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE
          + " (chain VARCHAR[64], leaf INTEGER, block INTEGER, kind VARCHAR[16],"
          + " ordered TIMESTAMP, entry VARCHAR, PRIMARY KEY (chain, leaf))";

  private final ImmudbClient client;

  LeafTable(ImmudbClient client) {
    this.client = client;
  }

  void create() {
    client.execute(CREATE, List.of());
  }

  void write(Source source, Block block) {
    for (long from = block.first(); from < block.size(); from += ROWS_MAX) {
      long to = Math.min(block.size(), from + ROWS_MAX);
      StringBuilder rows = new StringBuilder();
      List<NamedParam> params = new ArrayList<>();
      params.add(param("chain", text(block.chain().value())));
      params.add(param("block", number(block.height())));
      for (long index = from; index < to; index++) {
        long n = index - from;
        Entry entry = source.entry(block.chain(), index);
        rows.append(n == 0 ? "" : ", ").append("(@chain, @l").append(n);
        rows.append(", @block, @k").append(n).append(", @t").append(n);
        rows.append(", @e").append(n).append(')');
        params.add(param("l" + n, number(index)));
        params.add(param("k" + n, text(LeafText.kind(entry.leaf()))));
        params.add(param("t" + n, time(entry.leaf().time())));
        params.add(param("e" + n, text(leaf(entry))));
      }
      client.execute(
          "UPSERT INTO " + TABLE + " (chain, leaf, block, kind, ordered, entry) VALUES " + rows,
          params);
    }
  }

  /** Tells {@code fault} of every leaf of the block that has no such row. */
  void compare(Source source, Block block, Consumer<String> fault) {
    for (long from = block.first(); from < block.size(); from += ROWS_MAX) {
      long to = Math.min(block.size(), from + ROWS_MAX);
      Map<Long, String> found = new HashMap<>();
      for (Row row :
          client.query(
              "SELECT leaf, entry FROM "
                  + TABLE
                  + " WHERE chain = @chain AND leaf >= @from AND leaf < @to",
              List.of(
                  param("chain", text(block.chain().value())),
                  param("from", number(from)),
                  param("to", number(to))))) {
        found.put(row.getValues(0).getN(), row.getValues(1).getS());
      }
      for (long index = from; index < to; index++) {
        if (!leaf(source.entry(block.chain(), index)).equals(found.get(index))) {
          fault.accept(
              "row " + block.chain() + ", " + index + " of " + TABLE + " is not the log's");
        }
      }
    }
  }

  private static String leaf(Entry entry) {
    return Utf8.decode(entry.bytes(), 0, entry.bytes().length);
  }

  private static NamedParam param(String name, SQLValue value) {
    return NamedParam.newBuilder().setName(name).setValue(value).build();
  }

  private static SQLValue text(String text) {
    return SQLValue.newBuilder().setS(text).build();
  }

  private static SQLValue number(long number) {
    return SQLValue.newBuilder().setN(number).build();
  }

  private static SQLValue time(long millis) {
    return SQLValue.newBuilder().setTs(Math.multiplyExact(millis, 1_000L)).build();
  }
}
