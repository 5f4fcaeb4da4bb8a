package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks chains for what they must not do: early or false ends, evidence of something else, evidence
 * that was tampered with, checkpoints that nobody approved, other people's money. What of it a
 * chain accepts, the audit judges.
 */
final class Forger extends Actor {
  Forger(World world) {
    super(world, "forger");
  }

  @Override
  void started() {
    int millis = world.settings().faults().mischiefMillis();
    if (millis > 0) {
      every(millis, this::strike);
    }
  }

  @Override
  void crashed() {}

  private void strike() {
    Offer offer = world.audit().recent(random.nextInt(1_000));
    if (offer == null || !world.faulty()) {
      return;
    }
    switch (random.nextInt(7)) {
      case 0 -> settle(offer, offer.to().chain());
      case 1 -> settle(offer, anyTown());
      case 2 -> conclude(offer, OutcomeKind.EXPIRED, offer.transfer().index());
      case 3 -> conclude(offer, OutcomeKind.CANCELLED, offer.transfer().index());
      case 4 -> conclude(offer, OutcomeKind.CANCELLED, anyLeaf(offer.transfer().origin()));
      case 5 -> record(offer.transfer().origin(), offer.to().chain());
      default -> anyWallet().decide(offer.transfer(), random.nextBoolean());
    }
  }

  private ChainId anyTown() {
    List<ChainId> towns = world.federation().municipalities();
    return towns.get(random.nextInt(towns.size()));
  }

  private Wallet anyWallet() {
    List<Wallet> wallets = world.wallets();
    return wallets.get(random.nextInt(wallets.size()));
  }

  private long anyLeaf(ChainId id) {
    Chain chain = world.chain(id);
    long kept = chain.size() - chain.firstKept();
    return kept == 0 ? 0 : chain.firstKept() + random.nextInt((int) kept);
  }

  /** Ends the sender's hold by some leaf of some chain. */
  private void settle(Offer offer, ChainId from) {
    TransferId transfer = offer.transfer();
    long recorded = recorded(transfer.origin(), from);
    long index = anyLeaf(from);
    Action.Item item = new Action.Item(transfer.index(), index, proof(from, index, recorded));
    Action.Settle settle = new Action.Settle(from, recorded, List.of(item, item));
    Shard shard = world.shard(transfer.origin());
    send(shard, () -> shard.settle(transfer.origin(), settle, ignored -> {}));
  }

  /** Ends a transfer on the receiver's chain before its time or without a cancel order. */
  private void conclude(Offer offer, OutcomeKind kind, long index) {
    ChainId at = offer.to().chain();
    ChainId origin = offer.transfer().origin();
    long recorded = recorded(at, origin);
    Action.Citation citation = new Action.Citation(index, recorded, proof(origin, index, recorded));
    Action.Conclude conclude = new Action.Conclude(offer.transfer(), kind, citation);
    Shard shard = world.shard(at);
    send(shard, () -> shard.conclude(at, conclude, ignored -> {}));
  }

  /** A checkpoint that its log signed but no seat. */
  private void record(ChainId origin, ChainId at) {
    SignedCheckpoint real = world.chain(origin).approved();
    if (real == null) {
      return;
    }
    long size = real.checkpoint().size() + 1;
    Hash root = Merkle.leafHash(real.checkpoint().text().getBytes(StandardCharsets.UTF_8));
    Checkpoint checkpoint = new Checkpoint(real.checkpoint().origin(), size, root);
    SignedCheckpoint forged =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, world.federation().logSigner(origin));
    for (int i = 1; i < real.note().signatures().size(); i++) {
      forged = forged.withSignature(real.note().signatures().get(i));
    }
    SignedCheckpoint sent = forged;
    Action.RecordCheckpoint record =
        new Action.RecordCheckpoint(origin, world.chain(origin).term(), checkpoint, List.of(root));
    Shard shard = world.shard(at);
    send(shard, () -> shard.record(at, record, sent, ignored -> {}));
  }

  private long recorded(ChainId at, ChainId origin) {
    Row.Latest latest = world.chain(at).latest(origin);
    return latest == null ? 0 : latest.size();
  }

  /** The right proof, or one of a leaf with another byte, or none. */
  private Action.@Nullable Proof proof(ChainId origin, long index, long recorded) {
    Chain chain = world.chain(origin);
    boolean there = index < recorded && index >= chain.firstKept() && recorded <= chain.size();
    if (!there || random.nextInt(4) == 0) {
      return null;
    }
    Action.Proof proof = chain.proof(index, recorded);
    if (random.nextInt(4) != 0) {
      return proof;
    }
    byte[] tampered = proof.leaf().clone();
    tampered[random.nextInt(tampered.length)] ^= 1;
    return new Action.Proof(tampered, proof.path());
  }
}
