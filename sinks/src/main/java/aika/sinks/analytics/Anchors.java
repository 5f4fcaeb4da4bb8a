package aika.sinks.analytics;

import aika.core.money.ChainId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tables know about anchors, for one step of one chain. */
final class Anchors {
  /**
   * A continental leaf that listed the leaves from {@code first} below {@code size}.
   *
   * @param time ms since 1970
   */
  record Anchor(long first, long size, long time, long block, long leaf) {}

  private final List<Anchor> over;
  private final Map<String, Long> sizes;
  private int at;

  private Anchors(List<Anchor> over, Map<String, Long> sizes) {
    this.over = over;
    this.sizes = sizes;
  }

  /** For the leaves of {@code chain} from {@code from} below {@code to}. */
  static Anchors of(Connection connection, ChainId chain, long from, long to) throws SQLException {
    return chain.municipal()
        ? new Anchors(over(connection, chain, from, to), Map.of())
        : new Anchors(List.of(), sizes(connection, chain, from));
  }

  private static List<Anchor> over(Connection connection, ChainId chain, long from, long to)
      throws SQLException {
    List<Anchor> found = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT first_leaf, size, anchored_at, block, leaf FROM anchors"
                + " WHERE origin = ? AND size > ? AND first_leaf < ? AND chain = ? ORDER BY size")) {
      query.setString(1, chain.value());
      query.setLong(2, from);
      query.setLong(3, to);
      query.setString(4, chain.continent().value());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Anchor(
                  rows.getLong(1),
                  rows.getLong(2),
                  Times.millis(rows, 3),
                  rows.getLong(4),
                  rows.getLong(5)));
        }
      }
    }
    return found;
  }

  private static Map<String, Long> sizes(Connection connection, ChainId chain, long from)
      throws SQLException {
    Map<String, Long> found = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT origin, max(size) FROM anchors WHERE chain = ? AND leaf < ? GROUP BY origin")) {
      query.setString(1, chain.value());
      query.setLong(2, from);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), rows.getLong(2));
        }
      }
    }
    return found;
  }

  /** The anchor that listed this leaf, or null before; leaves are asked for in their order. */
  @Nullable Anchor over(long leaf) {
    while (at < over.size() && over.get(at).size <= leaf) {
      at++;
    }
    return at < over.size() && over.get(at).first <= leaf ? over.get(at) : null;
  }

  /** Notes an anchor of this size; returns the first leaf that it lists. */
  long list(ChainId origin, long size) {
    Long before = sizes.put(origin.value(), size);
    return before == null ? 0 : before;
  }
}
