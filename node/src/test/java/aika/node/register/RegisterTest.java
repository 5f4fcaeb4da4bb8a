package aika.node.register;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.store.SideStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegisterTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final PersonName A = PersonName.of("A");
  private static final PersonName B = PersonName.of("B");
  private static final PersonName HANAKO = PersonName.of("Hanako-Komatsu");
  private static final AccountId OWN_DEVICE = AccountId.of("Asia-Komatsu/k3v9q2mw");

  @TempDir Path data;

  private final AtomicLong nanos = new AtomicLong();
  private SideStore store;
  private Register register;

  @BeforeEach
  void open() {
    store = SideStore.open(data.resolve("register"));
    register = registerOf(KOMATSU);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void nobodyIsThereAtFirst() {
    assertRefused(Reason.UNKNOWN_PERSON, register.find(A, "x"));
    assertRefused(Reason.UNKNOWN_PERSON, register.find(OWN_DEVICE, "x"));
    assertRefused(Reason.UNKNOWN_PERSON, register.rename(A, B));
    assertFalse(register.erase(A));
    assertThrows(RegisterException.class, () -> register.opened(OWN_DEVICE));
    assertThrows(RegisterException.class, () -> register.displayAs(OWN_DEVICE, "A"));
  }

  @Test
  void aContinentHasNoRegister() {
    assertThrows(IllegalArgumentException.class, () -> registerOf(ChainId.of("Asia")));
  }

  @Test
  void anIdIsReservedOnceAndOpenedLater() {
    Person reserved = register.reserve(A);
    assertFalse(reserved.open());
    assertEquals(KOMATSU, reserved.account().chain());
    assertEquals(Register.LOCAL_CHARS, reserved.account().local().length());
    assertEquals(reserved, register.reserve(A));
    assertNotEquals(reserved.account(), register.reserve(B).account());

    register.opened(reserved.account());
    register.opened(reserved.account());
    Person open = register.reserve(A);
    assertTrue(open.open());
    assertEquals(reserved.account(), open.account());
  }

  @Test
  void aNameIsFoundByItsAccountAndBack() {
    Person bound = known(register.bind(A, OWN_DEVICE));
    assertTrue(bound.open());
    assertEquals(bound, known(register.find(A, "x")));
    assertEquals(bound, known(register.find(OWN_DEVICE, "x")));
    assertEquals(bound, known(register.bind(A, OWN_DEVICE)), "twice changes nothing");
    assertRefused(Reason.UNKNOWN_PERSON, register.find(PersonName.of("a"), "x"));
  }

  @Test
  void whatCannotBeBound() {
    known(register.bind(A, OWN_DEVICE));
    AccountId other = AccountId.of("Asia-Komatsu/p8d1x7aa");
    assertRefused(Reason.WRONG_CHAIN, register.bind(B, AccountId.of("Asia-Kanazawa/p8d1x7aa")));
    assertRefused(Reason.WRONG_CHAIN, register.bind(B, AccountId.own(KOMATSU, "holds")));
    assertRefused(Reason.NAME_TAKEN, register.bind(A, other));
    assertRefused(Reason.ACCOUNT_EXISTS, register.bind(B, OWN_DEVICE));
    known(register.bind(B, other));
    assertRefused(Reason.NAME_TAKEN, register.rename(A, B));
    assertEquals(OWN_DEVICE, register.person(A).orElseThrow().account());
  }

  @Test
  void anErasedAccountNeverComesBack() throws IOException {
    known(register.bind(HANAKO, OWN_DEVICE));
    register.displayAs(OWN_DEVICE, "Hana of Komatsu");
    assertTrue(register.erase(HANAKO));
    assertFalse(register.erase(HANAKO));
    assertEquals(Optional.empty(), register.person(HANAKO));
    assertEquals(Optional.empty(), register.person(OWN_DEVICE));
    assertRefused(Reason.ACCOUNT_EXISTS, register.bind(A, OWN_DEVICE));
    assertThrows(RegisterException.class, () -> register.opened(OWN_DEVICE));
    assertNotEquals(OWN_DEVICE, register.reserve(HANAKO).account());
    register.erase(HANAKO);

    reopen();
    assertRefused(Reason.ACCOUNT_EXISTS, register.bind(A, OWN_DEVICE));
    store.close();
    assertFalse(inAnyFile("Hana"));
  }

  @Test
  void aDrawnIdThatWasUsedIsDrawnAgain() {
    SecureRandom repeating =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;
          private int draws;

          @Override
          public int nextInt(int bound) {
            // aaaaaaaa, aaaaaaaa, bbbbbbbb, …
            int round = draws++ / Register.LOCAL_CHARS;
            return round < 2 ? 0 : round - 1;
          }
        };
    Register drawn = new Register(store, KOMATSU, repeating, Rate.DEFAULT, nanos::get);
    assertEquals("aaaaaaaa", drawn.reserve(A).account().local());
    drawn.erase(A);
    assertEquals("bbbbbbbb", drawn.reserve(A).account().local());
  }

  @Test
  void everythingSurvivesARestart() {
    AccountId reserved = register.reserve(B).account();
    known(register.bind(A, OWN_DEVICE));
    register.displayAs(OWN_DEVICE, "小松 花子");
    Memo memo = Memo.of("米 5kg", new SecureRandom());
    register.keepMemo(memo);

    reopen();
    assertEquals("小松 花子", register.person(A).orElseThrow().shown());
    assertEquals(new Person(B, reserved, false, null), register.person(B).orElseThrow());
    assertEquals("B", register.person(B).orElseThrow().shown());
    assertEquals(Optional.of(memo), register.memo(memo.hash()));
  }

  @Test
  void renamingKeepsTheAccount() throws IOException {
    known(register.bind(HANAKO, OWN_DEVICE));
    register.displayAs(OWN_DEVICE, "花子");
    Person renamed = known(register.rename(HANAKO, B));
    assertEquals(new Person(B, OWN_DEVICE, true, "花子"), renamed);
    assertEquals(Optional.empty(), register.person(HANAKO));
    assertEquals(renamed, known(register.rename(B, B)));
    assertEquals(renamed, register.person(B).orElseThrow());
    store.close();
    assertFalse(inAnyFile("Hanako"));
  }

  @Test
  void displayNamesHaveLimits() {
    known(register.bind(A, OWN_DEVICE));
    register.displayAs(OWN_DEVICE, "あ".repeat(64));
    for (String wrong : new String[] {"", "  ", "あ".repeat(65), "a\nb", "\u202eabc"}) {
      assertThrows(MalformedException.class, () -> register.displayAs(OWN_DEVICE, wrong));
    }
    assertEquals("あ".repeat(64), register.person(A).orElseThrow().shown());
    register.displayAs(OWN_DEVICE, null);
    assertEquals("A", register.person(A).orElseThrow().shown());
  }

  @Test
  void aMemoCanBeErased() throws IOException {
    Memo memo = Memo.of("five kilos of rice", new SecureRandom());
    assertEquals(Optional.empty(), register.memo(memo.hash()));
    assertFalse(register.eraseMemo(memo.hash()));
    register.keepMemo(memo);
    register.keepMemo(memo);
    assertEquals("five kilos of rice", register.memo(memo.hash()).orElseThrow().text());
    assertTrue(register.eraseMemo(memo.hash()));
    assertEquals(Optional.empty(), register.memo(memo.hash()));
    store.close();
    assertFalse(inAnyFile("five kilos"));
  }

  @Test
  void municipalitiesInOneStoreDoNotMix() {
    Register kanazawa = registerOf(ChainId.of("Asia-Kanazawa"));
    known(register.bind(A, OWN_DEVICE));
    assertEquals(Optional.empty(), kanazawa.person(A));
    assertEquals(Optional.empty(), kanazawa.person(OWN_DEVICE));
    assertEquals(ChainId.of("Asia-Kanazawa"), kanazawa.reserve(A).account().chain());
    assertEquals(OWN_DEVICE, register.person(A).orElseThrow().account());
  }

  @Test
  void lookUpsAreLimitedForEachCaller() {
    register = new Register(store, KOMATSU, new SecureRandom(), new Rate(1, 2, 9), nanos::get);
    known(register.bind(A, OWN_DEVICE));
    known(register.find(A, "192.0.2.1"));
    assertRefused(Reason.UNKNOWN_PERSON, register.find(B, "192.0.2.1"));
    assertRefused(Reason.TOO_MANY_REQUESTS, register.find(A, "192.0.2.1"));
    assertRefused(Reason.TOO_MANY_REQUESTS, register.find(OWN_DEVICE, "192.0.2.1"));
    known(register.find(A, "192.0.2.2"));
    nanos.addAndGet(1_000_000_000);
    known(register.find(A, "192.0.2.1"));
  }

  @Test
  void aDamagedRowIsSaid() {
    known(register.bind(A, OWN_DEVICE));
    store.change().put("a/Asia-Komatsu/k3v9q2mw", "open\nA".getBytes(UTF_8)).commit();
    assertThrows(RegisterException.class, () -> register.person(A));
    Memo memo = Memo.of("x", new SecureRandom());
    Memo other = Memo.of("y", new SecureRandom());
    String key = "m/Asia-Komatsu/" + HexFormat.of().formatHex(memo.hash().bytes());
    for (String row : new String[] {"no salt", memo.salt() + "\ny", other.salt() + "\nx"}) {
      store.change().put(key, row.getBytes(UTF_8)).commit();
      assertThrows(RegisterException.class, () -> register.memo(memo.hash()));
    }
  }

  @Test
  void aPersonIsNotShownByAccident() {
    Person person = new Person(HANAKO, OWN_DEVICE, true, "Hana");
    assertFalse(new Found.Known(person).toString().contains("Hana"));
  }

  private void reopen() {
    store.close();
    open();
  }

  private Register registerOf(ChainId municipality) {
    return new Register(store, municipality, new SecureRandom(), Rate.DEFAULT, nanos::get);
  }

  private boolean inAnyFile(String text) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("register"))) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), UTF_8).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Person known(Found found) {
    return assertInstanceOf(Found.Known.class, found).person();
  }

  private static void assertRefused(Reason reason, Found found) {
    assertEquals(reason, assertInstanceOf(Found.Refused.class, found).refusal().reason());
  }
}
