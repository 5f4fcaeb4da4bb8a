package aika.core.transfer;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.TestKeys;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
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
        new Order.Cancel(FED.header(), A, transfer));
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
    invalid(Reason.BAD_SIGNATURE, FED.sign(open, name, "Asia-Kanazawa/registrar1"), null);
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
    invalid(Reason.BAD_SIGNATURE, FED.sign(issue, ISSUER_1, "Asia-Kanazawa/issuer2"), null);
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
