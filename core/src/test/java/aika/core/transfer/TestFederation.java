package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A small federation for tests: orders in one line, evidence fetched where it is needed. */
public final class TestFederation {
  public static final String ID = "aika.example";
  public static final ChainId ASIA = ChainId.of("Asia");
  public static final ChainId EUROPE = ChainId.of("Europe");
  public static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  public static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  public static final ChainId PARIS = ChainId.of("Europe-Paris");

  /** 2026-11-22T10:00:00Z. */
  public static final long START = 1_795_341_600_000L;

  public static final long HOUR = 3_600_000L;

  /** Which signatures the orders carry. */
  public enum Signing {
    CHEAP,
    REAL
  }

  /** How evidence reaches the other chain. */
  public enum Between {
    CARRIED,
    SIBLINGS
  }

  private final Signing signing;
  private final Between between;
  private final Directory directory;
  private final Map<ChainId, TestChain> chains = new LinkedHashMap<>();
  private final Map<String, Signer> signers = new HashMap<>();
  private long now = START;
  private long orders;

  public TestFederation(Signing signing, Between between, Policy policy) {
    this(signing, between, policy, Hash.of(TestKeys.seed("federation.yaml")));
  }

  /**
   * @param file the hash of the federation file, which leaf 0 of every chain logs
   */
  public TestFederation(Signing signing, Between between, Policy policy, Hash file) {
    this.signing = signing;
    this.between = between;
    List<ChainId> ids = List.of(ASIA, EUROPE, KOMATSU, KANAZAWA, PARIS);
    Map<ChainId, Directory.Entry> directoryEntries = new LinkedHashMap<>();
    ids.forEach(id -> directoryEntries.put(id, directoryEntry(id)));
    directory = new Directory(ID, file, policy, directoryEntries);
    for (ChainId id : ids) {
      Siblings siblings =
          between == Between.CARRIED ? Siblings.NONE : other -> chain(other).state();
      chains.put(id, new TestChain(id, directory, siblings));
    }
    chains.values().forEach(chain -> chain.accepted(now, new Action.Genesis(directory.fileHash())));
  }

  /** With cheap signatures, carried evidence and the standard limits. */
  public static TestFederation standard() {
    return new TestFederation(Signing.CHEAP, Between.CARRIED, Policy.standard());
  }

  public static TestFederation with(Policy policy) {
    return new TestFederation(Signing.CHEAP, Between.CARRIED, policy);
  }

  private Directory.Entry directoryEntry(ChainId id) {
    String origin = ID + '/' + id;
    VerifierKey log = TestKeys.verifier(origin, signer(origin));
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      String name = origin + "/seat" + i;
      seats.add(TestKeys.cosigner(name, seatSigner(name)));
    }
    List<VerifierKey> issuers =
        id.municipal()
            ? List.of(official(id, "issuer1"), official(id, "issuer2"), official(id, "issuer3"))
            : List.of();
    List<VerifierKey> registrars =
        id.municipal()
            ? List.of(official(id, "registrar1"), official(id, "registrar2"))
            : List.of();
    List<VerifierKey> recovery =
        List.of(official(id, "recovery1"), official(id, "recovery2"), official(id, "recovery3"));
    return new Directory.Entry(
        id, log, new Seats(1, seats), issuers, registrars, new Directory.Quorum(2, recovery));
  }

  private VerifierKey official(ChainId id, String role) {
    String name = official(id.value(), role);
    return TestKeys.verifier(name, signer(name));
  }

  /** The key name of an official of a chain, as the federation file has it. */
  public static String official(String chain, String role) {
    return ID + "/" + chain + "/" + role;
  }

  /** Signs for a seat, whose key is made of its name. */
  public Signer seatSigner(String name) {
    return signing == Signing.REAL ? TestKeys.mlDsa44(name) : TestKeys.cheap(name);
  }

  public Signer signer(String word) {
    return signers.computeIfAbsent(
        word, w -> signing == Signing.REAL ? TestKeys.ed25519(w) : TestKeys.cheap(w));
  }

  public Directory directory() {
    return directory;
  }

  public Iterable<TestChain> chains() {
    return chains.values();
  }

  public TestChain chain(ChainId id) {
    TestChain chain = chains.get(id);
    if (chain == null) {
      throw new AssertionError("no such chain in the test: " + id);
    }
    return chain;
  }

  public long now() {
    return now;
  }

  public void advance(long millis) {
    now += millis;
  }

  public void at(long time) {
    now = time;
  }

  // ---- orders

  public Order.Header header() {
    long seconds = (now + 120_000) / 1_000 * 1_000;
    return header(seconds);
  }

  public Order.Header header(long notAfter) {
    orders++;
    UUID id = new UUID(0x019ab3c27c1e7000L, 0x8000000000000000L | orders);
    return new Order.Header(ID, new OrderId(id), notAfter);
  }

  /** Signs an order as whoever must sign it. */
  public SignedOrder sign(Order order) {
    String account = order.account().toString();
    String chain = order.chain().value();
    return switch (order) {
      case Order.Open o -> sign(order, account, official(chain, "registrar1"));
      case Order.Issue o -> sign(order, official(chain, "issuer1"), official(chain, "issuer2"));
      case Order.Send o -> sign(order, account);
      case Order.Decide o -> sign(order, account);
      case Order.Cancel o -> sign(order, account);
      case Order.RecoverKey o -> signedByNewKey(order, o.publicKey());
      case Order.Freeze o when o.frozen() -> sign(order, official(chain, "registrar1"));
      case Order.Freeze o -> sign(order, account, official(chain, "registrar1"));
      case Order.Redeem o -> sign(order, account, official(chain, "issuer1"));
      case Order.Clear o ->
          sign(order, official(chain, "issuer1"), official(o.counterpart().value(), "issuer1"));
      case Order.RotateKey o -> signedByBoth(order, o.publicKey());
      case Order.VetoRecovery o -> sign(order, account);
      case Order.Close o -> sign(order, account);
      case Order.AutoReceive o -> sign(order, account);
      case Order.SendBatch o -> sign(order, account);
      case Order.Stand o -> sign(order, account);
    };
  }

  /** By the account's key and a new one, both under the account's name. */
  private SignedOrder signedByBoth(Order order, byte[] newKey) {
    String account = order.account().toString();
    return SignedOrder.of(
        SignedNote.sign(order.text(), account, Ed25519.TYPE, signer(account))
            .signedBy(account, Ed25519.TYPE, signerOf(newKey)));
  }

  /** By a registrar and the new key, under the account's name. */
  private SignedOrder signedByNewKey(Order order, byte[] newKey) {
    String registrar = official(order.chain().value(), "registrar1");
    return SignedOrder.of(
        SignedNote.sign(order.text(), registrar, Ed25519.TYPE, signer(registrar))
            .signedBy(order.account().toString(), Ed25519.TYPE, signerOf(newKey)));
  }

  private Signer signerOf(byte[] publicKey) {
    return signers.values().stream()
        .filter(signer -> Arrays.equals(signer.publicKey(), publicKey))
        .findFirst()
        .orElseThrow();
  }

  /** From now on the account signs with the key of another word. */
  public void rekey(AccountId account, String word) {
    signers.put(account.toString(), signer(word));
  }

  /** Signed by two of the chain's recovery quorum. */
  public SignedRecovery sign(Recovery recovery) {
    String chain = recovery.chain().value();
    String first = official(chain, "recovery1");
    String second = official(chain, "recovery3");
    SignedNote note =
        SignedNote.sign(recovery.text(), first, Ed25519.TYPE, signer(first))
            .signedBy(second, Ed25519.TYPE, signer(second));
    return SignedRecovery.parse(note.encode());
  }

  /** Signs with keys that are named as their owners. */
  public SignedOrder sign(Order order, String... names) {
    String text = order.text();
    SignedNote note = SignedNote.sign(text, names[0], Ed25519.TYPE, signer(names[0]));
    for (int i = 1; i < names.length; i++) {
      note = note.signedBy(names[i], Ed25519.TYPE, signer(names[i]));
    }
    return SignedOrder.of(note);
  }

  public Action.Submit submission(Order order) {
    return submission(order, null);
  }

  public Action.Submit submission(Order order, Action.@Nullable Citation citation) {
    boolean official =
        switch (order) {
          case Order.Issue o -> true;
          case Order.Clear o -> true;
          case Order.RecoverKey o -> true;
          case Order.Freeze o -> o.frozen();
          default -> false;
        };
    byte[] key =
        official ? new byte[Order.KEY_BYTES] : signer(order.account().toString()).publicKey();
    return new Action.Submit(sign(order), key, now, citation);
  }

  public Applied submit(Order order) {
    return submit(order, null);
  }

  public Applied submit(Order order, Action.@Nullable Citation citation) {
    return chain(order.chain()).apply(now, submission(order, citation));
  }

  public Entry accepted(Order order) {
    return chain(order.chain()).accepted(now, submission(order));
  }

  public void refused(Reason reason, Order order) {
    chain(order.chain()).refused(reason, now, submission(order));
  }

  public void refused(Reason reason, Order order, Action.@Nullable Citation citation) {
    chain(order.chain()).refused(reason, now, submission(order, citation));
  }

  // ---- what people do

  public AccountId open(ChainId chain, String local) {
    AccountId account = new AccountId(chain, local);
    accepted(new Order.Open(header(), account, signer(account.toString()).publicKey()));
    return account;
  }

  public AccountId open(ChainId chain, String local, String amount) {
    AccountId account = open(chain, local);
    accepted(new Order.Issue(header(), account, Money.of(amount)));
    return account;
  }

  public Order.Send sendOrder(AccountId from, AccountId to, String amount) {
    long until = (now + HOUR) / 1_000 * 1_000;
    return new Order.Send(header(), from, to, Money.of(amount), until, null);
  }

  public TransferId send(AccountId from, AccountId to, String amount) {
    return new TransferId(from.chain(), accepted(sendOrder(from, to, amount)).index());
  }

  public Order.Decide receiveOrder(AccountId account, TransferId transfer) {
    return new Order.Decide(header(), account, transfer, true);
  }

  public Entry receive(AccountId account, TransferId transfer) {
    return decide(account, transfer, true);
  }

  public Entry reject(AccountId account, TransferId transfer) {
    return decide(account, transfer, false);
  }

  private Entry decide(AccountId account, TransferId transfer, boolean receive) {
    Action.Citation citation = cite(account.chain(), transfer.origin(), transfer.index());
    Order.Decide order = new Order.Decide(header(), account, transfer, receive);
    return chain(account.chain()).accepted(now, submission(order, citation));
  }

  /** The sender asks for it back. */
  public Entry cancel(AccountId account, TransferId transfer) {
    return accepted(new Order.Cancel(header(), account, transfer));
  }

  // ---- what nodes do

  public Entry expire(ChainId at, TransferId transfer) {
    return chain(at).accepted(now, expiry(at, transfer));
  }

  public Action.Conclude expiry(ChainId at, TransferId transfer) {
    return new Action.Conclude(
        transfer, OutcomeKind.EXPIRED, cite(at, transfer.origin(), transfer.index()));
  }

  /** The conclusion on the cancel order that stands as leaf {@code index} of the origin. */
  public Action.Conclude cancellation(ChainId at, TransferId transfer, long index) {
    return new Action.Conclude(transfer, OutcomeKind.CANCELLED, cite(at, transfer.origin(), index));
  }

  /** How the decision of a transfer is settled on its origin. */
  public Action.Settle settlement(ChainId decider, TransferId transfer) {
    Row.Outcome outcome = chain(decider).state().get(new Key.OfOutcome(transfer));
    if (outcome == null) {
      throw new AssertionError("not decided: " + transfer);
    }
    Action.Citation cites = cite(transfer.origin(), decider, outcome.index());
    Action.Item item = new Action.Item(transfer.index(), outcome.index(), cites.proof());
    return new Action.Settle(decider, cites.recorded(), List.of(item));
  }

  public Entry settle(ChainId decider, TransferId transfer) {
    return chain(transfer.origin()).accepted(now, settlement(decider, transfer));
  }

  /** Evidence of a leaf for another chain, whose recorded checkpoint is renewed when needed. */
  public Action.Citation cite(ChainId at, ChainId origin, long index) {
    if (at.equals(origin)) {
      return new Action.Citation(index, 0, null);
    }
    Row.Latest latest = chain(at).state().get(new Key.OfLatest(origin));
    if (latest == null || latest.size() <= index) {
      record(at, origin);
      latest = chain(at).state().get(new Key.OfLatest(origin));
    }
    long size = latest == null ? 0 : latest.size();
    return cite(origin, index, size);
  }

  /** Evidence of a leaf under the checkpoint of this size. */
  public Action.Citation cite(ChainId origin, long index, long size) {
    Action.Proof proof = between == Between.SIBLINGS ? null : chain(origin).proof(index, size);
    return new Action.Citation(index, size, proof);
  }

  /** Seals the origin and records its checkpoint. */
  public Entry record(ChainId at, ChainId origin) {
    chain(origin).seal(now);
    return chain(at).accepted(now, recording(at, origin));
  }

  public Action.RecordCheckpoint recording(ChainId at, ChainId origin) {
    TestChain other = chain(origin);
    Row.Latest latest = chain(at).state().get(new Key.OfLatest(origin));
    List<Hash> proof =
        latest == null
            ? List.of()
            : Proofs.consistency(latest.size(), other.tree().size(), other.tree());
    return new Action.RecordCheckpoint(origin, 1, checkpoint(origin), proof);
  }

  public Checkpoint checkpoint(ChainId origin) {
    TestChain other = chain(origin);
    return new Checkpoint(directory.origin(origin), other.tree().size(), other.root());
  }

  // ---- conservation

  /** Balances and holds that were not received yet are all that was issued. */
  public void checkConservation() {
    Money there = Money.ZERO;
    Money issued = Money.ZERO;
    for (TestChain chain : chains()) {
      issued = issued.minus(chain.head().issued());
      there = there.plus(chain.head().balances());
      for (Row row : chain.state().rows()) {
        if (row instanceof Row.Hold hold
            && hold.status() == Row.Hold.Status.HELD
            && !received(hold.offer().transfer(), hold.offer().to().chain())) {
          there = there.plus(hold.offer().amount());
        }
      }
    }
    if (!there.equals(issued)) {
      throw new AssertionError("issued " + issued + " but there is " + there);
    }
  }

  private boolean received(TransferId transfer, ChainId at) {
    Row.Outcome outcome = chain(at).state().get(new Key.OfOutcome(transfer));
    return outcome != null && outcome.kind() == OutcomeKind.RECEIVED;
  }
}
