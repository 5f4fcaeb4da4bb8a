package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The whole quorum of one municipality signs two histories. Every other chain is shown the proof
 * and believes these seats no more; a little later the municipality's recovery quorum seats others.
 */
final class Scandal extends Actor implements Lasting {
  /** Some have been elected by then. */
  private static final int BEGINS_MILLIS = 9_000;

  private static final int STEP_MILLIS = 700;
  private static final int FROZEN_MILLIS = 8_000;

  private final ChainId corrupt;
  private boolean over;

  Scandal(World world, ChainId corrupt) {
    super(world, "scandal of " + corrupt);
    this.corrupt = corrupt;
  }

  /** Whether new representatives sit. */
  @Override
  public boolean over() {
    return over;
  }

  @Override
  void started() {
    after(BEGINS_MILLIS, () -> every(STEP_MILLIS, this::step));
  }

  @Override
  void crashed() {}

  private void step() {
    if (over) {
      return;
    }
    if (world.now() < Timeline.START + BEGINS_MILLIS + FROZEN_MILLIS) {
      world.chains().stream().filter(this::records).forEach(this::convict);
    } else {
      recover();
    }
  }

  private boolean records(Chain chain) {
    ChainId id = chain.id();
    return id.municipal() ? !id.equals(corrupt) : id.equals(corrupt.continent());
  }

  private void convict(Chain chain) {
    SignedCheckpoint real = world.chain(corrupt).approved();
    Row.Sitting row = chain.state().get(new Key.OfSitting(corrupt));
    if (real == null || row != null && row.conflict()) {
      return;
    }
    // those who sit as far as the chain knows, or some whom they replaced
    List<Seats> convictable =
        Row.Sitting.of(row, world.directory().entry(corrupt)).convictable(world.now());
    Seats seats = convictable.get(random.nextInt(convictable.size()));
    Checkpoint one = real.checkpoint();
    byte[] other = one.text().getBytes(StandardCharsets.UTF_8);
    Checkpoint forged = new Checkpoint(one.origin(), one.size(), Merkle.leafHash(other));
    ConflictProof proof = ConflictProof.of(approved(one, seats), approved(forged, seats));
    Action.Convict convict = new Action.Convict(corrupt, seats.term(), proof);
    Shard shard = world.shard(chain.id());
    send(shard, () -> shard.convict(chain.id(), convict, ignored -> {}));
  }

  private SignedCheckpoint approved(Checkpoint checkpoint, Seats seats) {
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, world.federation().logSigner(corrupt));
    for (VerifierKey key : seats.keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint,
                  key.name(),
                  world.now() / 1000,
                  world.keys().holder(key.publicKey())));
    }
    return signed;
  }

  private void recover() {
    SignedRecovery signed = new RecoveryQuorum(world, corrupt).seatsOthers("two histories");
    Shard shard = world.shard(corrupt);
    send(shard, () -> shard.recover(corrupt, signed, answer(shard, this::answered)));
  }

  private void answered(Answer answer) {
    if (answer instanceof Answer.Accepted) {
      over = true;
    }
  }
}
