package aika.core.audit;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Origins;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that a separate cosigner fetches for itself, from published logs of which nothing is
 * believed. Unlike an audit, it waits for what is not published yet: whoever serves the logs can be
 * behind for a while. For one thread.
 */
public final class PublishedOrigins implements Origins {
  private static final LogReader.Room ROOM = new LogReader.Room(16, 128);

  private final Map<ChainId, LogReader> logs;
  private final Map<ChainId, Set<String>> givenUp = new TreeMap<>();

  /**
   * @param published where each chain's files are
   */
  public PublishedOrigins(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published) {
    this(LogReader.ofAll(directory, schemes, published, ROOM));
  }

  PublishedOrigins(Map<ChainId, LogReader> logs) {
    this.logs = logs;
  }

  /** The histories that chains gave up, and of which something was asked: their names. */
  Map<ChainId, Set<String>> givenUp() {
    return givenUp;
  }

  @Override
  public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
    LogReader log = logs.get(tree.origin());
    long size = tree.size();
    return log == null
        ? null // no chain of this federation, now or later
        : intact(
            log,
            size,
            tree.root(),
            history -> Evidence.proof(history, index, size),
            (history, proof) ->
                proof == null || isIn(history, proof.leaf(), index, size, proof.path()));
  }

  @Override
  public List<Hash> consistency(long oldSize, Row.Recorded tree) {
    LogReader log = logs.get(tree.origin());
    long size = tree.size();
    return log == null
        ? List.of()
        : intact(
            log,
            size,
            tree.root(),
            history -> history.consistency(oldSize, size),
            (history, hashes) ->
                history.holds(oldSize)
                    && Proofs.verifyConsistency(
                        oldSize, size, hashes, history.root(oldSize), history.root(size)));
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    LogReader log = logs.get(origin);
    long size = checkpoint.size();
    return log != null
        && intact(
            log,
            size,
            checkpoint.root(),
            history -> Evidence.approved(history, checkpoint),
            (history, approved) ->
                approved
                    || size == 0
                    || isIn(
                        history,
                        history.leaf(size - 1, size),
                        size - 1,
                        size,
                        history.inclusion(size - 1, size)));
  }

  private static boolean isIn(LogReader log, byte[] leaf, long index, long size, List<Hash> proof) {
    return Proofs.verifyInclusion(Merkle.leafHash(leaf), index, size, proof, log.root(size));
  }

  /**
   * What the origin's files say, when they belong to its approved tree. Damaged ones say nothing
   * about whoever cites the origin: they are forgotten, and read again later.
   *
   * @param root of the tree that is asked about: the one of this size that was recorded
   * @param holds whether the answer itself is made of hashes of that tree
   */
  private <T extends @Nullable Object> T intact(
      LogReader origin,
      long size,
      Hash root,
      Function<LogReader, T> question,
      BiPredicate<LogReader, T> holds) {
    LogReader log = origin;
    try {
      log = origin.history(size, root);
      if (log != origin) {
        givenUp
            .computeIfAbsent(origin.chain(), _ -> new TreeSet<>())
            .add(GivenUpFiles.name(log.approved().checkpoint()));
      }
      long published = log.approvedBeyond(size).checkpoint().size();
      if (published < size) {
        throw new OriginUnreachableException(
            origin.chain() + " shows " + published + " approved leaves, not " + size + " yet");
      }
      log.checkEnded();
      T answer = question.apply(log);
      if (!log.holds(size) || !holds.test(log, answer)) {
        log.forget();
        throw new OriginUnreachableException(
            origin.chain() + ": what is published is not what was approved; it is read again");
      }
      return answer;
    } catch (FindingException damaged) {
      log.forget();
      throw new OriginUnreachableException(origin.chain() + ": " + damaged.getMessage(), damaged);
    } catch (UnreadableLogException away) {
      throw new OriginUnreachableException(origin.chain() + ": " + away.getMessage(), away);
    }
  }
}
