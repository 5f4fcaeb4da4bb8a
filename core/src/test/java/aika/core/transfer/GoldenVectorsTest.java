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
    assertRoot(ASIA, "839b4b2921f2eeecb834123d70b55640a2f75fbcd02be93b4f8464d05f770333");
    assertRoot(EUROPE, "0ce65c20d6259322ca4be71c0ec857105c207566392c88a4835b92d6b1a26f89");
    assertRoot(KOMATSU, "734ceb5651ce71f5484bef1ad1af5a9b050dc309e95f3b1af0bdd83927f4e5af");
    assertRoot(KANAZAWA, "14c65de53f44ae7e49368018c47c01274e058148c82d71341a7a725c1564db2f");
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
        "f9bd4c2476ea796a947025f6525f74caa447fb0357d34dbc729da47205c8f772",
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
        — Asia-Komatsu/registrar1 IgFCnYKUeWKGO7TgyvvltLgm/KyxKz/0xL76SSKSoibpRYpWeYVA5pViu+zoSo1ZwOSNWdWF6HIDSvV/+N9m7FxuUg8=
        """);
  }

  @Test
  void issue() {
    assertLeaf(
        KOMATSU,
        2,
        "8aa8975e293c20bb7ec013fa04b2ba5e41a5c8cc13ea37c2cf09f5d3022c330c",
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

        — Asia-Komatsu/issuer1 bGk4NrXD4q7VZ7SVGfy8wmIWfYaK0Tmoc1VuykMlKgF6fHbLOrHRC1knTMflnbXdXaT4tkC4E6LR0M6pQRm4aHUK2gM=
        — Asia-Komatsu/issuer2 ZRLnNbnuZdTPTd6d6hqUXDGGQdCJKJho27Y1JCMphPD03Z5WpNTKQG4F3ccHGq0QkEdA6aD63AWGGfU4XVEiOgEFLgE=
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
        "9a747480df356e08029bd4fe0d2fea0c9e4cc1a101fc2d9d34557af0f969e306",
        """
        aika/leaf/v1
        kind record
        time 2026-11-22T10:00:09.009Z
        origin Asia-Komatsu
        size 9
        root xjtYm79Mem6XutVIIiP978GDhUAuev8UGSs06ss9BI4=
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
        "bd8e001fa1dd86ea7173e7e2861d50a78616214fea9c3828e1a889550bf1dbdb",
        """
        aika/leaf/v1
        kind record
        time 2026-11-22T11:00:14.014Z
        origin Asia-Komatsu
        size 12
        root c0zrVlHOcfVIS+8a0a9amwUNwwnpXzsa8L3YOSf05a8=
        term 1
        seats QDOx5vKK3XzvTxcWX8w4X+OwQ+YdBKRR7XFpwXv8LOQ=
        """);
  }
}
