package aika.node.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.follow.Partners;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.Fuzz;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.mirror.OfferLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** [GOS-4, GOS-12] What is told of offers, and when. */
final class OffersToldTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final ChainId PARIS = ChainId.of("Europe-Paris");

  private final OffersTold offers = new OffersTold();

  private boolean add(ChainId to, long size) {
    return offers.add(new Partners.Head(KOMATSU, to, size));
  }

  private List<OfferLine> next() {
    Map<ChainId, List<OfferLine>> all = offers.next();
    return all.getOrDefault(KOMATSU, List.of());
  }

  @Test
  void aReceiverIsToldWhenItIsNewAndInThreeRounds() {
    assertTrue(add(PARIS, 5));
    assertTrue(add(KANAZAWA, 7));
    assertEquals(List.of(new OfferLine(KANAZAWA, 7), new OfferLine(PARIS, 5)), next());
    assertEquals(List.of(), next());
    assertFalse(add(KANAZAWA, 9), "whoever has heard of it sees the next by itself");
    assertEquals(List.of(), next());
    for (int round = 1; round < OffersTold.TIMES; round++) {
      offers.again();
      assertEquals(List.of(new OfferLine(KANAZAWA, 9), new OfferLine(PARIS, 5)), next());
    }
    offers.again();
    assertEquals(List.of(), next());
    assertFalse(add(PARIS, 11));
    offers.again();
    assertEquals(List.of(), next());
  }

  /** So that a rumour is never larger than it may be. */
  @Test
  void whatIsTooMuchComesInAnotherRumour() {
    List<OfferLine> all = new ArrayList<>();
    for (int i = 0; i <= OfferLine.LINES_MAX; i++) {
      ChainId to = ChainId.of("Asia-" + "%059d".formatted(i));
      assertTrue(add(to, Long.MAX_VALUE - i));
      all.add(new OfferLine(to, Long.MAX_VALUE - i));
    }
    List<OfferLine> told = next();
    assertEquals(all.subList(0, OfferLine.LINES_MAX), told);
    assertEquals(List.of(all.getLast()), next());
    byte[] note =
        SignedNote.sign(
                new OffersRecord("test.example", KOMATSU, told).text(),
                "test.example/" + KOMATSU,
                Ed25519.TYPE,
                Ed25519.signer(new byte[32]))
            .encode();
    assertTrue(note.length < Rumour.BYTES_MAX, () -> note.length + " bytes");
    String tooMany = OfferLine.text(all);
    assertThrows(MalformedException.class, () -> OfferLine.parse(tooMany));
  }

  @Test
  void whatIsNoRecordIsMalformed() {
    String good = "aika/offers/v1\nfederation test.example\nchain Asia-Komatsu\nAsia-Kanazawa 7\n";
    assertEquals(
        new OffersRecord("test.example", KOMATSU, List.of(new OfferLine(KANAZAWA, 7))),
        OffersRecord.parse(good));
    for (String bad :
        List.of(
            "",
            "aika/offers/v1\n",
            good.replace("v1", "v2"),
            good.replace("Asia-Kanazawa 7\n", ""),
            good.replace("Kanazawa 7", "Kanazawa -7"),
            good.replace("Kanazawa 7", "Kanazawa"),
            good + "Asia-Kanazawa 8\n",
            good + "Asia-Kaga 8\n",
            good + "Europe-Paris 9")) {
      assertThrows(MalformedException.class, () -> OffersRecord.parse(bad), bad);
    }
  }

  @Test
  void changedTexts() {
    List<OfferLine> lines =
        IntStream.range(0, 3).mapToObj(i -> new OfferLine(ChainId.of("Asia-A" + i), i)).toList();
    Fuzz.of("offers", new OffersRecord("test.example", KOMATSU, lines).text())
        .runTexts(text -> OffersRecord.parse(text).text());
  }
}
