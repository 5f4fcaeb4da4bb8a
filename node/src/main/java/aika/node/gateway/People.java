package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.config.Municipality;
import aika.node.neighbour.Neighbours;
import aika.node.neighbour.Told;
import aika.node.register.Found;
import aika.node.register.Memo;
import aika.node.register.Person;
import aika.node.register.PersonName;
import aika.node.register.Register;
import aika.node.wallet.CounterRules;
import aika.node.wallet.CounterRules.Verdict;
import aika.node.wallet.UnsignedRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names for accounts, and who may act and see names without a signature. */
final class People {
  private final Counter counter;
  private final Neighbours neighbours;
  private final Signing signing;

  People(Counter counter, Neighbours neighbours, Signing signing) {
    this.counter = counter;
    this.neighbours = neighbours;
    this.signing = signing;
  }

  /** What a caller may do without a signature. */
  sealed interface Right {
    /** The municipal counter: any account whose key is in the wallet. */
    record AtCounter() implements Right {}

    record OfToken(AccountId account) implements Right {}

    record None(Refusal refusal) implements Right {}

    /** Whether this caller may see the names of these two. */
    default boolean sees(AccountId one, AccountId other) {
      return switch (this) {
        case AtCounter at -> true;
        case OfToken token -> token.account.equals(one) || token.account.equals(other);
        case None none -> false;
      };
    }
  }

  /** The right to ask for names. */
  Right rightToAsk(Caller caller) {
    return right(caller, new CounterRules(caller.at().http()), caller.asking());
  }

  private Right right(Caller caller, CounterRules rules, UnsignedRequest request) {
    Optional<AccountId> token = counter.tokens().accountOf(caller.header("authorization"));
    return rules
        .refusedAnyway(request, token.orElse(null))
        .<Right>map(Right.None::new)
        .orElseGet(() -> token.<Right>map(Right.OfToken::new).orElseGet(Right.AtCounter::new));
  }

  /** Whether this is a token of an account that is served here. */
  boolean isToken(String authorization) {
    return counter.tokens().accountOf(authorization).isPresent();
  }

  private static Refusal unknownToken() {
    return Refusal.of(Reason.UNSIGNED_REFUSED, "the token is not one of this account");
  }

  /** The account in whose name somebody acts without a signature, once all rules permit it. */
  AccountId acting(String nameOrAccount, Municipality municipality, Caller caller) {
    CounterRules rules = new CounterRules(caller.at().http());
    Right right = right(caller, rules, caller.unsigned());
    AccountId token = null;
    AccountId account;
    switch (right) {
      case Right.None none -> throw new RefusedException(none.refusal());
      case Right.AtCounter at -> account = account(nameOrAccount, municipality, null);
      case Right.OfToken of -> {
        token = of.account();
        account = account(nameOrAccount, municipality, "token " + of.account());
      }
    }
    boolean held = signing.holds(account);
    return switch (rules.decide(caller.unsigned(), account, held, token)) {
      case Verdict.Permitted permitted -> account;
      case Verdict.Refused refused -> throw new RefusedException(refused.refusal());
    };
  }

  /** The account of somebody about whom this caller may ask as about themselves. */
  AccountId asking(String nameOrAccount, Municipality municipality, Caller caller) {
    return switch (rightToAsk(caller)) {
      case Right.None none -> throw new RefusedException(none.refusal());
      case Right.AtCounter at -> account(nameOrAccount, municipality, null);
      case Right.OfToken of -> {
        AccountId account = account(nameOrAccount, municipality, "token " + of.account());
        if (!account.equals(of.account())) {
          throw new RefusedException(unknownToken());
        }
        yield account;
      }
    };
  }

  /** The account of the other side; the look-up is limited for everybody but the counter. */
  AccountId other(String nameOrAccount, Municipality municipality, Caller caller) {
    String limited =
        switch (rightToAsk(caller)) {
          case Right.AtCounter at -> null;
          case Right.OfToken of -> "token " + of.account();
          case Right.None none -> caller.network();
        };
    return account(nameOrAccount, municipality, limited);
  }

  private AccountId account(
      String nameOrAccount, Municipality municipality, @Nullable String limited) {
    AccountId given = accountId(nameOrAccount);
    if (given != null) {
      if (!given.chain().equals(municipality.id())) {
        throw RefusedException.of(
            Reason.WRONG_CHAIN, given + " is not an account of " + municipality.id());
      }
      return given;
    }
    Register register = counter.registers().get(municipality.id());
    PersonName name = PersonName.of(nameOrAccount);
    if (register == null) {
      return AccountId.of(yes(neighbours.account(municipality.id(), name, limited)).what());
    }
    if (limited == null) {
      return register
          .person(name)
          .map(Person::account)
          .orElseThrow(() ->
              RefusedException.of(
                  Reason.UNKNOWN_PERSON, "not in the register of " + municipality.id()));
    }
    return switch (register.find(name, limited)) {
      case Found.Known known -> known.person().account();
      case Found.Refused refused -> throw new RefusedException(refused.refusal());
    };
  }

  private static Told.Yes yes(Told told) {
    return switch (told) {
      case Told.Yes yes -> yes;
      case Told.No no -> throw new RefusedException(no.refusal());
    };
  }

  /** Whether an account of a municipality that another node serves can receive. */
  boolean receivesElsewhere(AccountId account) {
    Told told = neighbours.receives(account);
    if (told instanceof Told.No no && no.refusal().reason() == Reason.UNKNOWN_ACCOUNT) {
      return false;
    }
    return yes(told).what().isEmpty();
  }

  /** People are named by their name, or by their account's id, which has a slash. */
  private static @Nullable AccountId accountId(String text) {
    if (text.indexOf('/') < 0) {
      return null;
    }
    try {
      return AccountId.of(text);
    } catch (MalformedException aName) {
      return null;
    }
  }

  /** Whether a register keeps this account for somebody who has not opened it yet. */
  boolean reserved(AccountId account) {
    return person(account).isPresent();
  }

  /** Notes that an account, if a register keeps it for somebody, is open now. */
  void opened(AccountId account) {
    Register register = counter.registers().get(account.chain());
    if (register != null && register.person(account).isPresent()) {
      register.opened(account);
    }
  }

  /**
   * A side of a transfer, with its name when {@code named} and known here or to its own node.
   *
   * @param other the other side, in whose municipality's name it is asked for
   */
  Party party(AccountId account, boolean named, TransferId transfer, AccountId other) {
    Party party = party(account, named);
    boolean elsewhere = neighbours.gateway(account.chain()) != null;
    return named && elsewhere && party.name() == null
        ? new Party(account, neighbours.name(transfer, account, other.chain()).orElse(null))
        : party;
  }

  /** Somebody, with the name when {@code named} and known here. */
  Party party(AccountId account, boolean named) {
    return new Party(account, named ? person(account).map(Person::shown).orElse(null) : null);
  }

  /** The sender's line for the receiver, which the receiver's register keeps. */
  @Nullable String memo(AccountId receiver, @Nullable Hash memoHash) {
    Register register = counter.registers().get(receiver.chain());
    return register == null || memoHash == null
        ? null
        : register.memo(memoHash).map(Memo::text).orElse(null);
  }

  /** Keeps a memo before its transfer is ordered (REG-13). */
  void keep(AccountId receiver, Memo memo) {
    Register register = counter.registers().get(receiver.chain());
    if (register == null) {
      yes(neighbours.keep(receiver.chain(), memo));
    } else {
      register.keepMemo(memo);
    }
  }

  private Optional<Person> person(AccountId account) {
    Register register = counter.registers().get(account.chain());
    return register == null ? Optional.empty() : register.person(account);
  }
}
