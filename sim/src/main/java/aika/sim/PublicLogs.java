package aika.sim;

import aika.core.approval.Origins;
import aika.core.ledger.Action;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chains' published tiles, as anybody reads them; a crashed shard serves none. */
final class PublicLogs implements Origins {
  private final World world;
  private final Actor reader;

  PublicLogs(World world, Actor reader) {
    this.world = world;
    this.reader = reader;
  }

  @Override
  public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
    long size = tree.size();
    Fork fork = givenUp(tree);
    if (fork != null) {
      return index < size ? fork.evidence(index, size) : null;
    }
    Chain chain = world.reachable(reader, tree.origin(), size);
    return index < size && size <= chain.size() ? chain.proof(index, size) : null;
  }

  @Override
  public List<Hash> consistency(long oldSize, Row.Recorded tree) {
    long size = tree.size();
    Fork fork = givenUp(tree);
    if (fork != null) {
      return Proofs.consistency(oldSize, size, fork.nodes());
    }
    Chain chain = world.reachable(reader, tree.origin(), size);
    return oldSize <= size && size <= chain.size()
        ? Proofs.consistency(oldSize, size, chain.tree())
        : List.of();
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    Fork fork = world.fork(origin);
    long size = checkpoint.size();
    SignedCheckpoint signed =
        fork != null && fork.has(checkpoint)
            ? fork.approvedAt(size)
            : world.reachable(reader, origin, size).approvedAt(size);
    return signed != null
        && signed.checkpoint().equals(checkpoint)
        && seats.approvedAt(signed, world.keys()).isPresent();
  }

  /** The other history, when the tree is of that one; else null. */
  private @Nullable Fork givenUp(Row.Recorded tree) {
    Fork fork = world.fork(tree.origin());
    String origin = world.directory().origin(tree.origin());
    return fork != null && fork.has(new Checkpoint(origin, tree.size(), tree.root())) ? fork : null;
  }
}
