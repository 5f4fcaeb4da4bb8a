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
import aika.core.note.MlDsa44;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The lines of orders; specified in docs/spec/orders.md. */
final class OrderText {
  private OrderText() {}

  static String of(Order order) {
    StringBuilder out = new StringBuilder(420);
    out.append(Order.FIRST_LINE).append('\n');
    line(out, "federation", order.header().federation());
    line(out, "kind", order.kind());
    line(out, "id", order.header().id());
    switch (order) {
      case Order.Open o -> keyed(out, o.account(), o.publicKey());
      case Order.RotateKey o -> keyed(out, o.account(), o.publicKey());
      case Order.RecoverKey o -> keyed(out, o.account(), o.publicKey());
      case Order.VetoRecovery o -> line(out, "account", o.account());
      case Order.Freeze o -> line(out, "account", o.account());
      case Order.Close o -> line(out, "account", o.account());
      case Order.AutoReceive o -> {
        line(out, "account", o.account());
        line(out, "limit", o.limit());
      }
      case Order.Issue o -> {
        line(out, "to", o.to());
        line(out, "amount", o.amount());
      }
      case Order.Redeem o -> {
        line(out, "from", o.from());
        line(out, "amount", o.amount());
      }
      case Order.Send o -> {
        line(out, "from", o.from());
        line(out, "to", o.to());
        line(out, "amount", o.amount());
      }
      case Order.SendBatch o -> {
        line(out, "from", o.from());
        o.payments().forEach(p -> line(out, "pay", p.to() + " " + p.amount()));
      }
      case Order.Decide o -> {
        line(out, "account", o.account());
        line(out, "transfer", o.transfer());
      }
      case Order.Cancel o -> {
        line(out, "account", o.account());
        line(out, "transfer", o.transfer());
      }
      case Order.Stand o -> {
        keyed(out, o.account(), o.publicKey());
        line(out, "possession", base64(o.possession()));
      }
      case Order.Clear o -> {
        line(out, "chain", o.chain());
        line(out, o.paid() ? "paid-to" : "paid-by", o.counterpart());
        line(out, "amount", o.amount());
      }
    }
    line(out, "not-after", Timestamp.seconds(order.header().notAfter()));
    switch (order) {
      case Order.Send send -> {
        line(out, "valid-until", Timestamp.seconds(send.validUntil()));
        if (send.memoHash() != null) {
          line(out, "memo-hash", send.memoHash().base64());
        }
        if (send.refundOf() != null) {
          line(out, "refund-of", send.refundOf());
        }
      }
      case Order.SendBatch batch -> line(out, "valid-until", Timestamp.seconds(batch.validUntil()));
      default -> {}
    }
    return out.toString();
  }

  private static void keyed(StringBuilder out, AccountId account, byte[] key) {
    line(out, "account", account);
    line(out, "key", base64(key));
  }

  private static void line(StringBuilder out, String key, Object value) {
    out.append(key).append(' ').append(value).append('\n');
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static Order parse(String text) {
    Fields in = Fields.of(text, Order.FIRST_LINE);
    String federation = in.take("federation");
    if (federation.codePointCount(0, federation.length()) > Order.FEDERATION_CHARS_MAX) {
      throw new MalformedException("line 2: the federation's id is too long");
    }
    String kind = in.take("kind");
    Reader reader = new Reader(in, federation, in.read("id", OrderId::of));
    Order order =
        switch (kind) {
          case "open-account" -> {
            AccountId account = reader.account();
            byte[] key = reader.key();
            yield new Order.Open(reader.header(), account, key);
          }
          case "rotate-key" -> {
            AccountId account = reader.account();
            byte[] key = reader.key();
            yield new Order.RotateKey(reader.header(), account, key);
          }
          case "recover-key" -> {
            AccountId account = reader.account();
            byte[] key = reader.key();
            yield new Order.RecoverKey(reader.header(), account, key);
          }
          case "veto-recovery" -> {
            AccountId account = reader.account();
            yield new Order.VetoRecovery(reader.header(), account);
          }
          case "freeze", "unfreeze" -> {
            AccountId account = reader.account();
            yield new Order.Freeze(reader.header(), account, kind.equals("freeze"));
          }
          case "close-account" -> {
            AccountId account = reader.account();
            yield new Order.Close(reader.header(), account);
          }
          case "auto-receive" -> {
            AccountId account = reader.account();
            Money limit = in.read("limit", Money::of);
            yield new Order.AutoReceive(reader.header(), account, limit);
          }
          case "issue" -> {
            AccountId to = in.read("to", AccountId::of);
            Money amount = reader.amount();
            yield new Order.Issue(reader.header(), to, amount);
          }
          case "redeem" -> {
            AccountId from = in.read("from", AccountId::of);
            Money amount = reader.amount();
            yield new Order.Redeem(reader.header(), from, amount);
          }
          case "send" -> reader.send();
          case "send-batch" -> reader.batch();
          case "receive", "reject" -> {
            AccountId account = reader.account();
            TransferId transfer = in.read("transfer", TransferId::of);
            yield new Order.Decide(reader.header(), account, transfer, kind.equals("receive"));
          }
          case "cancel" -> {
            AccountId account = reader.account();
            TransferId transfer = in.read("transfer", TransferId::of);
            yield new Order.Cancel(reader.header(), account, transfer);
          }
          case "stand" -> {
            AccountId account = reader.account();
            byte[] key = reader.bytes("key", MlDsa44.PUBLIC_KEY_BYTES);
            byte[] possession = reader.bytes("possession", MlDsa44.SIGNATURE_BYTES);
            yield new Order.Stand(reader.header(), account, key, possession);
          }
          case "clear" -> reader.clear();
          default -> throw new MalformedException("line 3: unknown kind of order");
        };
    in.end();
    return order;
  }

  /** Reads the lines that several kinds share. */
  private record Reader(Fields in, String federation, OrderId id) {
    Order.Header header() {
      return new Order.Header(federation, id, in.read("not-after", Timestamp::parseSeconds));
    }

    AccountId account() {
      return in.read("account", AccountId::of);
    }

    Money amount() {
      return in.read("amount", Money::of);
    }

    byte[] key() {
      return bytes("key", Order.KEY_BYTES);
    }

    byte[] bytes(String line, int length) {
      return in.read(line, text -> decode(text, length));
    }

    Order.Send send() {
      AccountId from = in.read("from", AccountId::of);
      AccountId to = in.read("to", AccountId::of);
      Money amount = amount();
      Order.Header header = header();
      long validUntil = in.read("valid-until", Timestamp::parseSeconds);
      Hash memo = in.nextIs("memo-hash") ? in.read("memo-hash", Hash::parse) : null;
      TransferId refundOf = in.nextIs("refund-of") ? in.read("refund-of", TransferId::of) : null;
      return new Order.Send(header, from, to, amount, validUntil, memo, refundOf);
    }

    Order.SendBatch batch() {
      AccountId from = in.read("from", AccountId::of);
      List<Order.Payment> payments = new ArrayList<>();
      do {
        payments.add(in.read("pay", OrderText::payment));
      } while (payments.size() < Order.SendBatch.PAYMENTS_MAX && in.nextIs("pay"));
      Order.Header header = header();
      long validUntil = in.read("valid-until", Timestamp::parseSeconds);
      return new Order.SendBatch(header, from, payments, validUntil);
    }

    Order.Clear clear() {
      ChainId chain = in.read("chain", ChainId::of);
      boolean paid = in.nextIs("paid-to");
      ChainId counterpart = in.read(paid ? "paid-to" : "paid-by", ChainId::of);
      Money amount = amount();
      return new Order.Clear(header(), chain, counterpart, amount, paid);
    }
  }

  private static Order.Payment payment(String value) {
    int space = value.indexOf(' ');
    if (space < 0) {
      throw new MalformedException("expected an account and an amount");
    }
    return new Order.Payment(
        AccountId.of(value.substring(0, space)), Money.of(value.substring(space + 1)));
  }

  private static byte[] decode(String base64, int length) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length == length && base64(bytes).equals(base64)) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      throw new MalformedException("not base64: " + notBase64.getMessage(), notBase64);
    }
    throw new MalformedException(length + " bytes in standard base64 are expected");
  }
}
