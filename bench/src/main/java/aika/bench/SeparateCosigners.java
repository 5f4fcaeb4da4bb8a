package aika.bench;

import aika.core.approval.CosignerRules;
import aika.core.approval.CosignerRules.Signed;
import aika.core.approval.CosignerRules.Verdict;
import aika.core.approval.Origins;
import aika.core.approval.Replica;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.node.config.HeldKey;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import aika.node.store.Approvals;
import aika.node.store.Seal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Approval by cosigners that share nothing with the node: each reads the leaves, checks every
 * signature and every proof, executes and fsyncs what it signs. Only the network is missing. One
 * checkpoint of a chain is under way at a time.
 */
final class SeparateCosigners implements AutoCloseable {
  private final Shard shard;
  private final Directory directory;
  private final Map<ChainId, HeldKey> logKeys;
  private final Ed25519 ed25519;
  private final MlDsa44 mlDsa44 = new MlDsa44();
  private final List<Cosigner> cosigners = new ArrayList<>();
  private final List<Consumer<ChainId>> listeners = new ArrayList<>();
  private final Map<ChainId, SignedCheckpoint> underWay = new ConcurrentHashMap<>();
  private final Worker<ChainId> proposer = new Worker<>("approver", this::propose);

  SeparateCosigners(
      Shard shard,
      Directory directory,
      Map<ChainId, HeldKey> logKeys,
      Map<ChainId, List<HeldKey>> seats,
      int count,
      Ed25519 ed25519,
      Path data) {
    this.shard = shard;
    this.directory = directory;
    this.logKeys = logKeys;
    this.ed25519 = ed25519;
    for (int i = 0; i < count; i++) {
      Map<ChainId, HeldKey> keys = new HashMap<>();
      for (Map.Entry<ChainId, List<HeldKey>> chain : seats.entrySet()) {
        keys.put(chain.getKey(), chain.getValue().get(i));
      }
      cosigners.add(new Cosigner(i, keys, data.resolve("cosigner" + i)));
    }
  }

  void onApproval(Consumer<ChainId> listener) {
    listeners.add(listener);
  }

  void start() {
    shard.onSeal(proposer::due);
    shard.chains().forEach(chain -> proposer.due(chain.id()));
    cosigners.forEach(cosigner -> cosigner.worker.start());
    proposer.start();
  }

  private void propose(List<ChainId> chains) {
    for (ChainId id : chains) {
      Chain chain = shard.chain(id);
      Seal seal = chain.lastSeal();
      HeldKey logKey = logKeys.get(id);
      if (seal == null
          || logKey == null
          || seal.size() <= chain.approvedSize()
          || underWay.containsKey(id)) {
        continue;
      }
      Checkpoint checkpoint = new Checkpoint(directory.origin(id), seal.size(), seal.root());
      underWay.put(id, SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, logKey.signer()));
      cosigners.forEach(cosigner -> cosigner.worker.due(id));
    }
  }

  private synchronized void cosigned(ChainId id, Checkpoint checkpoint, NoteSignature line) {
    SignedCheckpoint open = underWay.get(id);
    if (open == null || !open.checkpoint().equals(checkpoint)) {
      return; // approved already by the others
    }
    SignedCheckpoint signed = open.withSignature(line);
    underWay.put(id, signed);
    int cosignatures = signed.note().signatures().size() - 1; // beside the log's own
    if (cosignatures < directory.entry(id).seats().quorum()) {
      return;
    }
    Approvals.Round round = shard.approvals().round();
    round.approved(id, signed);
    round.write();
    underWay.remove(id);
    listeners.forEach(listener -> listener.accept(id));
    shard.changes().happened();
    proposer.due(id);
  }

  @Override
  public void close() {
    proposer.close();
    cosigners.forEach(Cosigner::close);
  }

  /** One representative of every chain, on one thread. */
  private final class Cosigner implements Origins, AutoCloseable {
    private final Map<ChainId, HeldKey> keys;
    private final Map<ChainId, Replica> replicas = new HashMap<>();
    private final Approvals signatures;
    private final Worker<ChainId> worker;

    Cosigner(int number, Map<ChainId, HeldKey> keys, Path data) {
      this.keys = keys;
      signatures = Approvals.open(data);
      worker = new Worker<>("cosigner-" + number, this::cosign);
      for (ChainId chain : keys.keySet()) {
        replicas.put(chain, new Replica(chain, directory, ed25519, this));
      }
    }

    private void cosign(List<ChainId> chains) {
      for (ChainId id : chains) {
        SignedCheckpoint request = underWay.get(id);
        HeldKey key = keys.get(id);
        Replica replica = replicas.get(id);
        if (request != null && key != null && replica != null) {
          cosign(id, request, key, replica);
        }
      }
    }

    private void cosign(ChainId id, SignedCheckpoint request, HeldKey key, Replica replica) {
      Chain chain = shard.chain(id);
      Checkpoint checkpoint = request.checkpoint();
      for (long i = replica.size(); i < checkpoint.size(); i++) {
        replica.execute(chain.entry(i).bytes());
      }
      Signed last = signatures.signed(key.key().name(), checkpoint.origin());
      List<Hash> proof =
          last.size() == 0 || last.size() >= checkpoint.size()
              ? List.of()
              : Proofs.consistency(last.size(), checkpoint.size(), chain.nodes());
      long now = System.currentTimeMillis();
      Verdict verdict =
          new CosignerRules(directory, ed25519, replica)
              .check(new AddCheckpoint(last.size(), proof, request), last, now);
      if (!(verdict instanceof Verdict.Sign sign)) {
        throw new BenchException("a cosigner refuses " + id + ": " + verdict);
      }
      Approvals.Round round = signatures.round();
      round.signed(key.key().name(), checkpoint.origin(), sign.next());
      round.write();
      replica.forget(checkpoint.size());
      cosigned(
          id, checkpoint, Cosignature.sign(checkpoint, key.key().name(), now / 1000, key.signer()));
    }

    @Override
    public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
      Chain chain = shard.chain(tree.origin());
      return new Action.Proof(
          chain.entry(index).bytes(), Proofs.inclusion(index, tree.size(), chain.nodes()));
    }

    @Override
    public List<Hash> consistency(long oldSize, Row.Recorded tree) {
      return Proofs.consistency(oldSize, tree.size(), shard.chain(tree.origin()).nodes());
    }

    @Override
    public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
      SignedCheckpoint approved = shard.chain(origin).approvedAt(checkpoint.size());
      return approved != null
          && approved.checkpoint().equals(checkpoint)
          && seats.approvedAt(approved, mlDsa44).isPresent();
    }

    @Override
    public void close() {
      worker.close();
      signatures.close();
    }
  }
}
