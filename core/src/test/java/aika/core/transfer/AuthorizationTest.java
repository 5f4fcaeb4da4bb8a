package aika.core.transfer;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who must sign what: exactly these, with real signatures. */
final class AuthorizationTest {
  private static final TestFederation FED =
      new TestFederation(
          TestFederation.Signing.REAL, TestFederation.Between.CARRIED, Policy.standard());
  private static final AccountId A = FED.open(KOMATSU, "aaaa");
  private static final AccountId B = FED.open(KANAZAWA, "bbbb");
  private static final Row.Account ROW_A = FED.chain(KOMATSU).account(A);
  private static final String REGISTRAR = "aika.example/Asia-Komatsu/registrar1";
  private static final String ISSUER_1 = "aika.example/Asia-Komatsu/issuer1";
  private static final String ISSUER_2 = "aika.example/Asia-Komatsu/issuer2";

  private final Authorization authorization = new Authorization(FED.directory(), new Ed25519(64));

  private static Order.Open open() {
    AccountId account = new AccountId(KOMATSU, "newone");
    return new Order.Open(FED.header(), account, FED.signer(account.toString()).publicKey());
  }

  private static Order.Issue issue() {
    return new Order.Issue(FED.header(), A, Money.of("1.00"));
  }

  static Stream<Order> byAccount() {
    TransferId transfer = TransferId.of("Asia-Komatsu:9");
    return Stream.of(
        FED.sendOrder(A, B, "1.00"),
        new Order.Decide(FED.header(), A, transfer, true),
        new Order.Decide(FED.header(), A, transfer, false),
        new Order.Cancel(FED.header(), A, transfer),
        new Order.VetoRecovery(FED.header(), A),
        new Order.Close(FED.header(), A),
        new Order.AutoReceive(FED.header(), A, Money.of("1.00")),
        new Order.SendBatch(
            FED.header(),
            A,
            List.of(new Order.Payment(B, Money.of("1.00")), new Order.Payment(B, Money.of("2.00"))),
            TestFederation.START));
  }

  private void valid(byte[] key, SignedOrder order, Row.@Nullable Account account) {
    Authorization.Verdict verdict = authorization.check(order, account);
    assertArrayEquals(key, assertInstanceOf(Authorization.Verdict.Valid.class, verdict).key());
  }

  private void invalid(Reason reason, SignedOrder order, Row.@Nullable Account account) {
    Authorization.Verdict verdict = authorization.check(order, account);
    assertEquals(
        reason, assertInstanceOf(Authorization.Verdict.Invalid.class, verdict).refusal().reason());
  }

  private static SignedOrder broken(SignedOrder good, int line) {
    List<NoteSignature> lines = new ArrayList<>(good.note().signatures());
    NoteSignature old = lines.get(line);
    byte[] bytes = old.bytes();
    bytes[40] ^= 1;
    lines.set(line, new NoteSignature(old.name(), old.keyId(), bytes));
    return SignedOrder.of(new SignedNote(good.note().text(), lines));
  }

  @ParameterizedTest
  @MethodSource("byAccount")
  void residentsSignAlone(Order order) {
    String name = A.toString();
    valid(ROW_A.publicKey(), FED.sign(order, name), ROW_A);
    invalid(Reason.UNKNOWN_ACCOUNT, FED.sign(order, name), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, B.toString()), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, name, REGISTRAR), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, REGISTRAR, name), ROW_A);
    invalid(Reason.BAD_SIGNATURE, broken(FED.sign(order, name), 0), ROW_A);
    // The right key under another name, and the right name with another key.
    invalid(
        Reason.BAD_SIGNATURE,
        SignedOrder.of(SignedNote.sign(order.text(), "aaaa", Ed25519.TYPE, FED.signer(name))),
        ROW_A);
    invalid(
        Reason.BAD_SIGNATURE,
        SignedOrder.of(SignedNote.sign(order.text(), name, Ed25519.TYPE, FED.signer("x"))),
        ROW_A);
    // The signature of another text.
    NoteSignature other =
        FED.sign(FED.sendOrder(A, B, "2.00"), name).note().signatures().getFirst();
    invalid(
        Reason.BAD_SIGNATURE, SignedOrder.of(new SignedNote(order.text(), List.of(other))), ROW_A);
  }

  @Test
  void residentAndRegistrarOpen() {
    Order.Open open = open();
    String name = open.account().toString();
    valid(open.publicKey(), FED.sign(open, name, REGISTRAR), null);
    valid(open.publicKey(), FED.sign(open, REGISTRAR, name), null);
    valid(open.publicKey(), FED.sign(open, name, "aika.example/Asia-Komatsu/registrar2"), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, name), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, REGISTRAR), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, name, B.toString()), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, A.toString(), REGISTRAR), null);
    invalid(
        Reason.BAD_SIGNATURE, FED.sign(open, name, "aika.example/Asia-Kanazawa/registrar1"), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, name, ISSUER_1), null);
    invalid(
        Reason.BAD_SIGNATURE,
        FED.sign(open, REGISTRAR, "aika.example/Asia-Komatsu/registrar2"),
        null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, name, REGISTRAR, ISSUER_1), null);
    invalid(Reason.BAD_SIGNATURE, broken(FED.sign(open, name, REGISTRAR), 0), null);
    invalid(Reason.BAD_SIGNATURE, broken(FED.sign(open, name, REGISTRAR), 1), null);
  }

  @Test
  void twoIssuersIssue() {
    Order.Issue issue = issue();
    valid(new byte[Order.KEY_BYTES], FED.sign(issue, ISSUER_1, ISSUER_2), null);
    valid(
        new byte[Order.KEY_BYTES],
        FED.sign(issue, "aika.example/Asia-Komatsu/issuer3", ISSUER_1),
        null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(issue, ISSUER_1), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(issue, ISSUER_1, REGISTRAR), null);
    invalid(
        Reason.BAD_SIGNATURE,
        FED.sign(issue, ISSUER_1, "aika.example/Asia-Kanazawa/issuer2"),
        null);
    invalid(
        Reason.BAD_SIGNATURE,
        FED.sign(issue, ISSUER_1, ISSUER_2, "aika.example/Asia-Komatsu/issuer3"),
        null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(issue, ISSUER_1, ISSUER_2, A.toString()), null);
    invalid(Reason.BAD_SIGNATURE, broken(FED.sign(issue, ISSUER_1, ISSUER_2), 0), null);
    invalid(Reason.BAD_SIGNATURE, broken(FED.sign(issue, ISSUER_1, ISSUER_2), 1), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(issue, A.toString()), ROW_A);
  }

  @Test
  void theOldAndTheNewKeyRotate() {
    String name = A.toString();
    Order rotate = new Order.RotateKey(FED.header(), A, FED.signer("fresh").publicKey());
    valid(ROW_A.publicKey(), signed(rotate, name, name, "fresh"), ROW_A);
    valid(ROW_A.publicKey(), signed(rotate, name, "fresh", name), ROW_A);
    invalid(Reason.UNKNOWN_ACCOUNT, signed(rotate, name, name, "fresh"), null);
    invalid(Reason.BAD_SIGNATURE, signed(rotate, name, name), ROW_A);
    invalid(Reason.BAD_SIGNATURE, signed(rotate, name, "fresh"), ROW_A);
    invalid(Reason.BAD_SIGNATURE, signed(rotate, name, name, "other"), ROW_A);
    invalid(Reason.BAD_SIGNATURE, signed(rotate, name, "fresh", "other"), ROW_A);
    invalid(Reason.BAD_SIGNATURE, signed(rotate, name, name, "fresh", "other"), ROW_A);
  }

  /** Signed under one name with the keys of these words. */
  private static SignedOrder signed(Order order, String name, String... words) {
    SignedNote note = SignedNote.sign(order.text(), name, Ed25519.TYPE, FED.signer(words[0]));
    for (int i = 1; i < words.length; i++) {
      note = note.signedBy(name, Ed25519.TYPE, FED.signer(words[i]));
    }
    return SignedOrder.of(note);
  }

  @Test
  void theNewKeyAndARegistrarRecover() {
    String name = A.toString();
    Order recover = new Order.RecoverKey(FED.header(), A, FED.signer("fresh").publicKey());
    SignedNote fresh = signed(recover, name, "fresh").note();
    valid(new byte[Order.KEY_BYTES], and(fresh, REGISTRAR), ROW_A);
    invalid(Reason.BAD_SIGNATURE, SignedOrder.of(fresh), ROW_A);
    invalid(Reason.BAD_SIGNATURE, and(fresh, ISSUER_1), ROW_A);
    invalid(Reason.BAD_SIGNATURE, and(fresh, "aika.example/Asia-Kanazawa/registrar1"), ROW_A);
    invalid(Reason.BAD_SIGNATURE, and(and(fresh, REGISTRAR).note(), ISSUER_1), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(recover, REGISTRAR), ROW_A);
    invalid(
        Reason.BAD_SIGNATURE,
        FED.sign(recover, REGISTRAR, "aika.example/Asia-Komatsu/registrar2"),
        ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(recover, name, REGISTRAR), ROW_A);
  }

  private static SignedOrder and(SignedNote note, String name) {
    return SignedOrder.of(note.signedBy(name, Ed25519.TYPE, FED.signer(name)));
  }

  @Test
  void aRegistrarOrTheHolderFreezesAndBothUnfreeze() {
    String name = A.toString();
    Order freeze = new Order.Freeze(FED.header(), A, true);
    valid(new byte[Order.KEY_BYTES], FED.sign(freeze, REGISTRAR), ROW_A);
    valid(ROW_A.publicKey(), FED.sign(freeze, name), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(freeze, ISSUER_1), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(freeze, "aika.example/Asia-Kanazawa/registrar1"), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(freeze, REGISTRAR, name), ROW_A);
    byBoth(new Order.Freeze(FED.header(), A, false), REGISTRAR, ISSUER_1);
  }

  @Test
  void theHolderAndAnIssuerRedeem() {
    byBoth(new Order.Redeem(FED.header(), A, Money.of("1.00")), ISSUER_1, REGISTRAR);
  }

  private void byBoth(Order order, String official, String other) {
    String name = A.toString();
    valid(ROW_A.publicKey(), FED.sign(order, name, official), ROW_A);
    valid(ROW_A.publicKey(), FED.sign(order, official, name), ROW_A);
    invalid(Reason.UNKNOWN_ACCOUNT, FED.sign(order, name, official), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, name), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, official), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, name, other), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, B.toString(), official), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, official, other), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(order, name, official, other), ROW_A);
  }

  @Test
  void anIssuerOfEachSideClears() {
    Order clear = new Order.Clear(FED.header(), KOMATSU, KANAZAWA, Money.of("1.00"), true);
    String theirs = "aika.example/Asia-Kanazawa/issuer1";
    valid(new byte[Order.KEY_BYTES], FED.sign(clear, ISSUER_1, theirs), null);
    valid(new byte[Order.KEY_BYTES], FED.sign(clear, theirs, ISSUER_2), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(clear, ISSUER_1), null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(clear, ISSUER_1, ISSUER_2), null);
    invalid(
        Reason.BAD_SIGNATURE, FED.sign(clear, theirs, "aika.example/Asia-Kanazawa/issuer2"), null);
    invalid(
        Reason.BAD_SIGNATURE, FED.sign(clear, ISSUER_1, "aika.example/Europe-Paris/issuer1"), null);
    invalid(
        Reason.BAD_SIGNATURE,
        FED.sign(clear, ISSUER_1, "aika.example/Asia-Kanazawa/registrar1"),
        null);
    invalid(Reason.BAD_SIGNATURE, FED.sign(clear, ISSUER_1, theirs, ISSUER_2), null);
  }

  @Test
  void aCandidateHasTheSeatsKey() {
    Signer seat = TestKeys.mlDsa44("seat");
    Order.Header header = FED.header();
    byte[] own = seat.sign(Order.Stand.possessionMessage(header, A));
    byte[] others = seat.sign(Order.Stand.possessionMessage(header, B));
    Order stand = new Order.Stand(header, A, seat.publicKey(), own);
    valid(ROW_A.publicKey(), FED.sign(stand, A.toString()), ROW_A);
    invalid(Reason.BAD_SIGNATURE, FED.sign(stand, REGISTRAR), ROW_A);
    Order borrowed = new Order.Stand(header, A, seat.publicKey(), others);
    invalid(Reason.BAD_SIGNATURE, FED.sign(borrowed, A.toString()), ROW_A);
  }

  // ---- recovery and conflicts

  private static SignedRecovery signed(Recovery recovery, List<String> names) {
    SignedNote note =
        SignedNote.sign(
            recovery.text(), names.getFirst(), Ed25519.TYPE, FED.signer(names.getFirst()));
    for (String name : names.subList(1, names.size())) {
      note = note.signedBy(name, Ed25519.TYPE, FED.signer(name));
    }
    return SignedRecovery.parse(note.encode());
  }

  @Test
  void theRecoveryQuorumAndNobodyElseRecovers() {
    Recovery close =
        new Recovery.Close(TestFederation.ID, KOMATSU, 1, KANAZAWA, "merged into Kanazawa");
    String one = "aika.example/Asia-Komatsu/recovery1";
    String two = "aika.example/Asia-Komatsu/recovery2";
    assertTrue(authorization.recovered(signed(close, List.of(one, two))));
    assertTrue(
        authorization.recovered(
            signed(close, List.of(two, "aika.example/Asia-Komatsu/recovery3"))));
    for (List<String> names :
        List.of(
            List.of(one),
            List.of(one, ISSUER_1),
            List.of(one, two, ISSUER_1),
            List.of(
                "aika.example/Asia-Kanazawa/recovery1", "aika.example/Asia-Kanazawa/recovery2"))) {
      assertFalse(authorization.recovered(signed(close, names)), names::toString);
    }
    Recovery elsewhere =
        new Recovery.Close(
            TestFederation.ID, ChainId.of("Asia-Nowhere"), 1, KANAZAWA, "not in the directory");
    assertFalse(authorization.recovered(signed(elsewhere, List.of(one, two))));
  }

  @Test
  void aQuorumIsMoreThanHalf() {
    Directory.Quorum quorum = FED.directory().entry(KOMATSU).recovery();
    List<VerifierKey> keys = quorum == null ? List.of() : quorum.keys();
    assertEquals(3, new Directory.Quorum(3, keys).threshold());
    assertThrows(IllegalArgumentException.class, () -> new Directory.Quorum(1, keys));
    assertThrows(IllegalArgumentException.class, () -> new Directory.Quorum(4, keys));
  }

  private static SignedCheckpoint approved(String root, int seats) {
    Directory.Entry entry = FED.directory().entry(KOMATSU);
    String origin = entry.logKey().name();
    Checkpoint checkpoint = new Checkpoint(origin, 9, Hash.of(TestKeys.seed(root)));
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, FED.signer(origin));
    for (VerifierKey seat : entry.seats().keys().subList(0, seats)) {
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, seat.name(), 1, TestKeys.mlDsa44(seat.name())));
    }
    return signed;
  }

  @Test
  void aQuorumIsConvictedOfBothHistories() {
    Seats seats = FED.directory().entry(KOMATSU).seats();
    SignedCheckpoint one = approved("one", 4);
    SignedCheckpoint two = approved("two", 4);
    assertTrue(authorization.convicted(ConflictProof.of(one, two), seats));
    assertFalse(authorization.convicted(ConflictProof.of(one, approved("two", 3)), seats));
    assertFalse(authorization.convicted(ConflictProof.of(approved("one", 3), two), seats));
  }

  @Test
  void theChainMustBeAMunicipalityOfTheDirectory() {
    for (String account : List.of("Asia/aaaa", "Asia-Nowhere/aaaa")) {
      Order order =
          new Order.Cancel(FED.header(), AccountId.of(account), TransferId.of("Asia-Komatsu:1"));
      invalid(Reason.UNKNOWN_CHAIN, FED.sign(order, account), ROW_A);
    }
  }

  @Test
  void executionComparesTheKeyAgain() {
    Row.Account row = FED.chain(KOMATSU).state().get(new Key.OfAccount(A));
    assertEquals(true, row != null && row.hasKey(ROW_A.publicKey()));
    assertEquals(false, row != null && row.hasKey(new byte[32]));
    assertEquals(false, row != null && row.hasKey(null));
  }

  /** One person under two names would be both issuers. */
  @Test
  void noOfficialIsListedTwice() {
    Directory.Entry entry = FED.directory().entry(KOMATSU);
    VerifierKey one = entry.issuers().getFirst();
    VerifierKey renamed = new VerifierKey("Asia-Komatsu/other", Ed25519.TYPE, one.publicKey());
    VerifierKey sameName = TestKeys.verifier(one.name(), FED.signer("another"));
    for (List<VerifierKey> twice :
        List.of(List.of(one, one), List.of(one, renamed), List.of(one, sameName))) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new Directory.Entry(
                  KOMATSU, entry.logKey(), entry.seats(), twice, entry.registrars()));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new Directory.Entry(KOMATSU, entry.logKey(), entry.seats(), entry.issuers(), twice));
    }
  }
}
