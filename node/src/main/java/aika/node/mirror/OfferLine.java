package aika.node.mirror;

import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * One of some lines about offers between chains, in the order of their names [GOS-12, HTTP-63].
 *
 * @param chain the other chain: whose offers they are, or to whom
 * @param size leaves of the sender's chain up to the last of these offers
 */
public record OfferLine(ChainId chain, long size) {
  /** In one rumour, and in one answer. */
  public static final int LINES_MAX = 500;

  /** The lines, each with its end. */
  public static String text(List<OfferLine> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.chain).append(' ').append(line.size).append('\n'));
    return text.toString();
  }

  /**
   * @throws MalformedException when there is anything else, or too many
   */
  public static List<OfferLine> parse(String text) {
    List<OfferLine> lines = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      int space = text.indexOf(' ', from);
      if (end < 0 || space < 0 || space > end || lines.size() == LINES_MAX) {
        throw new MalformedException("not at most " + LINES_MAX + " lines of a chain and a size");
      }
      ChainId chain = ChainId.of(text.substring(from, space));
      if (!lines.isEmpty() && lines.getLast().chain.compareTo(chain) >= 0) {
        throw new MalformedException("chains that are not in their order");
      }
      lines.add(new OfferLine(chain, Decimal.parse(text.substring(space + 1, end))));
      from = end + 1;
    }
    return lines;
  }
}
