package aika.core.audit;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Origins;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that a separate cosigner fetches for itself, from published logs of which nothing is
 * believed. Unlike an audit, it waits for what is not published yet: whoever serves the logs can be
 * behind for a while.
 */
public final class PublishedOrigins implements Origins {
  private static final LogReader.Room ROOM = new LogReader.Room(16, 128);

  private final Map<ChainId, LogReader> logs;
  private final Evidence evidence;

  /**
   * @param published where each chain's files are
   */
  public PublishedOrigins(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published) {
    logs = LogReader.ofAll(directory, schemes, published, ROOM);
    evidence = new Evidence(logs);
  }

  @Override
  public Action.@Nullable Proof proof(ChainId origin, long index, long size) {
    awaited(origin, size);
    try {
      return evidence.proof(origin, index, size);
    } catch (UnreadableLogException away) {
      throw unreachable(origin, away);
    }
  }

  @Override
  public List<Hash> consistency(ChainId origin, long oldSize, long size) {
    awaited(origin, size);
    try {
      return evidence.consistency(origin, oldSize, size);
    } catch (UnreadableLogException away) {
      throw unreachable(origin, away);
    }
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    awaited(origin, checkpoint.size());
    try {
      return evidence.approved(origin, checkpoint, seats);
    } catch (UnreadableLogException away) {
      throw unreachable(origin, away);
    }
  }

  private void awaited(ChainId origin, long size) {
    LogReader log = logs.get(origin);
    if (log == null) {
      return; // no chain of this federation, now or later
    }
    try {
      long published = log.approvedBeyond(size).checkpoint().size();
      if (published < size) {
        throw new OriginUnreachableException(
            origin + " shows " + published + " approved leaves, not " + size + " yet");
      }
    } catch (UnreadableLogException away) {
      throw unreachable(origin, away);
    } catch (FindingException damaged) {
      throw unreachable(origin, damaged);
    }
  }

  private static OriginUnreachableException unreachable(ChainId origin, RuntimeException why) {
    return new OriginUnreachableException(origin + ": " + why.getMessage(), why);
  }
}
