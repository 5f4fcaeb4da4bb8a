package aika.core.ledger;

import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs: a few readable lines in a fixed order, the text of a C2SP signed note.
 * {@link #text()} and {@link #parse} are inverse to each other, byte by byte; {@link OrderText} has
 * the lines.
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

  /** The account's holder changes to another key, which signs too. */
  record RotateKey(Header header, AccountId account, byte[] publicKey) implements Order {
    @Override
    public String kind() {
      return "rotate-key";
    }
  }

  /**
   * A registrar announces a new key for a holder who lost the old one; it counts after {@link
   * Row.Account#RECOVERY_MILLIS}, unless the old key vetoes.
   */
  record RecoverKey(Header header, AccountId account, byte[] publicKey) implements Order {
    @Override
    public String kind() {
      return "recover-key";
    }
  }

  /** The holder of the current key says that it is not lost. */
  record VetoRecovery(Header header, AccountId account) implements Order {
    @Override
    public String kind() {
      return "veto-recovery";
    }
  }

  /** Nothing is ordered in the account's name until it is unfrozen or its key recovered. */
  record Freeze(Header header, AccountId account, boolean frozen) implements Order {
    @Override
    public String kind() {
      return frozen ? "freeze" : "unfreeze";
    }
  }

  /** Ends an empty account for good. */
  record Close(Header header, AccountId account) implements Order {
    @Override
    public String kind() {
      return "close-account";
    }
  }

  /**
   * A standing order of a shop: transfers to the account of at most {@code limit} are received
   * without a signature of their own.
   *
   * @param limit zero ends the standing order
   */
  record AutoReceive(Header header, AccountId account, Money limit) implements Order {
    @Override
    public String kind() {
      return "auto-receive";
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

  /** The holder gives money back to an issuer, who confirms what was paid for it. */
  record Redeem(Header header, AccountId from, Money amount) implements Order {
    @Override
    public AccountId account() {
      return from;
    }

    @Override
    public String kind() {
      return "redeem";
    }
  }

  /**
   * @param validUntil the transfer can be received before this time, ms, whole seconds
   * @param memoHash salted hash of a memo that travels beside the log
   * @param refundOf the received transfer that this one gives back
   */
  record Send(
      Header header,
      AccountId from,
      AccountId to,
      Money amount,
      long validUntil,
      @Nullable Hash memoHash,
      @Nullable TransferId refundOf)
      implements Order {
    public Send(
        Header header,
        AccountId from,
        AccountId to,
        Money amount,
        long validUntil,
        @Nullable Hash memoHash) {
      this(header, from, to, amount, validUntil, memoHash, null);
    }

    @Override
    public AccountId account() {
      return from;
    }

    @Override
    public String kind() {
      return "send";
    }
  }

  /** Several sends in one order, all or none; each becomes a transfer of its own. */
  record SendBatch(Header header, AccountId from, List<Payment> payments, long validUntil)
      implements Order {
    public static final int PAYMENTS_MIN = 2;
    public static final int PAYMENTS_MAX = 500;

    public SendBatch {
      payments = List.copyOf(payments);
      if (payments.size() < PAYMENTS_MIN || payments.size() > PAYMENTS_MAX) {
        throw new MalformedException(
            "a batch has " + PAYMENTS_MIN + " to " + PAYMENTS_MAX + " payments");
      }
    }

    @Override
    public AccountId account() {
      return from;
    }

    @Override
    public String kind() {
      return "send-batch";
    }
  }

  record Payment(AccountId to, Money amount) {}

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

  /**
   * A resident stands for the next term of the representatives.
   *
   * @param publicKey raw ML-DSA-44 key of the seat, a new one
   * @param possession its signature of {@link #possessionMessage}
   */
  record Stand(Header header, AccountId account, byte[] publicKey, byte[] possession)
      implements Order {
    public Stand {
      if (publicKey.length != MlDsa44.PUBLIC_KEY_BYTES
          || possession.length != MlDsa44.SIGNATURE_BYTES) {
        throw new MalformedException("a seat's key is of ML-DSA-44");
      }
    }

    @Override
    public String kind() {
      return "stand";
    }

    /** What the seat's key signs, so that nobody stands with another's key. */
    public static byte[] possessionMessage(Header header, AccountId account) {
      String text = "aika/stand/v1\n" + header.federation + '\n' + account + '\n' + header.id;
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The seat's key under the name that it cosigns with. */
    public VerifierKey seat() {
      String name = header.federation + '/' + account;
      return new VerifierKey(name, Cosignature.TYPE, publicKey);
    }
  }

  /**
   * Two municipalities have settled outside the federation what one owes the other; each records
   * its own side.
   *
   * @param paid whether {@code chain} was the one that paid
   */
  record Clear(Header header, ChainId chain, ChainId counterpart, Money amount, boolean paid)
      implements Order {
    public Clear {
      if (!chain.municipal() || !counterpart.municipal() || chain.equals(counterpart)) {
        throw new MalformedException("two municipalities clear");
      }
    }

    @Override
    public AccountId account() {
      return AccountId.own(chain, "cleared." + counterpart.value());
    }

    @Override
    public String kind() {
      return "clear";
    }
  }

  /** The chain that executes the order. */
  default ChainId chain() {
    return account().chain();
  }

  /** The text that is signed. */
  default String text() {
    return OrderText.of(this);
  }

  /** Parses a signed text strictly; a {@link MalformedException} names the line at fault. */
  static Order parse(String text) {
    return OrderText.parse(text);
  }
}
