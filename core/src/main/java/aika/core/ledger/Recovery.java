package aika.core.ledger;

import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a chain's recovery quorum decides when its representatives no longer can. The text of a C2SP
 * signed note; {@link #text()} and {@link #parse} are inverse to each other.
 *
 * <p>Specified in docs/spec/recovery.md.
 */
public sealed interface Recovery {
  String FIRST_LINE = "aika/recovery/v1";
  int REASON_CHARS_MAX = 200;

  /** The id of the federation that the decision is for. */
  String federation();

  ChainId chain();

  /** The term in which it is taken; so it cannot be taken again later. */
  long term();

  /** Why, for those who read the log. */
  String reason();

  /** Seats representatives in the place of those of {@code term}. */
  record Seat(String federation, ChainId chain, long term, List<VerifierKey> seats, String reason)
      implements Recovery {
    public Seat {
      Seats.distinct(seats);
      seats = new Seats(term + 1, seats).keys();
    }

    /** The set that is seated. */
    public Seats set() {
      return new Seats(term + 1, seats);
    }
  }

  /** Ends the chain, whose residents go on in the municipality that takes it over. */
  record Close(String federation, ChainId chain, long term, ChainId successor, String reason)
      implements Recovery {}

  default String text() {
    StringBuilder out = new StringBuilder(FIRST_LINE).append('\n');
    line(out, "federation", federation());
    line(out, "chain", chain());
    line(out, "kind", this instanceof Seat ? "seat" : "close");
    line(out, "term", term());
    switch (this) {
      case Seat seat -> seat.seats.forEach(key -> line(out, "seat", key.format()));
      case Close close -> line(out, "successor", close.successor);
    }
    line(out, "reason", reason());
    return out.toString();
  }

  private static void line(StringBuilder out, String key, Object value) {
    out.append(key).append(' ').append(value).append('\n');
  }

  /** Parses a signed text strictly; a {@link MalformedException} names the line at fault. */
  static Recovery parse(String text) {
    Fields in = Fields.of(text, FIRST_LINE);
    String federation = in.take("federation");
    ChainId chain = in.read("chain", ChainId::of);
    String kind = in.take("kind");
    long term = in.read("term", Decimal::parse);
    Recovery recovery =
        switch (kind) {
          case "seat" -> {
            List<VerifierKey> seats = new ArrayList<>();
            do {
              seats.add(in.read("seat", VerifierKey::parse));
            } while (seats.size() < Seats.SEATS_MAX && in.nextIs("seat"));
            yield seat(federation, chain, term, seats, reason(in));
          }
          case "close" -> {
            ChainId successor = in.read("successor", ChainId::of);
            yield new Close(federation, chain, term, successor, reason(in));
          }
          default -> throw new MalformedException("line 4: unknown kind of recovery");
        };
    in.end();
    return recovery;
  }

  private static Seat seat(
      String federation, ChainId chain, long term, List<VerifierKey> seats, String reason) {
    try {
      return new Seat(federation, chain, term, seats, reason);
    } catch (IllegalArgumentException notASet) {
      throw new MalformedException("seats: " + notASet.getMessage(), notASet);
    }
  }

  private static String reason(Fields in) {
    String reason = in.take("reason");
    if (reason.codePointCount(0, reason.length()) > REASON_CHARS_MAX) {
      throw new MalformedException("a reason has at most " + REASON_CHARS_MAX + " characters");
    }
    return reason;
  }
}
