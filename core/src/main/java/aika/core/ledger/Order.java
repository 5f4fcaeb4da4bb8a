package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs: a few readable lines in a fixed order, the text of a C2SP signed note.
 * {@link #text()} and {@link #parse} are inverse to each other, byte by byte.
 *
 * <p>Specified in docs/spec/orders.md.
 */
public sealed interface Order {
  String FIRST_LINE = "aika/order/v1";
  int FEDERATION_CHARS_MAX = 100;
  int KEY_BYTES = 32;

  /** How far ahead an order's not-after may lie: ids must be remembered until then. */
  long NOT_AFTER_MILLIS_MAX = 24L * 60 * 60 * 1000;

  Header header();

  /** The account in whose name the order is made; its ids are unique per account. */
  AccountId account();

  String kind();

  /**
   * What all orders have.
   *
   * @param notAfter the order is refused after this time, ms, whole seconds
   */
  record Header(String federation, OrderId id, long notAfter) {}

  /** Opens {@code account} with a resident's key; the registrar countersigns. */
  record Open(Header header, AccountId account, byte[] publicKey) implements Order {
    @Override
    public String kind() {
      return "open-account";
    }
  }

  /** Two issuers create money in an account of their chain. */
  record Issue(Header header, AccountId to, Money amount) implements Order {
    @Override
    public AccountId account() {
      return AccountId.own(to.chain(), "issued");
    }

    @Override
    public String kind() {
      return "issue";
    }
  }

  /**
   * @param validUntil the transfer can be received before this time, ms, whole seconds
   * @param memoHash salted hash of a memo that travels beside the log
   */
  record Send(
      Header header,
      AccountId from,
      AccountId to,
      Money amount,
      long validUntil,
      @Nullable Hash memoHash)
      implements Order {
    @Override
    public AccountId account() {
      return from;
    }

    @Override
    public String kind() {
      return "send";
    }
  }

  /** The receiver takes ({@code receive}) or declines ({@code reject}) a transfer. */
  record Decide(Header header, AccountId account, TransferId transfer, boolean receive)
      implements Order {
    @Override
    public String kind() {
      return receive ? "receive" : "reject";
    }
  }

  /** The sender asks for a transfer back; the receiver's chain decides whether in time. */
  record Cancel(Header header, AccountId account, TransferId transfer) implements Order {
    @Override
    public String kind() {
      return "cancel";
    }
  }

  /** The chain that executes the order. */
  default ChainId chain() {
    return account().chain();
  }

  /** The text that is signed. */
  default String text() {
    StringBuilder out = new StringBuilder(420);
    out.append(FIRST_LINE).append('\n');
    line(out, "federation", header().federation());
    line(out, "kind", kind());
    line(out, "id", header().id());
    switch (this) {
      case Open o -> {
        line(out, "account", o.account);
        line(out, "key", Base64.getEncoder().encodeToString(o.publicKey));
      }
      case Issue o -> {
        line(out, "to", o.to);
        line(out, "amount", o.amount);
      }
      case Send o -> {
        line(out, "from", o.from);
        line(out, "to", o.to);
        line(out, "amount", o.amount);
      }
      case Decide o -> {
        line(out, "account", o.account);
        line(out, "transfer", o.transfer);
      }
      case Cancel o -> {
        line(out, "account", o.account);
        line(out, "transfer", o.transfer);
      }
    }
    line(out, "not-after", Timestamp.seconds(header().notAfter()));
    if (this instanceof Send send) {
      line(out, "valid-until", Timestamp.seconds(send.validUntil));
      if (send.memoHash != null) {
        line(out, "memo-hash", send.memoHash.base64());
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String key, Object value) {
    out.append(key).append(' ').append(value).append('\n');
  }

  /** Parses a signed text strictly; a {@link MalformedException} names the line at fault. */
  static Order parse(String text) {
    Fields in = Fields.of(text, FIRST_LINE);
    String federation = in.take("federation");
    if (federation.length() > FEDERATION_CHARS_MAX) {
      throw new MalformedException("line 2: the federation's id is too long");
    }
    String kind = in.take("kind");
    OrderId id = in.read("id", OrderId::of);
    Order order =
        switch (kind) {
          case "open-account" -> {
            AccountId account = in.read("account", AccountId::of);
            byte[] key = in.read("key", Order::publicKey);
            yield new Open(header(in, federation, id), account, key);
          }
          case "issue" -> {
            AccountId to = in.read("to", AccountId::of);
            Money amount = in.read("amount", Money::of);
            yield new Issue(header(in, federation, id), to, amount);
          }
          case "send" -> {
            AccountId from = in.read("from", AccountId::of);
            AccountId to = in.read("to", AccountId::of);
            Money amount = in.read("amount", Money::of);
            Header header = header(in, federation, id);
            long validUntil = in.read("valid-until", Timestamp::parseSeconds);
            Hash memo = in.nextIs("memo-hash") ? in.read("memo-hash", Hash::parse) : null;
            yield new Send(header, from, to, amount, validUntil, memo);
          }
          case "receive", "reject" -> {
            AccountId account = in.read("account", AccountId::of);
            TransferId transfer = in.read("transfer", TransferId::of);
            yield new Decide(header(in, federation, id), account, transfer, kind.equals("receive"));
          }
          case "cancel" -> {
            AccountId account = in.read("account", AccountId::of);
            TransferId transfer = in.read("transfer", TransferId::of);
            yield new Cancel(header(in, federation, id), account, transfer);
          }
          default -> throw new MalformedException("line 3: unknown kind of order");
        };
    in.end();
    return order;
  }

  private static Header header(Fields in, String federation, OrderId id) {
    return new Header(federation, id, in.read("not-after", Timestamp::parseSeconds));
  }

  private static byte[] publicKey(String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      if (key.length == KEY_BYTES && Base64.getEncoder().encodeToString(key).equals(base64)) {
        return key;
      }
    } catch (IllegalArgumentException notBase64) {
      throw new MalformedException("not a public key: " + notBase64.getMessage(), notBase64);
    }
    throw new MalformedException("a public key is 32 bytes in standard base64");
  }
}
