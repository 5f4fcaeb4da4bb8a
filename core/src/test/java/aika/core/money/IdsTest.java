package aika.core.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each id has one text, and nothing else is read as one. */
final class IdsTest {
  private static final String LONGEST_CHAIN = "Asia-" + "x".repeat(59);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "-Komatsu",
        "Asia-",
        "Asia Komatsu",
        " Asia",
        "Asia\n",
        "As_ia",
        "As_ia-Komatsu",
        "Asia/Komatsu",
        "Asia:1",
        "Asia-Komatsu+",
        "Asia-Komatsu.x",
        "Asia-小松",
        "アジア",
        "Asia-Komatsu\u0000",
        "Ａsia"
      })
  void refusesWhatIsNoChain(String text) {
    assertThrows(MalformedException.class, () -> ChainId.of(text));
  }

  @Test
  void aChainHasAtMost64Characters() {
    assertEquals(ChainId.CHARS_MAX, LONGEST_CHAIN.length());
    assertEquals(LONGEST_CHAIN, ChainId.of(LONGEST_CHAIN).toString());
    assertThrows(MalformedException.class, () -> ChainId.of(LONGEST_CHAIN + "x"));
  }

  @Test
  void theContinentIsTheTextBeforeTheFirstDash() {
    ChainId komatsu = ChainId.of("Asia-Komatsu-shi_2");
    assertTrue(komatsu.municipal());
    assertEquals(ChainId.of("Asia"), komatsu.continent());
    ChainId asia = ChainId.of("Asia");
    assertFalse(asia.municipal());
    assertEquals(asia, asia.continent());
    assertTrue(ChainId.of("A-_").municipal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "Asia-Komatsu",
        "Asia-Komatsu/",
        "/k3v9q2mw",
        "Asia-Komatsu/abc",
        "Asia-Komatsu/ABCD",
        "Asia-Komatsu/k3v9 q2",
        "Asia-Komatsu/k3v9q2mw ",
        "Asia-Komatsu/k3v9/q2mw",
        "Asia-Komatsu/k3v9-q2",
        "Asia-Komatsu/ｋ3v9q",
        "Asia-/k3v9q2mw",
        "Asia-Komatsu/~issued",
        "Asia-Komatsu/~holds",
        "Asia-Komatsu/~clearing.Asia-Kanazawa"
      })
  void refusesWhatIsNoPersonsAccount(String text) {
    assertThrows(MalformedException.class, () -> AccountId.of(text));
  }

  @Test
  void aLocalNameHas4To32Characters() {
    String longest = "Asia-Komatsu/" + "a".repeat(AccountId.LOCAL_CHARS_MAX);
    assertEquals(longest, AccountId.of(longest).toString());
    assertEquals("Asia-Komatsu/a0z9", AccountId.of("Asia-Komatsu/a0z9").toString());
    assertThrows(MalformedException.class, () -> AccountId.of(longest + "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Asia-Komatsu/~",
        "Asia-Komatsu/~other",
        "Asia-Komatsu/~issued2",
        "Asia-Komatsu/~clearing",
        "Asia-Komatsu/~clearing.",
        "Asia-Komatsu/~clearing.Asia",
        "Asia-Komatsu/~clearing.-x",
        "Asia-Komatsu/~~issued"
      })
  void refusesWhatIsNoAccountOfAPosting(String text) {
    assertThrows(MalformedException.class, () -> AccountId.posted(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Asia-Komatsu/~issued",
        "Asia-Komatsu/~holds",
        "Asia-Komatsu/~clearing.Asia-Kanazawa",
        "Asia-Komatsu/k3v9q2mw"
      })
  void readsTheAccountsOfPostings(String text) {
    AccountId account = AccountId.posted(text);
    assertEquals(text, account.toString());
    assertEquals(text.contains("~"), account.isOwn());
  }

  @Test
  void accountsSortByChainThenName() {
    AccountId first = AccountId.of("Asia-Kanazawa/zzzz");
    AccountId second = AccountId.of("Asia-Komatsu/aaaa");
    assertTrue(first.compareTo(second) < 0);
    assertTrue(second.compareTo(AccountId.of("Asia-Komatsu/aaab")) < 0);
    assertEquals(0, first.compareTo(AccountId.of("Asia-Kanazawa/zzzz")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "Asia-Komatsu",
        "Asia-Komatsu:",
        ":1",
        "Asia-Komatsu:-1",
        "Asia-Komatsu:+1",
        "Asia-Komatsu:01",
        "Asia-Komatsu: 1",
        "Asia-Komatsu:1 ",
        "Asia-Komatsu:1.0",
        "Asia-Komatsu:１",
        "Asia-Komatsu:1:2",
        "Asia-Komatsu:9223372036854775808",
        "Asia-Komatsu:10000000000000000000"
      })
  void refusesWhatIsNoTransfer(String text) {
    assertThrows(MalformedException.class, () -> TransferId.of(text));
  }

  @Test
  void readsTransfers() {
    for (String text : new String[] {"Asia-Komatsu:0", "Asia-Komatsu:9223372036854775807"}) {
      assertEquals(text, TransferId.of(text).toString());
    }
    assertThrows(MalformedException.class, () -> new TransferId(ChainId.of("Asia-Komatsu"), -1));
    TransferId nine = TransferId.of("Asia-Komatsu:9");
    assertTrue(nine.compareTo(TransferId.of("Asia-Komatsu:10")) < 0);
    assertTrue(nine.compareTo(TransferId.of("Asia-Kanazawa:10")) > 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b1",
        "019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b100",
        "019AB3C2-7c1e-7f7a-9a51-0f6e2c1d9b10",
        "019ab3c2_7c1e-7f7a-9a51-0f6e2c1d9b10",
        "019ab3c27-c1e-7f7a-9a51-0f6e2c1d9b10",
        "{19ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b1}",
        "g19ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10",
        "+19ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10",
        "019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b1\n"
      })
  void refusesWhatIsNoOrderId(String text) {
    assertThrows(MalformedException.class, () -> OrderId.of(text));
  }

  @Test
  void readsOrderIds() {
    String id = "019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10";
    assertEquals(id, OrderId.of(id).toString());
    String zero = "00000000-0000-0000-0000-000000000000";
    assertEquals(zero, OrderId.of(zero).toString());
  }

  @Test
  void errorsQuoteLittleAndNoControlCharacters() {
    MalformedException error =
        assertThrows(MalformedException.class, () -> ChainId.of("\u001b[2J" + "x".repeat(5_000)));
    assertTrue(String.valueOf(error.getMessage()).length() < 150, error.getMessage());
    assertFalse(String.valueOf(error.getMessage()).contains("\u001b"));
  }
}
