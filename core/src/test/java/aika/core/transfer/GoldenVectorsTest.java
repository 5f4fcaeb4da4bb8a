package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.EUROPE;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The bytes of every kind of order and leaf, written out. Whoever changes one of them makes another
 * protocol. The hashes, roots and signatures were checked with another implementation, too.
 */
final class GoldenVectorsTest {
  private static WorkedExample example;

  @BeforeAll
  static void execute() {
    example = new WorkedExample();
  }

  private static void assertLeaf(ChainId chain, int index, String hash, String text) {
    Entry entry = example.chain(chain).entries().get(index);
    assertEquals(text, new String(entry.bytes(), StandardCharsets.UTF_8));
    assertEquals(hash, HexFormat.of().formatHex(entry.hash().bytes()));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(bytes, LeafText.encode(LeafText.parse(bytes)));
    int note = text.indexOf("\n\n");
    if (note >= 0) {
      byte[] order = text.substring(note + 2).getBytes(StandardCharsets.UTF_8);
      assertEquals(LeafText.kind(entry.leaf()), SignedOrder.parse(order).order().kind());
    }
  }

  private static void assertRoot(ChainId chain, String root) {
    assertEquals(root, HexFormat.of().formatHex(example.chain(chain).root().bytes()));
  }

  @Test
  void rootsOfAllLogs() {
    assertRoot(ASIA, "ff7dab57e897f936da2c27de3b52a286684552fca611c0bffe699af630b19ef0");
    assertRoot(EUROPE, "0ce65c20d6259322ca4be71c0ec857105c207566392c88a4835b92d6b1a26f89");
    assertRoot(KOMATSU, "e3ddc0a04d4b2bdd82823976adebf0b639c2cef8bc10a8e74371da895842ac38");
    assertRoot(KANAZAWA, "43775dcc95f426c653ac869294ca9a36e25febd75cf1c2601213a107f42e3885");
    assertRoot(PARIS, "c9f3c3ec6aa0e3c460b9c62128f905001fa9e3cf546a1d005a10d3e8265d8bea");
  }

  @Test
  void genesis() {
    assertLeaf(
        KOMATSU,
        0,
        "3aabce3d8e57c7744e76423ca94a67787d2d050a58a471c2b6c2b44d83c8f8ef",
        """
        aika/leaf/v1
        kind genesis
        time 2026-11-22T10:00:00.000Z
        federation aika.example
        chain Asia-Komatsu
        federation-file UB4qy5lXmSorP5YPppk0WAKOCQ0O4qwk181zBsNO3NI=
        block-entries 500
        open-holds-max 100
        valid-millis-max 7776000000
        cross-chain-min 0.01
        exposure-max 1000000.00
        exposure-sum-max 10000000.00
        issued-max 10000000000.00
        term-seats 5
        term-blocks 0
        term-millis 7776000000
        seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        """);
  }

  @Test
  void openAccount() {
    assertLeaf(
        KOMATSU,
        1,
        "82e62eda07c22f835c87417e5baf5905d469d960e884414c14963bd33881be75",
        """
        aika/leaf/v1
        kind open-account
        time 2026-11-22T10:00:01.001Z
        arrived 2026-11-22T10:00:01.001Z

        aika/order/v1
        federation aika.example
        kind open-account
        id 019ab3c2-7c1e-7000-8000-000000000001
        account Asia-Komatsu/k3v9q2mw
        key Ezo+WRQYqtUlcOS1kPsrZSkbo+9vyEaq2+cPtD3HLzQ=
        not-after 2026-11-22T10:02:01Z

        — Asia-Komatsu/k3v9q2mw IlOw8OsseWNLSbs/KtO6tmlp7KYhNQ0Adoo7Nez1vjkXwTW57m0h2My2heMbUBg5ISqZsaH4lQi5fWLTaRlcUmq3Ywg=
        — aika.example/Asia-Komatsu/registrar1 KDk0BrD6eIgTe4Nqj492iIslQeJaMvowPHMD3K/uC99QlPZq6yymfy1tqExL38taokWkIVNnCoQhWTqLc3VZFRF5tgE=
        """);
  }

  @Test
  void issue() {
    assertLeaf(
        KOMATSU,
        2,
        "d53413d842671e3b8a24536867b2e0a874ab30ec41cc57f58728cede0a937198",
        """
        aika/leaf/v1
        kind issue
        time 2026-11-22T10:00:03.003Z
        arrived 2026-11-22T10:00:03.003Z
        post Asia-Komatsu/~issued -1000.00 -1000.00
        post Asia-Komatsu/k3v9q2mw 1000.00 1000.00

        aika/order/v1
        federation aika.example
        kind issue
        id 019ab3c2-7c1e-7000-8000-000000000003
        to Asia-Komatsu/k3v9q2mw
        amount 1000.00
        not-after 2026-11-22T10:02:03Z

        — aika.example/Asia-Komatsu/issuer1 2Ws5TDWtaIrKoYocWweAFX/oMGPz1682Mp3cW4oZKlDwymxhtoer33LJEmp6WlLRoeOg3j7jhc4NqbtpWiY+HAsE/wE=
        — aika.example/Asia-Komatsu/issuer2 GD1JXQbvuOiAMJQh+KsVxQLiOj9IQ9COBqXqNzt+eo7rgf0J3r8e0C+UB8eigNGKstUcih2xD0Wq7OdxaE8p8xKVGgI=
        """);
  }

  @Test
  void sendWithMemo() {
    assertLeaf(
        KOMATSU,
        3,
        "e5a05683f073c8ccf3af658ee43ea553b7d695de7c7eda2caf0efc429362d679",
        """
        aika/leaf/v1
        kind send
        time 2026-11-22T10:00:04.004Z
        arrived 2026-11-22T10:00:04.004Z
        post Asia-Komatsu/k3v9q2mw -200.00 800.00
        post Asia-Komatsu/~holds 200.00 200.00

        aika/order/v1
        federation aika.example
        kind send
        id 019ab3c2-7c1e-7000-8000-000000000004
        from Asia-Komatsu/k3v9q2mw
        to Asia-Kanazawa/p8d1x7aa
        amount 200.00
        not-after 2026-11-22T10:02:04Z
        valid-until 2026-11-22T11:00:04Z
        memo-hash XjC6oULwxWcZH8+s6C6TGyhq/vidEzjZ7c1Z/PcNVKg=

        — Asia-Komatsu/k3v9q2mw IlOw8DIPEuka8YljeQDBfhUSPdXe38qCo5ErX/HDlqnqDUeMIXR0tZGXLLocT74semPsWmJ6DknZLm9ZcAbawhd11gI=
        """);
  }

  @Test
  void send() {
    assertLeaf(
        KOMATSU,
        4,
        "b675c3ca6917c18410127c13c823f314c2238a3ac58bade62192c7ab10a2f157",
        """
        aika/leaf/v1
        kind send
        time 2026-11-22T10:00:05.005Z
        arrived 2026-11-22T10:00:05.005Z
        post Asia-Komatsu/k3v9q2mw -30.00 770.00
        post Asia-Komatsu/~holds 30.00 230.00

        aika/order/v1
        federation aika.example
        kind send
        id 019ab3c2-7c1e-7000-8000-000000000005
        from Asia-Komatsu/k3v9q2mw
        to Asia-Kanazawa/p8d1x7aa
        amount 30.00
        not-after 2026-11-22T10:02:05Z
        valid-until 2026-11-22T11:00:05Z

        — Asia-Komatsu/k3v9q2mw IlOw8DH3GrGIGngZDgUleyBsYVdcu+KzPEzvlshiexbOAqQOyA5TitPtckhO6G0ONKnyiUHqpceLUVj15bs17KKHJQI=
        """);
  }

  @Test
  void cancel() {
    assertLeaf(
        KOMATSU,
        7,
        "7237c104ee7638274211a014cf80357ec90a4291a2690fbc11fbfab3d2fe0159",
        """
        aika/leaf/v1
        kind cancel
        time 2026-11-22T10:00:08.008Z
        arrived 2026-11-22T10:00:08.008Z
        cites 5 0
        send-leaf ID4S62KafwdLtok47pc60oP8uzIpsqqTYea5kIP2NBI=

        aika/order/v1
        federation aika.example
        kind cancel
        id 019ab3c2-7c1e-7000-8000-000000000008
        account Asia-Komatsu/k3v9q2mw
        transfer Asia-Komatsu:5
        not-after 2026-11-22T10:02:08Z

        — Asia-Komatsu/k3v9q2mw IlOw8Hr2A1ETyZaaMgwhyQQFsbyfwcumT34hcTOA1gXnAubYD1erxKPGEEAqV6iXryRBgyNVQ5UXW1MQwkhxOR4ghA0=
        """);
  }

  @Test
  void seal() {
    assertLeaf(
        KOMATSU,
        8,
        "ec607b5975bccb990718347764f065d09847a72ff98ebe4dc9e5474beb7c01b8",
        """
        aika/leaf/v1
        kind seal
        time 2026-11-22T10:00:09.009Z
        height 1
        first 0
        term 1
        seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        next-seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        issued -1000.00
        balances 740.00
        holds 260.00
        clearing 0.00
        """);
  }

  @Test
  void record() {
    assertLeaf(
        KANAZAWA,
        2,
        "99bc2f644ed9332ce85df1626ce6c20d255d25b1fde3a3a79a389faaabb210f4",
        """
        aika/leaf/v1
        kind record
        time 2026-11-22T10:00:09.009Z
        origin Asia-Komatsu
        size 9
        root X0XUtXCaTgAvXyMoS25rwA5L6RF4b5rvScfw3a3Uj+Y=
        term 1
        seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        """);
  }

  @Test
  void receive() {
    assertLeaf(
        KANAZAWA,
        3,
        "020a11624e997d9b32e17cbe6528f62a9cfc6c46a1fc1364a7f3e48c6418818a",
        """
        aika/leaf/v1
        kind receive
        time 2026-11-22T10:00:10.010Z
        arrived 2026-11-22T10:00:10.010Z
        cites 3 9
        send-leaf 5aBWg/BzyMzzr2WO5D6lU7fWld58ftosrw78QpNi1nk=
        post Asia-Kanazawa/~clearing.Asia-Komatsu -200.00 -200.00
        post Asia-Kanazawa/p8d1x7aa 200.00 200.00

        aika/order/v1
        federation aika.example
        kind receive
        id 019ab3c2-7c1e-7000-8000-000000000009
        account Asia-Kanazawa/p8d1x7aa
        transfer Asia-Komatsu:3
        not-after 2026-11-22T10:02:10Z

        — Asia-Kanazawa/p8d1x7aa qJuRjkoDYnhAR1eCP6abZnpzfYS6sBIXZjP4AfpSiXJe24KLNxqjyDBgnsqhDMii/QpVHaId6X+tkUJTh8pVWEV/kAY=
        """);
  }

  @Test
  void reject() {
    assertLeaf(
        KANAZAWA,
        4,
        "9461c066fb7f7496334d12ba20c4ce71a1aa416ee8d230fca793fcaf230fc762",
        """
        aika/leaf/v1
        kind reject
        time 2026-11-22T10:00:11.011Z
        arrived 2026-11-22T10:00:11.011Z
        cites 4 9
        send-leaf tnXDymkXwYQQEnwTyCPzFMIjijrFi63mIZLHqxCi8Vc=

        aika/order/v1
        federation aika.example
        kind reject
        id 019ab3c2-7c1e-7000-8000-00000000000a
        account Asia-Kanazawa/p8d1x7aa
        transfer Asia-Komatsu:4
        not-after 2026-11-22T10:02:11Z

        — Asia-Kanazawa/p8d1x7aa qJuRjlWHx1m7J/CfcCrLVWOxpUXy/nJotTfPXMIgnUeMQbMVSP+ucsc3NBV8xNiSxJJkOLcl4FT8psWkqCvDIPEb6wM=
        """);
  }

  @Test
  void cancelled() {
    assertLeaf(
        KANAZAWA,
        5,
        "72dc35c8dfdbc93d7f7cfb5338983e7573cdb57ffa44894add6bea715460dc4c",
        """
        aika/leaf/v1
        kind cancelled
        time 2026-11-22T10:00:12.012Z
        transfer Asia-Komatsu:5
        cites 7 9
        send-leaf ID4S62KafwdLtok47pc60oP8uzIpsqqTYea5kIP2NBI=
        """);
  }

  @Test
  void expired() {
    assertLeaf(
        KANAZAWA,
        6,
        "ad178a511c993228f379142ef402d52870981325bdaedaf074641d2b2a7ae560",
        """
        aika/leaf/v1
        kind expired
        time 2026-11-22T11:00:12.012Z
        transfer Asia-Komatsu:6
        cites 6 9
        send-leaf HX78VPfjxGvotyfK+sb5ZYnKOo5M0XOhZK3pkHCbD4E=
        """);
  }

  @Test
  void settle() {
    assertLeaf(
        KOMATSU,
        10,
        "23fb97dec0d3d039a3e77bdfb2c3eae0c72d44bb1be026589a6e3f4cd58b358e",
        """
        aika/leaf/v1
        kind settle
        time 2026-11-22T11:00:13.013Z
        from Asia-Kanazawa
        recorded 8
        ended 3 received 3
        ended 4 rejected 4
        ended 5 cancelled 5
        ended 6 expired 6
        post Asia-Komatsu/~holds -260.00 0.00
        post Asia-Komatsu/~clearing.Asia-Kanazawa 200.00 200.00
        post Asia-Komatsu/k3v9q2mw 60.00 800.00
        """);
  }

  @Test
  void anchor() {
    assertLeaf(
        ASIA,
        1,
        "08892eb07fc7f5671527557da0770fea57699603b57dc90211c41afb15d07dbd",
        """
        aika/leaf/v1
        kind record
        time 2026-11-22T11:00:14.014Z
        origin Asia-Komatsu
        size 12
        root 493AoE1LK92Cgjl2revwtjnCzvi8EKjnQ3HaiVhCrDg=
        term 1
        seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        """);
  }
}
