package aika.node.operate;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.config.Federation;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.gateway.RefusedException;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.OutcomeUnknownException;
import aika.node.order.Shard;
import aika.node.register.PersonName;
import aika.node.register.Register;
import aika.node.wallet.CounterWallet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** People who get an account at the counter, or want theirs to go on [OPR-10, OPR-15]. */
public final class ResidentRoutes {
  private final Federation federation;
  private final KeyFiles keys;
  private final Shard shard;
  private final Map<ChainId, Register> registers;
  private final CounterWallet wallet;
  private final LongSupplier clock;
  private final Unfreezing unfreezing;

  /**
   * @param keys where the registrars' keys are
   * @param registers of the municipalities that are served here
   * @param clock ms since 1970
   */
  public ResidentRoutes(
      Federation federation,
      KeyFiles keys,
      Shard shard,
      Map<ChainId, Register> registers,
      CounterWallet wallet,
      LongSupplier clock) {
    this.federation = federation;
    this.keys = keys;
    this.shard = shard;
    this.registers = Map.copyOf(registers);
    this.wallet = wallet;
    this.clock = clock;
    unfreezing = new Unfreezing(federation.id(), shard, wallet, clock);
  }

  void add(OperatorRules rules) {
    rules.post("/residents/{chain}", this::open).post("/unfreezing", this::unfreeze);
  }

  private void open(Call call) {
    AccountId account = open(ChainId.of(call.path("chain")), PersonName.of(call.body().strip()));
    call.answer(Map.of("account", account));
  }

  private void unfreeze(Call call) {
    AccountId account = AccountId.of(call.body().strip());
    call.answer(Map.of("note", unfreezing.note(account).toString()));
  }

  /** Asking again finds the account that is there. */
  private AccountId open(ChainId id, PersonName name) {
    Register register = registers.get(id);
    if (register == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not served here");
    }
    Chain chain = shard.chain(id);
    AccountId account = register.reserve(name).account();
    if (chain.get(new Key.OfAccount(account)) == null) {
      ordered(signed(account));
    }
    register.opened(account);
    return account;
  }

  private SignedOrder signed(AccountId account) {
    Municipality municipality = federation.municipality(account.chain().value()).orElseThrow();
    List<HeldKey> registrars = keys.registrars(municipality);
    if (registrars.isEmpty()) {
      throw RefusedException.of(
          Reason.BAD_SIGNATURE, "no registrar's key of " + municipality.id() + " is on this node");
    }
    long notAfter = clock.getAsLong() + federation.limits().notAfterStandard().toMillis();
    Order.Header header =
        new Order.Header(federation.id(), new OrderId(UUID.randomUUID()), notAfter / 1_000 * 1_000);
    Order order = new Order.Open(header, account, wallet.open(account));
    HeldKey registrar = registrars.getFirst();
    SignedNote note =
        wallet
            .sign(order)
            .note()
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    return SignedOrder.of(note);
  }

  private void ordered(SignedOrder order) {
    try {
      if (shard.submit(order, null) instanceof Answer.Refused refused) {
        throw new RefusedException(refused.refusal());
      }
    } catch (OutcomeUnknownException unknown) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    }
  }
}
