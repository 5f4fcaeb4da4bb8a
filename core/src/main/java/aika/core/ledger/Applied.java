package aika.core.ledger;

import java.util.List;

/** What became of a command. */
public sealed interface Applied {
  /** It became leaves; {@code writes} are the rows that change with them. */
  record Accepted(List<Entry> entries, List<Row> writes) implements Applied {
    public Entry first() {
      return entries.getFirst();
    }
  }

  /** The same order was accepted before, as leaf {@code index}; nothing changes. */
  record Repeated(long index) implements Applied {}

  /** Nothing changes. */
  record Refused(Refusal refusal) implements Applied {}

  static Applied refused(Reason reason, String detail) {
    return new Refused(new Refusal(reason, detail));
  }
}
