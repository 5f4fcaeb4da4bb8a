package aika.node.neighbour;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.register.Found;
import aika.node.register.Person;
import aika.node.register.Rate;
import aika.node.register.RateLimit;
import aika.node.register.Register;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers what other nodes of the federation ask about the people of the municipalities that are
 * served here. Each chain of the federation may ask so much a second; nobody else is answered.
 */
public final class Answering {
  /** A question is of the federation's here and now, as far as clocks agree. */
  public static final long AGE_MILLIS_MAX = 120_000;

  private static final Rate RATE = new Rate(200, 2_000, 10_000);

  /** Texts are kept for good. */
  private static final Rate MEMOS = new Rate(10, 500, 10_000);

  private final Directory directory;
  private final ReadableChains chains;
  private final Map<ChainId, Register> registers;
  private final Map<ChainId, HeldKey> keys;
  private final SignatureScheme signatures;
  private final LongSupplier clock;
  private final RateLimit memos;
  private final RateLimit limit;

  /**
   * @param registers of the municipalities that are served here
   * @param keys log keys of the chains that are served here
   * @param clock ms since 1970
   */
  public Answering(
      Directory directory,
      ReadableChains chains,
      Map<ChainId, Register> registers,
      Map<ChainId, HeldKey> keys,
      SignatureScheme signatures,
      LongSupplier clock) {
    this(directory, chains, registers, keys, signatures, clock, System::nanoTime);
  }

  Answering(
      Directory directory,
      ReadableChains chains,
      Map<ChainId, Register> registers,
      Map<ChainId, HeldKey> keys,
      SignatureScheme signatures,
      LongSupplier clock,
      LongSupplier nanos) {
    memos = new RateLimit(MEMOS, nanos);
    limit = new RateLimit(RATE, nanos);
    this.directory = directory;
    this.chains = chains;
    this.registers = Map.copyOf(registers);
    this.keys = Map.copyOf(keys);
    this.signatures = signatures;
    this.clock = clock;
  }

  /**
   * The answer, signed with the log key of the chain that was asked.
   *
   * @throws aika.core.note.MalformedException when it is no question
   */
  public byte[] answer(byte[] note) {
    SignedNote signed = SignedNote.parse(note);
    Question question = Question.parse(signed.text());
    Told told = told(signed, question);
    HeldKey key = keys.getOrDefault(question.to(), keys.values().iterator().next());
    return SignedNote.sign(Told.text(told, signed), key.key().name(), Ed25519.TYPE, key.signer())
        .encode();
  }

  private Told told(SignedNote signed, Question question) {
    Directory.Entry asker = directory.find(question.from());
    Register register = registers.get(question.to());
    if (!question.federation().equals(directory.federation())) {
      return no(Reason.WRONG_FEDERATION, question.federation());
    }
    if (register == null) {
      return no(Reason.UNKNOWN_CHAIN, question.to() + " is not served here");
    }
    if (asker == null || !signed.isSignedBy(asker.logKey(), signatures)) {
      return no(Reason.BAD_SIGNATURE, "not by the log key of " + question.from());
    }
    if (Math.abs(clock.getAsLong() - question.time()) > AGE_MILLIS_MAX) {
      return no(Reason.STALE, "asked at another time; compare the clocks of the two nodes");
    }
    if (!limit.take(question.from().value())) {
      return no(Reason.TOO_MANY_REQUESTS, question.from().value());
    }
    return switch (question.about()) {
      case Question.About.Person person ->
          switch (register.find(person.name(), "node " + question.from())) {
            case Found.Known known -> new Told.Yes(known.person().account().toString());
            case Found.Refused refused -> new Told.No(refused.refusal());
          };
      case Question.About.Account account -> receives(register, account.account());
      case Question.About.Party party -> party(register, question.from(), party);
      case Question.About.Keep keep -> {
        if (!memos.take(question.from().value())) {
          yield no(Reason.TOO_MANY_REQUESTS, "memos of " + question.from());
        }
        register.keepMemo(keep.memo());
        yield new Told.Yes("");
      }
    };
  }

  private Told receives(Register register, AccountId account) {
    Chain chain = chains.find(account.chain());
    boolean there =
        account.chain().equals(register.municipality())
            && chain != null
            && (chain.get(new Key.OfAccount(account)) != null
                || register.person(account).isPresent());
    return there ? new Told.Yes("") : no(Reason.UNKNOWN_ACCOUNT, account.toString());
  }

  /** Names are told to the other side of a transfer only. */
  private Told party(Register register, ChainId asker, Question.About.Party party) {
    Offer offer = offer(party.transfer());
    boolean between =
        offer != null
            && (offer.from().equals(party.account()) && offer.to().chain().equals(asker)
                || offer.to().equals(party.account()) && offer.from().chain().equals(asker));
    return between
        ? register
            .person(party.account())
            .map(Person::shown)
            .<Told>map(Told.Yes::new)
            .orElseGet(() -> no(Reason.UNKNOWN_PERSON, party.account().toString()))
        : no(Reason.UNKNOWN_TRANSFER, party.transfer().toString());
  }

  private @Nullable Offer offer(TransferId transfer) {
    Chain origin = chains.find(transfer.origin());
    Row.Hold hold = origin == null ? null : origin.get(new Key.OfHold(transfer.index()));
    return hold == null ? null : hold.offer();
  }

  private static Told no(Reason reason, String detail) {
    return new Told.No(Refusal.of(reason, detail));
  }
}
