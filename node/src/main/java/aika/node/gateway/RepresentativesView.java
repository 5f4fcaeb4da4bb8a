package aika.node.gateway;

import aika.core.ledger.Leaf;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.VerifierKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who approves a chain's blocks, and who may be next.
 *
 * @param since when they began, ms since 1970
 * @param until when the term ends, ms since 1970; null when blocks are counted
 * @param blocksLeft blocks until the term ends; null when the calendar decides
 * @param elects how many seats an election fills
 * @param quorum how many of the seats approve
 * @param standings who stands now, the first first; on a continental chain the municipalities whose
 *     representatives are next
 * @param elections how this and earlier terms began, the latest first
 */
public record RepresentativesView(
    ChainId chain,
    long term,
    By by,
    long since,
    @Nullable Long until,
    @Nullable Long blocksLeft,
    int elects,
    int quorum,
    List<VerifierKey> seats,
    List<Standing> standings,
    List<Election> elections) {
  /** Elections in one answer. */
  public static final int ELECTIONS_MAX = 10;

  public RepresentativesView {
    seats = List.copyOf(seats);
    standings = List.copyOf(standings);
    elections = List.copyOf(elections);
  }

  /** How representatives came to sit. */
  public enum By {
    FEDERATION_FILE("federation-file"),
    ELECTION("election"),
    RECOVERY("recovery");

    private final String text;

    By(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * @param who an account, or a municipality
   * @param counted counterparties, or leaves
   * @param total what the candidate's transfers moved; zero of a municipality
   */
  public record Standing(String who, long counted, Money total) {}

  /**
   * @param leaf index of the leaf that seated them
   * @param time of the leaf, ms since 1970
   * @param seats names of the seats
   * @param standings of those who stood; empty for a recovery
   * @param reason of a recovery; empty for an election
   */
  public record Election(
      long term,
      By by,
      long leaf,
      long time,
      List<String> seats,
      List<Leaf.Ranked> standings,
      String reason) {
    public Election {
      seats = List.copyOf(seats);
      standings = List.copyOf(standings);
    }
  }
}
