package aika.node.neighbour;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import aika.node.register.Memo;
import aika.node.register.PersonName;
import java.util.List;

/**
 * What a node asks in the name of a chain that it serves: the text of a C2SP signed note, signed
 * with that chain's log key (docs/spec/neighbours.md).
 *
 * @param time when it was asked, ms; others cannot use it much later
 */
record Question(String federation, ChainId from, ChainId to, long time, About about) {
  private static final String FIRST = "aika/question/v1";
  private static final int LINES = 6;

  /** What it is about. */
  sealed interface About {
    /** Whose account is this name? */
    record Person(PersonName name) implements About {}

    /** Can this account receive: is it open, or kept for somebody? */
    record Account(AccountId account) implements About {}

    /** What is this party of a transfer between the two called? */
    record Party(TransferId transfer, AccountId account) implements About {}

    /** Keep this text for the receiver of a transfer that is about to be ordered. */
    record Keep(Memo memo) implements About {}
  }

  String text() {
    String what =
        switch (about) {
          case About.Person person -> "person " + base64(person.name().value());
          case About.Account account -> "account " + account.account();
          case About.Party party -> "party " + party.transfer() + ' ' + party.account();
          case About.Keep keep -> "keep " + keep.memo().salt() + ' ' + base64(keep.memo().text());
        };
    List<String> lines =
        List.of(
            FIRST,
            "federation " + federation,
            "from " + from,
            "to " + to,
            "time " + Timestamp.millis(time),
            what);
    return String.join("\n", lines) + '\n';
  }

  /**
   * @throws MalformedException when it is no question, naming the line
   */
  static Question parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != LINES + 1 || !lines[LINES].isEmpty() || !lines[0].equals(FIRST)) {
      throw new MalformedException("not a question of " + LINES + " lines that begins " + FIRST);
    }
    return new Question(
        after("federation", lines[1]),
        ChainId.of(after("from", lines[2])),
        ChainId.of(after("to", lines[3])),
        Timestamp.parseMillis(after("time", lines[4])),
        about(lines[5]));
  }

  private static String after(String key, String line) {
    if (!line.startsWith(key + ' ')) {
      throw new MalformedException("a line begins with " + key);
    }
    return line.substring(key.length() + 1);
  }

  private static About about(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[0] + '/' + words.length) {
      case "person/2" -> new About.Person(PersonName.of(text(words[1])));
      case "account/2" -> new About.Account(AccountId.of(words[1]));
      case "party/3" -> new About.Party(TransferId.of(words[1]), AccountId.of(words[2]));
      case "keep/3" -> new About.Keep(Memo.parse(words[1], text(words[2])));
      default -> throw new MalformedException("line " + LINES + ": no such question");
    };
  }

  private static String base64(String text) {
    return CanonicalBase64.encode(Utf8.encode(text));
  }

  private static String text(String base64) {
    byte[] bytes = CanonicalBase64.decode(base64);
    return Utf8.decode(bytes, 0, bytes.length);
  }
}
