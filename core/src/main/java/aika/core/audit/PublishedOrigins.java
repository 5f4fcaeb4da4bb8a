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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that a separate cosigner fetches for itself, from published logs of which nothing is
 * believed. Unlike an audit, it waits for what is not published yet: whoever serves the logs can be
 * behind for a while. For one thread.
 */
public final class PublishedOrigins implements Origins {
  private static final LogReader.Room ROOM = new LogReader.Room(16, 128);

  private final Map<ChainId, LogReader> logs;
  private final Consumer<LogReader> restsOn;
  private final Set<LogReader> given = new HashSet<>();

  /** Whether what is executed now was approved by somebody before. */
  private BooleanSupplier lookingBack = () -> true;

  /**
   * @param published where each chain's files are
   */
  public PublishedOrigins(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published) {
    this(LogReader.ofAll(directory, schemes, published, ROOM), history -> {});
  }

  /**
   * @param restsOn is told of each history that its chain gave up, before the first answer from it
   */
  PublishedOrigins(Map<ChainId, LogReader> logs, Consumer<LogReader> restsOn) {
    this.logs = logs;
    this.restsOn = restsOn;
  }

  /**
   * For whoever signs what is new: there nothing is recorded any more of a history that was given
   * up. What the chain's seats approved before may have recorded it in good faith.
   *
   * @param executed how many leaves of the chain are executed
   */
  public void executing(ChainId chain, LongSupplier executed) {
    LogReader own = Objects.requireNonNull(logs.get(chain), "no chain of the federation");
    lookingBack =
        () -> {
          long next = executed.getAsLong() + 1;
          return own.approvedBeyond(next).checkpoint().size() >= next;
        };
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
            true,
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
            true,
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
            false,
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
   * @param root of the tree that is asked about
   * @param recorded whether that was recorded, and not only is to be
   * @param holds whether the answer itself is made of hashes of that tree
   */
  private <T extends @Nullable Object> T intact(
      LogReader origin,
      long size,
      Hash root,
      boolean recorded,
      Function<LogReader, T> question,
      BiPredicate<LogReader, T> holds) {
    LogReader log = origin;
    try {
      LogReader history = origin.history(size, root);
      if (history != null && history != origin && (recorded || lookingBack.getAsBoolean())) {
        log = history;
        if (given.add(log)) {
          restsOn.accept(log);
        }
      }
      long published = log.approvedBeyond(size).checkpoint().size();
      if (published < size) {
        throw new OriginUnreachableException(
            origin.chain() + " shows " + published + " approved leaves, not " + size + " yet");
      }
      log.checkEnded();
      T answer = question.apply(log);
      if (log != history && !log.holds(size) || !holds.test(log, answer)) {
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
