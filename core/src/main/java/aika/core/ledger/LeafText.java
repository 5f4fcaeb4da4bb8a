package aika.core.ledger;

import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of leaves: {@code key value} lines in a fixed order; an order's leaf goes on with an
 * empty line and the signed note as it was signed. Specified in docs/spec/leaves.md.
 */
public final class LeafText {
  public static final String FIRST_LINE = "aika/leaf/v1";

  private LeafText() {}

  /** Encodes a leaf as entry {@code index}. */
  public static Entry entry(long index, Leaf leaf) {
    byte[] bytes = encode(leaf);
    return new Entry(index, bytes, Merkle.leafHash(bytes), leaf);
  }

  public static byte[] encode(Leaf leaf) {
    StringBuilder out = new StringBuilder(320);
    out.append(FIRST_LINE).append('\n');
    line(out, "kind", kind(leaf));
    line(out, "time", Timestamp.millis(leaf.time()));
    byte[] note = null;
    switch (leaf) {
      case Leaf.Genesis g -> genesis(out, g);
      case Leaf.Executed e -> {
        line(out, "arrived", Timestamp.millis(e.arrived()));
        if (e.cited() != null) {
          cited(out, e.cited());
        }
        note = e.order().bytes();
      }
      case Leaf.Paid p -> {
        line(out, "batch", p.batch() + " " + p.number());
        line(out, "id", p.order());
        line(out, "from", p.from());
        line(out, "to", p.to());
        line(out, "amount", p.amount());
        line(out, "valid-until", Timestamp.seconds(p.validUntil()));
      }
      case Leaf.Concluded c -> {
        line(out, "transfer", c.transfer());
        cited(out, c.cited());
      }
      case Leaf.Recorded r -> {
        line(out, "origin", r.origin());
        line(out, "size", r.size());
        line(out, "root", r.root().base64());
        line(out, "term", r.term());
        line(out, "seats", r.seats().base64());
        if (r.handover() != Leaf.Recorded.NO_HANDOVER) {
          line(out, "handover", r.handover());
        }
      }
      case Leaf.Elected e -> {
        line(out, "term", e.term());
        e.seats().keys().forEach(seat -> line(out, "seat", seat.format()));
        for (Leaf.Ranked one : e.standings()) {
          line(out, "standing", one.seat() + " " + one.counted() + " " + one.total());
        }
      }
      case Leaf.Recovered r -> note = r.recovery().bytes();
      case Leaf.Conflicting c -> {
        line(out, "origin", c.origin());
        line(out, "term", c.term());
        note = c.proof().encode();
      }
      case Leaf.Settled s -> {
        line(out, "from", s.from());
        line(out, "recorded", s.recorded());
        for (Leaf.Ended e : s.ended()) {
          line(out, "ended", e.hold() + " " + e.kind().text() + " " + e.index());
        }
      }
      case Leaf.Sealed s -> sealed(out, s);
    }
    for (Posting p : leaf.postings()) {
      out.append("post ").append(p.account()).append(' ').append(p.amount());
      out.append(' ').append(p.balance()).append('\n');
    }
    return bytes(out, note);
  }

  private static byte[] bytes(StringBuilder head, byte @Nullable [] note) {
    if (note == null) {
      return head.toString().getBytes(StandardCharsets.UTF_8);
    }
    byte[] first = head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(first, first.length + note.length);
    System.arraycopy(note, 0, all, first.length, note.length);
    return all;
  }

  private static void genesis(StringBuilder out, Leaf.Genesis g) {
    Policy policy = g.policy();
    line(out, "federation", g.federation());
    line(out, "chain", g.chain());
    line(out, "federation-file", g.federationFile().base64());
    line(out, "block-entries", policy.blockEntries());
    line(out, "open-holds-max", policy.openHoldsMax());
    line(out, "valid-millis-max", policy.validMillisMax());
    line(out, "cross-chain-min", policy.crossChainMin());
    line(out, "exposure-max", policy.exposureMax());
    line(out, "exposure-sum-max", policy.exposureSumMax());
    line(out, "issued-max", policy.issuedMax());
    line(out, "term-seats", policy.term().seats());
    line(out, "term-blocks", policy.term().blocks());
    line(out, "term-millis", policy.term().millis());
    line(out, "seats", g.seats().base64());
  }

  private static void sealed(StringBuilder out, Leaf.Sealed s) {
    line(out, "height", s.height());
    line(out, "first", s.first());
    line(out, "term", s.term());
    line(out, "seats", s.seats().base64());
    line(out, "next-seats", s.nextSeats().base64());
    line(out, "issued", s.issued());
    line(out, "balances", s.balances());
    line(out, "holds", s.holds());
    line(out, "clearing", s.clearing());
  }

  private static void cited(StringBuilder out, Leaf.Cited cited) {
    line(out, "cites", cited.index() + " " + cited.recorded());
    line(out, "send-leaf", cited.sendLeaf().base64());
  }

  private static void line(StringBuilder out, String key, Object value) {
    out.append(key).append(' ').append(value).append('\n');
  }

  /** The word on a leaf's kind line. */
  public static String kind(Leaf leaf) {
    return switch (leaf) {
      case Leaf.Genesis g -> "genesis";
      case Leaf.Executed e -> e.order().order().kind();
      case Leaf.Paid p -> "payment";
      case Leaf.Concluded c -> c.kind().text();
      case Leaf.Recorded r -> "record";
      case Leaf.Elected e -> "elected";
      case Leaf.Recovered r -> "recovered";
      case Leaf.Conflicting c -> "conflict";
      case Leaf.Settled s -> "settle";
      case Leaf.Sealed s -> "seal";
    };
  }

  /** Parses a leaf strictly; a {@link MalformedException} names the line at fault. */
  public static Leaf parse(byte[] bytes) {
    if (bytes.length > Leaf.LEAF_BYTES_MAX) {
      throw new MalformedException("a leaf has at most " + Leaf.LEAF_BYTES_MAX + " bytes");
    }
    int blank = blankLine(bytes);
    boolean signed = blank < bytes.length;
    Fields in = Fields.of(Utf8.decode(bytes, 0, blank), FIRST_LINE);
    String kind = in.take("kind");
    long time = in.read("time", Timestamp::parseMillis);
    Leaf leaf =
        signed
            ? signed(in, kind, time, Arrays.copyOfRange(bytes, blank + 1, bytes.length))
            : unsigned(in, kind, time);
    in.end();
    return leaf;
  }

  private static int blankLine(byte[] bytes) {
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
        return i;
      }
    }
    return bytes.length;
  }

  private static Leaf signed(Fields in, String kind, long time, byte[] note) {
    return switch (kind) {
      case "recovered" -> new Leaf.Recovered(time, SignedRecovery.parse(note));
      case "conflict" -> {
        ChainId origin = in.read("origin", ChainId::of);
        long term = in.read("term", Decimal::parse);
        yield new Leaf.Conflicting(time, origin, term, ConflictProof.parse(note));
      }
      default -> executed(in, kind, time, note);
    };
  }

  private static Leaf executed(Fields in, String kind, long time, byte[] note) {
    long arrived = in.read("arrived", Timestamp::parseMillis);
    Leaf.Cited cited = in.nextIs("cites") ? readCited(in) : null;
    List<Posting> postings = postings(in);
    SignedOrder order = order(note);
    boolean cites = order.order() instanceof Order.Decide || order.order() instanceof Order.Cancel;
    if (!order.order().kind().equals(kind) || cites != (cited != null)) {
      throw new MalformedException("line 2: the leaf's kind is not its order's");
    }
    return new Leaf.Executed(time, arrived, cited, postings, order);
  }

  private static SignedOrder order(byte[] note) {
    try {
      return SignedOrder.parse(note);
    } catch (MalformedException fault) {
      throw new MalformedException("order, " + fault.getMessage(), fault);
    }
  }

  private static Leaf unsigned(Fields in, String kind, long time) {
    return switch (kind) {
      case "genesis" -> readGenesis(in, time);
      case "payment" -> readPaid(in, time);
      case "received", "rejected", "cancelled", "expired" -> {
        TransferId transfer = in.read("transfer", TransferId::of);
        Leaf.Cited cited = readCited(in);
        yield new Leaf.Concluded(time, transfer, OutcomeKind.of(kind), cited, postings(in));
      }
      case "record" -> {
        ChainId origin = in.read("origin", ChainId::of);
        long size = in.read("size", Decimal::parse);
        Hash root = in.read("root", Hash::parse);
        long term = in.read("term", Decimal::parse);
        Hash seats = in.read("seats", Hash::parse);
        long handover =
            in.nextIs("handover") ? in.read("handover", Decimal::parse) : Leaf.Recorded.NO_HANDOVER;
        yield new Leaf.Recorded(time, origin, size, root, term, seats, handover);
      }
      case "elected" -> readElected(in, time);
      case "settle" -> {
        ChainId from = in.read("from", ChainId::of);
        long recorded = in.read("recorded", Decimal::parse);
        yield new Leaf.Settled(time, from, recorded, ended(in), postings(in));
      }
      case "seal" -> readSealed(in, time);
      default -> throw new MalformedException("line 2: unknown kind of leaf");
    };
  }

  private static Leaf readGenesis(Fields in, long time) {
    String federation = in.take("federation");
    ChainId chain = in.read("chain", ChainId::of);
    Hash file = in.read("federation-file", Hash::parse);
    try {
      Policy policy =
          new Policy(
              Math.toIntExact(in.read("block-entries", Decimal::parse)),
              Math.toIntExact(in.read("open-holds-max", Decimal::parse)),
              in.read("valid-millis-max", Decimal::parse),
              in.read("cross-chain-min", Money::of),
              in.read("exposure-max", Money::of),
              in.read("exposure-sum-max", Money::of),
              in.read("issued-max", Money::of),
              new Policy.Term(
                  Math.toIntExact(in.read("term-seats", Decimal::parse)),
                  in.read("term-blocks", Decimal::parse),
                  in.read("term-millis", Decimal::parse)));
      Hash seats = in.read("seats", Hash::parse);
      return new Leaf.Genesis(time, federation, chain, file, policy, seats);
    } catch (ArithmeticException | IllegalArgumentException outOfRange) {
      String why = outOfRange.getMessage();
      throw new MalformedException("lines 7 to 16: a limit is out of range: " + why, outOfRange);
    }
  }

  private static Leaf readPaid(Fields in, long time) {
    long[] batch = in.read("batch", LeafText::twoNumbers);
    if (batch[1] < 2 || batch[1] > Order.SendBatch.PAYMENTS_MAX) {
      throw new MalformedException("line 4: no further payment has this number");
    }
    OrderId order = in.read("id", OrderId::of);
    AccountId from = in.read("from", AccountId::of);
    AccountId to = in.read("to", AccountId::of);
    Money amount = in.read("amount", Money::of);
    long validUntil = in.read("valid-until", Timestamp::parseSeconds);
    return new Leaf.Paid(
        time, batch[0], (int) batch[1], order, from, to, amount, validUntil, postings(in));
  }

  private static Leaf readElected(Fields in, long time) {
    long term = in.read("term", Decimal::parse);
    List<VerifierKey> seats = new ArrayList<>();
    do {
      seats.add(in.read("seat", VerifierKey::parse));
    } while (seats.size() < Seats.SEATS_MAX && in.nextIs("seat"));
    List<Leaf.Ranked> standings = new ArrayList<>();
    while (in.nextIs("standing")) {
      standings.add(in.read("standing", LeafText::ranked));
    }
    return new Leaf.Elected(time, seats(term, seats), standings);
  }

  private static Seats seats(long term, List<VerifierKey> keys) {
    try {
      return new Seats(term, keys);
    } catch (IllegalArgumentException notASet) {
      throw new MalformedException("line 5: " + notASet.getMessage(), notASet);
    }
  }

  private static Leaf.Ranked ranked(String value) {
    String[] parts = parts(value, 3);
    return new Leaf.Ranked(parts[0], Decimal.parse(parts[1]), Money.of(parts[2]));
  }

  private static Leaf readSealed(Fields in, long time) {
    return new Leaf.Sealed(
        time,
        in.read("height", Decimal::parse),
        in.read("first", Decimal::parse),
        in.read("term", Decimal::parse),
        in.read("seats", Hash::parse),
        in.read("next-seats", Hash::parse),
        in.read("issued", Money::of),
        in.read("balances", Money::of),
        in.read("holds", Money::of),
        in.read("clearing", Money::of));
  }

  private static Leaf.Cited readCited(Fields in) {
    long[] cites = in.read("cites", LeafText::twoNumbers);
    return new Leaf.Cited(cites[0], cites[1], in.read("send-leaf", Hash::parse));
  }

  private static long[] twoNumbers(String value) {
    String[] parts = parts(value, 2);
    return new long[] {Decimal.parse(parts[0]), Decimal.parse(parts[1])};
  }

  private static List<Leaf.Ended> ended(Fields in) {
    List<Leaf.Ended> ended = new ArrayList<>();
    do {
      ended.add(in.read("ended", LeafText::readEnded));
    } while (ended.size() < Action.SETTLE_ITEMS_MAX && in.nextIs("ended"));
    return List.copyOf(ended);
  }

  private static Leaf.Ended readEnded(String value) {
    String[] parts = parts(value, 3);
    return new Leaf.Ended(
        Decimal.parse(parts[0]), OutcomeKind.of(parts[1]), Decimal.parse(parts[2]));
  }

  private static List<Posting> postings(Fields in) {
    List<Posting> postings = new ArrayList<>(4);
    while (in.nextIs("post")) {
      postings.add(in.read("post", LeafText::posting));
    }
    return List.copyOf(postings);
  }

  private static Posting posting(String value) {
    String[] parts = parts(value, 3);
    return new Posting(AccountId.posted(parts[0]), Money.of(parts[1]), Money.of(parts[2]));
  }

  private static String[] parts(String value, int count) {
    String[] parts = value.split(" ", -1);
    if (parts.length != count) {
      throw new MalformedException("expected " + count + " words");
    }
    return parts;
  }
}
