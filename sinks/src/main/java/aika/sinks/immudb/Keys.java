package aika.sinks.immudb;

import aika.core.follow.Event;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.Optional;

/**
 * The names of what is archived [IMMU-1 … IMMU-4]. Digits are padded, so that keys sort as numbers.
 */
final class Keys {
  /** Every key of the archive begins so; other keys of the database are not looked at. */
  static final String OURS = "aika/";

  private Keys() {}

  /** Where a leaf stands. */
  record Place(ChainId chain, long index) {}

  static String block(ChainId chain, long height) {
    return blocks(chain) + "%012d".formatted(height);
  }

  static String blocks(ChainId chain) {
    return OURS + chain + "/block/";
  }

  static String leaf(ChainId chain, long index) {
    return leaves(chain) + digits(index);
  }

  private static String leaves(ChainId chain) {
    return OURS + chain + "/leaf/";
  }

  private static String digits(long index) {
    return "%016d".formatted(index);
  }

  /** Everything about a transfer. */
  static String transfer(TransferId id) {
    return OURS + "transfer/" + id + "/";
  }

  /** The key of an event of a transfer, of which each happens once; empty for other events. */
  static Optional<String> event(Event event, long index) {
    return switch (event) {
      case Event.Sent sent -> Optional.of(transfer(sent.transfer()) + "sent");
      case Event.Decided decided ->
          Optional.of(transfer(decided.transfer()) + decided.kind().text());
      case Event.Ended ended -> Optional.of(transfer(ended.transfer()) + "settled");
      // A sender may ask more than once.
      case Event.CancelAsked asked ->
          Optional.of(transfer(asked.transfer()) + "cancel-asked/" + digits(index));
      case Event.Opened opened -> Optional.empty();
      case Event.Issued issued -> Optional.empty();
      case Event.Changed changed -> Optional.empty();
      case Event.Recorded recorded -> Optional.empty();
      case Event.Sealed sealed -> Optional.empty();
    };
  }

  /** Which leaf this is the key of, if it is one. */
  static Optional<Place> leaf(String key) {
    return place(key, "/leaf/");
  }

  /** The chain and the height that this is the block key of, if it is one. */
  static Optional<Place> block(String key) {
    return place(key, "/block/");
  }

  private static Optional<Place> place(String key, String kind) {
    int end = key.indexOf(kind);
    if (!key.startsWith(OURS) || end < OURS.length()) {
      return Optional.empty();
    }
    try {
      ChainId chain = ChainId.of(key.substring(OURS.length(), end));
      String digits = key.substring(end + kind.length());
      int zeros = 0;
      while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
        zeros++;
      }
      Place place = new Place(chain, Decimal.parse(digits.substring(zeros)));
      boolean exact =
          key.equals(kind.equals("/leaf/") ? leaf(chain, place.index) : block(chain, place.index));
      return exact ? Optional.of(place) : Optional.empty();
    } catch (MalformedException other) {
      return Optional.empty();
    }
  }
}
