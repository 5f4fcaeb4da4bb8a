package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import aika.node.gateway.AccountView;
import aika.node.gateway.Party;
import aika.node.gateway.RefundView;
import aika.node.gateway.RefusedException;
import aika.node.gateway.TransferView;
import aika.node.register.Memo;
import aika.node.register.PersonName;
import aika.node.web.Problem.Field;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the entries of a form and says in words what is wrong with each. Refusals that are about
 * no field go through.
 */
final class Inspection {
  /** What a look-up may answer about the person who was named. */
  private static final Set<Reason> OF_PERSON =
      Set.of(
          Reason.UNKNOWN_PERSON,
          Reason.UNKNOWN_ACCOUNT,
          Reason.UNKNOWN_CHAIN,
          Reason.WRONG_CHAIN,
          Reason.UNSIGNED_REFUSED,
          Reason.REGISTER_UNREACHABLE,
          Reason.TOO_MANY_REQUESTS);

  private final Words words;
  private final List<Problem> problems = new ArrayList<>();

  Inspection(Words words) {
    this.words = words;
  }

  /**
   * @param complete whether what is missing is a problem as well
   */
  static Findings send(Entries entries, Desk desk, Visit visit, boolean complete) {
    Inspection look = new Inspection(visit.words());
    AccountView sender =
        look.person(
            Field.SENDER,
            entries.sender(),
            entries.senderMunicipality(),
            complete ? Text.NAME_MISSING_SENDER : null,
            () -> desk.acting(entries.sender(), entries.senderMunicipality(), visit.caller()));
    if (sender != null) {
      look.standing(sender);
    }
    Party receiver =
        look.person(
            Field.RECEIVER,
            entries.receiver(),
            entries.receiverMunicipality(),
            complete ? Text.NAME_MISSING_RECEIVER : null,
            () -> desk.find(entries.receiver(), entries.receiverMunicipality(), visit.caller()));
    if (sender != null && receiver != null && sender.owner().account().equals(receiver.account())) {
      look.problem(Field.RECEIVER, look.words.of(Text.SAME_PERSON));
    }
    Money amount = look.amount(entries.amount(), sender, complete);
    look.memo(entries.memo());
    RefundView refund = null;
    if (entries.refundOf() != null) {
      refund = desk.refunds(entries.refundOf(), visit.caller());
      look.refund(refund, sender, receiver, amount);
    }
    return new Findings(look.problems, sender, receiver, amount, refund);
  }

  /** The chain compares nothing (ORD-14). */
  private void refund(
      RefundView refund,
      @Nullable AccountView sender,
      @Nullable Party receiver,
      @Nullable Money amount) {
    TransferView received = refund.received();
    String id = received.id().toString();
    if (sender != null && !sender.owner().account().equals(received.receiver().account())) {
      problem(Field.SENDER, words.of(Text.REFUND_NOT_RECEIVED, id));
    }
    if (receiver != null && !receiver.account().equals(received.sender().account())) {
      problem(Field.RECEIVER, words.of(Text.REFUND_NOT_FROM, id));
    }
    if (amount != null && amount.compareTo(refund.left()) > 0) {
      problem(Field.AMOUNT, words.of(Text.REFUND_ABOVE, Words.grouped(refund.left())));
    }
  }

  List<Problem> problems() {
    return problems;
  }

  /** Looks a person up; null when there is none, with the problem noted. */
  <T> @Nullable T person(
      Field field, String name, String municipality, @Nullable Text missing, Supplier<T> lookUp) {
    if (name.isEmpty()) {
      if (missing != null) {
        problem(field, words.of(missing));
      }
      return null;
    }
    try {
      var _ = PersonName.of(name);
      if (words.federation().municipality(municipality).isEmpty()) {
        problem(field, words.of(Text.MUNICIPALITY_UNKNOWN));
        return null;
      }
      return lookUp.get();
    } catch (MalformedException notAName) {
      problem(field, words.of(Text.NAME_INVALID));
    } catch (RefusedException refused) {
      Reason reason = refused.refusal().reason();
      if (!OF_PERSON.contains(reason)) {
        throw refused;
      }
      problem(
          field,
          reason == Reason.UNKNOWN_PERSON
              ? words.of(Text.PERSON_UNKNOWN, words.place(ChainId.of(municipality)), name)
              : reason(reason));
    }
    return null;
  }

  /** Whether the sender can send at all, said before anything else is written. */
  private void standing(AccountView sender) {
    if (sender.standing().closed()) {
      problem(Field.SENDER, reason(Reason.ACCOUNT_CLOSED));
    } else if (sender.standing().frozen()) {
      problem(Field.SENDER, reason(Reason.ACCOUNT_FROZEN));
    } else if (!sender.signs()) {
      problem(Field.SENDER, words.of(Text.SENDER_KEY_ELSEWHERE));
    }
  }

  private String reason(Reason reason) {
    return words.reason(reason) + " " + words.whatToDo(reason);
  }

  /**
   * Up to which amount transfers are received without asking; null when this is no amount, with the
   * problem noted.
   */
  @Nullable Money limit(String text) {
    try {
      Money limit = Money.lenient(plain(text));
      if (!limit.isNegative()) {
        return limit;
      }
    } catch (MalformedException notAnAmount) {
      // said below, as of one that is negative
    }
    problem(Field.AMOUNT, words.of(Text.LIMIT_INVALID));
    return null;
  }

  private @Nullable Money amount(String text, @Nullable AccountView sender, boolean complete) {
    if (text.isEmpty()) {
      if (complete) {
        problem(Field.AMOUNT, words.of(Text.AMOUNT_MISSING));
      }
      return null;
    }
    try {
      Money amount = Money.lenient(plain(text));
      if (!amount.isPositive()) {
        problem(Field.AMOUNT, words.of(Text.AMOUNT_INVALID));
        return null;
      }
      if (sender != null && amount.compareTo(sender.balance()) > 0) {
        problem(Field.AMOUNT, words.of(Text.AMOUNT_ABOVE_BALANCE, Words.grouped(sender.balance())));
      }
      return amount;
    } catch (MalformedException notAnAmount) {
      problem(Field.AMOUNT, words.of(Text.AMOUNT_INVALID));
      return null;
    }
  }

  /** Amounts as people type them: full-width digits, and commas between groups of three. */
  private static String plain(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> c >= '０' && c <= '９' ? c - '０' + '0' : c == '．' ? '.' : c == '，' ? ',' : c)
        .forEach(out::appendCodePoint);
    String half = out.toString();
    return half.matches("\\d{1,3}(,\\d{3})+(\\.\\d+)?") ? half.replace(",", "") : half;
  }

  private void memo(String text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      var _ = Memo.of(text, new SecureRandom());
    } catch (MalformedException notAMemo) {
      problem(Field.MEMO, words.of(Text.MEMO_INVALID, String.valueOf(Memo.CHARS_MAX)));
    }
  }

  void problem(Field field, String message) {
    problems.add(new Problem(field, message));
  }
}
