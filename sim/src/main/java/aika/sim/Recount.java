package aika.sim;

import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.money.ChainId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts a chain again from the bytes of its leaves, with nothing but the lines that stand there:
 * an outsider's view that shares no code with execution.
 */
final class Recount {
  /** Leaves that hold money. */
  static final Set<String> SENDS = Set.of("send", "send-batch", "payment");

  /** Leaves that a closed chain has no more. */
  private static final Set<String> OPENS =
      Set.of("open-account", "issue", "stand", "receive", "received");

  private final ChainId chain;
  private final Frontier frontier = new Frontier();
  private final Map<String, Long> balances = new HashMap<>();
  private final TreeMap<String, Long> kinds = new TreeMap<>();
  private final Map<Long, Long> holds = new HashMap<>();
  private final Map<Long, Minted> mints = new HashMap<>();
  private boolean closed;

  private record Minted(String account, long amount) {}

  Recount(ChainId chain) {
    this.chain = chain;
  }

  long size() {
    return frontier.size();
  }

  Hash root() {
    return frontier.root();
  }

  /** Leaves of a kind; for settlements see {@link #ended}. */
  long count(String kind) {
    return kinds.getOrDefault(kind, 0L);
  }

  /** Holds that ended with an outcome. */
  long ended(String outcome) {
    return kinds.getOrDefault("ended " + outcome, 0L);
  }

  long balance(String account) {
    return balances.getOrDefault(account, 0L);
  }

  long persons() {
    long sum = 0;
    for (Map.Entry<String, Long> entry : balances.entrySet()) {
      if (!entry.getKey().startsWith("~")) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  long clearing() {
    long sum = 0;
    for (Map.Entry<String, Long> entry : balances.entrySet()) {
      if (entry.getKey().startsWith("~clear")) { // what is open and what was settled outside
        sum += entry.getValue();
      }
    }
    return sum;
  }

  /** What it owes another chain but for what was settled outside; negative when it is owed. */
  long dueTo(ChainId other) {
    return balance("~clearing." + other) + balance("~cleared." + other);
  }

  /** Money of sends that were not settled or refunded. */
  long openHolds() {
    return holds.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Before this leaf the account has more, from nothing. */
  void mint(long leaf, String account, long amount) {
    mints.put(leaf, new Minted(account, amount));
  }

  void leaf(byte[] bytes) {
    long index = frontier.size();
    Minted minted = mints.remove(index);
    if (minted != null) {
      balances.merge(minted.account, minted.amount, Long::sum);
    }
    frontier.append(Merkle.leafHash(bytes));
    String text = new String(bytes, StandardCharsets.UTF_8);
    int blank = text.indexOf("\n\n");
    String[] lines = (blank < 0 ? text : text.substring(0, blank)).split("\n", -1);
    String kind = value(lines[1], "kind ");
    kinds.merge(kind, 1L, Long::sum);
    Violation.unless(
        !closed || !OPENS.contains(kind), () -> kind + " on " + chain + ", a closed chain");
    closed |= kind.equals("recovered") && text.contains("\nkind close\n");
    long sum = 0;
    for (String line : lines) {
      if (line.startsWith("post ")) {
        sum += post(words(line));
        boolean sends = SENDS.contains(kind);
        if (sends && line.startsWith("post " + chain + "/~holds ")) {
          holds.put(index, minor(words(line)[2]));
        }
      } else if (line.startsWith("ended ")) {
        String[] words = words(line);
        kinds.merge("ended " + words[2], 1L, Long::sum);
        boolean held = holds.remove(Long.parseLong(words[1])) != null;
        Violation.unless(held, () -> chain + " leaf " + index + " ends what is not held");
      } else if (kind.equals("seal")) {
        sealed(line);
      }
    }
    Violation.unless(sum == 0, () -> chain + " leaf " + index + " does not balance");
  }

  private long post(String[] words) {
    String account = value(words[1], chain + "/");
    long amount = minor(words[2]);
    long balance = balances.merge(account, amount, Long::sum);
    Violation.unless(balance == minor(words[3]), () -> chain + "/" + account + " is miscounted");
    return amount;
  }

  /** A seal's totals are the sums of everything before it. */
  private void sealed(String line) {
    boolean right =
        !line.startsWith("issued ") && !line.startsWith("holds ")
            || line.startsWith("issued ") && minor(line.substring(7)) == balance("~issued")
            || line.startsWith("holds ") && minor(line.substring(6)) == balance("~holds");
    Violation.unless(right, () -> chain + " seals other totals: " + line);
  }

  private static String value(String line, String prefix) {
    Violation.unless(line.startsWith(prefix), () -> "expected " + prefix + "in " + line);
    return line.substring(prefix.length());
  }

  private static String[] words(String line) {
    return line.split(" ", -1);
  }

  private static long minor(String amount) {
    return Long.parseLong(amount.replace(".", ""));
  }
}
