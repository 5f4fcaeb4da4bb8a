package aika.node.gossip;

import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.mirror.OfferLine;
import java.util.List;

/**
 * To whom a chain has made offers: the text of a C2SP signed note, signed with the chain's log key
 * [GOS-12].
 *
 * @param to the receivers' chains
 */
record OffersRecord(String federation, ChainId chain, List<OfferLine> to) {
  private static final String FIRST = "aika/offers/v1\n";
  private static final String FEDERATION = "federation ";
  private static final String CHAIN = "chain ";

  OffersRecord {
    to = List.copyOf(to);
  }

  String text() {
    return FIRST + FEDERATION + federation + '\n' + CHAIN + chain + '\n' + OfferLine.text(to);
  }

  SignedNote sign(HeldKey key) {
    return SignedNote.sign(text(), key.key().name(), Ed25519.TYPE, key.signer());
  }

  /**
   * @throws MalformedException when it is none
   */
  static OffersRecord parse(String text) {
    int second = FIRST.length();
    int third = text.indexOf('\n', second) + 1;
    int rest = text.indexOf('\n', third) + 1;
    boolean begins =
        text.startsWith(FIRST)
            && third > 0
            && rest > third
            && text.startsWith(FEDERATION, second)
            && text.startsWith(CHAIN, third);
    if (!begins) {
      throw new MalformedException("not a record that begins " + FIRST.strip());
    }
    List<OfferLine> to = OfferLine.parse(text.substring(rest));
    if (to.isEmpty()) {
      throw new MalformedException("offers to nobody");
    }
    return new OffersRecord(
        text.substring(second + FEDERATION.length(), third - 1),
        ChainId.of(text.substring(third + CHAIN.length(), rest - 1)),
        to);
  }
}
