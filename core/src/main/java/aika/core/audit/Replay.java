package aika.core.audit;

import aika.core.approval.DivergedException;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.WritableState;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.transfer.Authorization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Builds a chain's rows again from its published leaves, which need not come from anybody who is
 * trusted: all that an audit of the chain checks is checked. For one thread.
 */
public final class Replay {
  private static final LogReader.Room ROOM = new LogReader.Room(64, 512);

  private final Directory directory;
  private final FederationAudit.Schemes schemes;
  private final Map<ChainId, LogReader> logs;
  private final PublishedOrigins origins;

  /** Where a chain is built. */
  public interface Into extends WritableState {
    /** The next leaf; the rows that it changes were written before. */
    void append(Entry entry);

    /** The tree of the leaves that are there, which end with a seal. */
    Frontier frontier();
  }

  /**
   * What was built.
   *
   * @param approved the checkpoint at its end
   * @param handovers from each term to the next
   */
  public record Replayed(SignedCheckpoint approved, List<TlogProof> handovers) {
    public Replayed {
      handovers = List.copyOf(handovers);
    }
  }

  /**
   * @param published where each chain's files are: also of those that are not built, since leaves
   *     cite them
   * @param restsOn is told of each history that its chain gave up, with its files, before the first
   *     leaf that cannot be executed without it
   */
  public Replay(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published,
      BiConsumer<ChainId, PublishedLog> restsOn) {
    this.directory = directory;
    this.schemes = schemes;
    logs = LogReader.ofAll(directory, schemes, published, ROOM);
    origins =
        new PublishedOrigins(logs, history -> restsOn.accept(history.chain(), history.files()));
  }

  /**
   * How many leaves of this chain are approved.
   *
   * @throws BrokenLogException when the published checkpoint does not hold
   */
  public long approvedSize(ChainId chain) {
    try {
      return log(chain).approved().checkpoint().size();
    } catch (FindingException bad) {
      throw new BrokenLogException(bad.finding(), bad);
    }
  }

  /**
   * Executes all approved leaves of a chain that are not there yet.
   *
   * @param into empty, or as an earlier run left it
   * @param progress hears how many leaves were executed, now and then
   * @throws BrokenLogException at the first thing that does not hold
   * @throws UnreadableLogException when the chain's files cannot be read now
   * @throws OriginUnreachableException when another chain that its leaves cite cannot be read now
   */
  public Replayed run(ChainId chain, Into into, LongConsumer progress) {
    LogReader log = log(chain);
    try {
      Checkpoint tree = log.approved().checkpoint();
      Replica replica =
          new Replica(
              chain,
              directory,
              new Authorization(directory, schemes.orders(), schemes.cosignatures()),
              origins,
              (level, index, hash) -> {},
              into,
              into.frontier());
      HandoverCheck handovers = new HandoverCheck(log, into);
      while (replica.size() < tree.size()) {
        long bundle = replica.size() / TilePath.FULL_WIDTH;
        int there = (int) (replica.size() % TilePath.FULL_WIDTH);
        List<byte[]> leaves = log.bundle(bundle, tree.size());
        for (byte[] bytes : leaves.subList(there, leaves.size())) {
          execute(chain, replica, into, bytes);
          handovers.executed(replica);
        }
        replica.forget(replica.size());
        progress.accept(replica.size());
      }
      if (!replica.frontier().root().equals(tree.root())) {
        String what = "approved " + tree.root().base64();
        throw broken(chain, Finding.Kind.ROOT, "size " + tree.size(), what);
      }
      for (Finding strayed : handovers.strayed(replica.size(), log.approved())) {
        throw new FindingException(strayed);
      }
      return new Replayed(log.signed(), log.handovers());
    } catch (FindingException bad) {
      throw new BrokenLogException(bad.finding(), bad);
    }
  }

  private static void execute(ChainId chain, Replica replica, Into into, byte[] bytes) {
    long index = replica.size();
    try {
      Leaf leaf = LeafText.parse(bytes);
      replica.execute(bytes, leaf);
      into.append(new Entry(index, bytes, Merkle.leafHash(bytes), leaf));
    } catch (MalformedException malformed) {
      String what = String.valueOf(malformed.getMessage());
      throw broken(chain, Finding.Kind.LEAF_MALFORMED, "leaf " + index, what);
    } catch (DivergedException diverged) {
      String what = diverged.reason() + " " + diverged.getMessage();
      throw broken(chain, Finding.Kind.LEAF_DIFFERS, "leaf " + index, what);
    }
  }

  private LogReader log(ChainId chain) {
    return Objects.requireNonNull(logs.get(chain), "no chain of the federation");
  }

  private static FindingException broken(
      ChainId chain, Finding.Kind kind, String place, String what) {
    return new FindingException(new Finding(chain, kind, place, what));
  }
}
