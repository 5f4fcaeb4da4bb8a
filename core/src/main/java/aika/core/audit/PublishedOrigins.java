package aika.core.audit;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Origins;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
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
    evidence = new Evidence(logs, found -> {});
  }

  @Override
  public Action.@Nullable Proof proof(ChainId origin, long index, long size) {
    return intact(
        origin,
        size,
        () -> evidence.proof(origin, index, size),
        (log, proof) -> proof == null || isIn(log, proof.leaf(), index, size, proof.path()));
  }

  @Override
  public List<Hash> consistency(ChainId origin, long oldSize, long size) {
    return intact(
        origin,
        size,
        () -> evidence.consistency(origin, oldSize, size),
        (log, hashes) ->
            log.holds(oldSize)
                && Proofs.verifyConsistency(
                    oldSize, size, hashes, log.root(oldSize), log.root(size)));
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    long size = checkpoint.size();
    return intact(
        origin,
        size,
        () -> evidence.approved(origin, checkpoint, seats),
        (log, approved) ->
            approved
                || size == 0
                || isIn(
                    log, log.leaf(size - 1, size), size - 1, size, log.inclusion(size - 1, size)));
  }

  private static boolean isIn(LogReader log, byte[] leaf, long index, long size, List<Hash> proof) {
    return Proofs.verifyInclusion(Merkle.leafHash(leaf), index, size, proof, log.root(size));
  }

  /**
   * What the origin's files say, when they belong to its approved tree. Damaged ones say nothing
   * about whoever cites the origin: they are forgotten, and read again later.
   *
   * @param holds whether the answer itself is made of hashes of that tree
   */
  private <T extends @Nullable Object> T intact(
      ChainId origin, long size, Supplier<T> question, BiPredicate<LogReader, T> holds) {
    LogReader log = logs.get(origin);
    if (log == null) {
      return question.get(); // no chain of this federation, now or later
    }
    try {
      long published = log.approvedBeyond(size).checkpoint().size();
      if (published < size) {
        throw new OriginUnreachableException(
            origin + " shows " + published + " approved leaves, not " + size + " yet");
      }
      log.checkEnded();
      T answer = question.get();
      if (!log.holds(size) || !holds.test(log, answer)) {
        log.forget();
        throw new OriginUnreachableException(
            origin + ": what is published is not what was approved; it is read again");
      }
      return answer;
    } catch (FindingException damaged) {
      log.forget();
      throw new OriginUnreachableException(origin + ": " + damaged.getMessage(), damaged);
    } catch (UnreadableLogException away) {
      throw new OriginUnreachableException(origin + ": " + away.getMessage(), away);
    }
  }
}
