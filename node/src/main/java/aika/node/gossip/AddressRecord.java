package aika.node.gossip;

import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.mirror.Addresses;
import java.net.URI;
import java.util.List;

/**
 * Where a chain's gateway is: the text of a C2SP signed note, signed with the chain's log key
 * [GOS-5].
 *
 * @param time when it was said, ms; what was said later counts
 */
record AddressRecord(String federation, ChainId chain, URI gateway, long time) {
  private static final String FIRST = "aika/address/v1";
  private static final int LINES = 5;

  /** A node that is there has said it anew since; an old one could be somebody else's by now. */
  private static final long AGE_MILLIS_MAX = 3_600_000;

  /** Whether it is believed at a time, ms since 1970. */
  boolean isBelievedAt(long now) {
    return time - now <= Gossip.CLOCK_MILLIS_MAX && now - time <= AGE_MILLIS_MAX;
  }

  String text() {
    List<String> lines =
        List.of(
            FIRST,
            "federation " + federation,
            "chain " + chain,
            "gateway " + gateway,
            "time " + Timestamp.millis(time));
    return String.join("\n", lines) + '\n';
  }

  SignedNote sign(HeldKey key) {
    return SignedNote.sign(text(), key.key().name(), Ed25519.TYPE, key.signer());
  }

  /**
   * @throws MalformedException when it is none, naming the line
   */
  static AddressRecord parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != LINES + 1 || !lines[LINES].isEmpty() || !lines[0].equals(FIRST)) {
      throw new MalformedException("not a record of " + LINES + " lines that begins " + FIRST);
    }
    return new AddressRecord(
        after("federation", lines[1]),
        ChainId.of(after("chain", lines[2])),
        Addresses.gateway(after("gateway", lines[3])),
        Timestamp.parseMillis(after("time", lines[4])));
  }

  private static String after(String key, String line) {
    if (!line.startsWith(key + ' ')) {
      throw new MalformedException("a line begins with " + key);
    }
    return line.substring(key.length() + 1);
  }
}
