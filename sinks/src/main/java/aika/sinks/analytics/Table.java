package aika.sinks.analytics;

import java.util.Locale;

/** The tables that rows are loaded into. */
enum Table {
  NEW_SENDS(
      "transfers",
      "origin, leaf, destination, client_id, sender, receiver, amount_minor, requested_at,"
          + " sent_at, sent_day, sent_hour, sent_block, valid_until, listed_at, listed_block,"
          + " listed_leaf"),
  NEW_DECISIONS(
      "transfers",
      "origin, leaf, destination, state, receiver, amount_minor, answered_at, decided_at,"
          + " decided_block, decided_leaf, completed_at, done_day"),
  NEW_ENDS("transfers", "origin, leaf, ended_at, ended_block, ended_leaf"),
  NEW_LISTED("transfers", "origin, sent_block, listed_at, listed_block, listed_leaf"),
  ACCOUNTS("accounts", "account, chain, opened_at, opened_day, block, leaf"),
  ISSUES("issues", "account, chain, amount_minor, issued_at, issued_day, block, leaf"),
  BLOCKS("blocks", "chain, height, first_leaf, leaf, leaves, sealed_at, sealed_day, approved_at"),
  ANCHORS("anchors", "chain, leaf, block, origin, first_leaf, size, anchored_at"),
  PEOPLE("people", "account, name");

  private final String base;
  private final String columns;

  Table(String base, String columns) {
    this.base = base;
    this.columns = columns;
  }

  /** Its name in SQL. */
  String sql() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The table that its columns are those of; another one when rows are merged. */
  String base() {
    return base;
  }

  /** Its columns in the order in which {@link Rows} takes them. */
  String columns() {
    return columns;
  }

  /** Rows wait here, for the length of a step, to be merged. */
  boolean staging() {
    return name().startsWith("NEW_");
  }
}
