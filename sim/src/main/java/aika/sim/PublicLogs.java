package aika.sim;

import aika.core.approval.Origins;
import aika.core.ledger.Action;
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
  public Action.@Nullable Proof proof(ChainId origin, long index, long size) {
    Chain chain = world.reachable(reader, origin, size);
    return index < size && size <= chain.size() ? chain.proof(index, size) : null;
  }

  @Override
  public List<Hash> consistency(ChainId origin, long oldSize, long size) {
    Chain chain = world.reachable(reader, origin, size);
    return oldSize <= size && size <= chain.size()
        ? Proofs.consistency(oldSize, size, chain.tree())
        : List.of();
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    SignedCheckpoint signed =
        world.reachable(reader, origin, checkpoint.size()).approvedAt(checkpoint.size());
    return signed != null
        && signed.checkpoint().equals(checkpoint)
        && seats.approvedAt(signed, world.keys()).isPresent();
  }
}
