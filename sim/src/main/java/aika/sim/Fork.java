package aika.sim;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.follow.Log;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Frontier;
import aika.core.log.MerkleTree;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.Authorization;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A second history of a chain. It begins with what the chain has approved, goes on by the same
 * rules with what its own people order, and is approved by the same seats, block by block.
 */
final class Fork implements Log {
  private static final int BLOCK_LEAVES = 40;

  private final World world;
  private final Chain real;
  private final Protocol protocol;
  private final MemoryState state = new MemoryState();
  private final MerkleTree tree = new MerkleTree();
  private final List<Entry> entries = new ArrayList<>();
  private final TreeMap<Long, SignedCheckpoint> approvals = new TreeMap<>();
  private final Map<ChainId, Long> recordedBy = new HashMap<>();

  /** Leaves that both histories have. */
  private final long shared;

  /**
   * Executes what the chain has approved.
   *
   * @throws OriginUnreachableException when a chain that it cites is down
   */
  Fork(World world, Chain real, Actor by) {
    this.world = world;
    this.real = real;
    this.shared = real.approvedSize();
    this.protocol = new Protocol(real.id(), world.directory(), Siblings.NONE);
    Replica replica =
        new Replica(
            real.id(),
            world.directory(),
            world.authorization(),
            world.logs(by),
            (level, index, hash) -> {},
            state,
            new Frontier());
    for (Entry entry : real.entries(0, shared, Math.toIntExact(shared))) {
      replica.execute(entry.bytes(), entry.leaf());
      tree.append(entry.hash());
      entries.add(entry);
    }
  }

  /** Orders it on this history only; whether it was accepted. */
  boolean order(SignedOrder signed) {
    if (head().blockLeaves() >= Math.min(BLOCK_LEAVES, head().policy().blockEntries())) {
      seal();
    }
    Row.Account row = state.get(new Key.OfAccount(signed.order().account()));
    Row.Account account = row == null ? null : row.at(world.now());
    return world.authorization().check(signed, account) instanceof Authorization.Verdict.Valid valid
        && apply(new Action.Submit(signed, valid.key(), head().time(), null));
  }

  private boolean apply(Action action) {
    Applied applied = protocol.apply(state, new Command(world.now(), action));
    if (applied instanceof Applied.Accepted accepted) {
      state.write(accepted.writes());
      for (Entry entry : accepted.entries()) {
        tree.append(entry.hash());
        entries.add(entry);
      }
    }
    return applied instanceof Applied.Accepted;
  }

  /** Ends the block, which those who sit approve. */
  void seal() {
    if (apply(new Action.Seal(head().height() + 1))
        && entries.getLast().leaf() instanceof Leaf.Sealed sealed) {
      Row.Term term = Objects.requireNonNull(state.get(new Key.OfTerm(sealed.term())));
      Checkpoint checkpoint =
          new Checkpoint(world.directory().origin(real.id()), tree.size(), tree.root());
      approvals.put(tree.size(), approved(checkpoint, term.seats()));
    }
  }

  /** Whoever sits approves whatever it is. */
  SignedCheckpoint approved(Checkpoint checkpoint, Seats seats) {
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, world.federation().logSigner(real.id()));
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

  Row.Head head() {
    return Objects.requireNonNull(state.head());
  }

  ChainId chain() {
    return real.id();
  }

  long size() {
    return tree.size();
  }

  /** Where it parts from the other history. */
  long shared() {
    return shared;
  }

  /** What this history offers and the other does not. */
  List<Offer> offers() {
    List<Offer> found = new ArrayList<>();
    for (long index = shared; index < size(); index++) {
      Offer offer = offer(index);
      if (offer != null) {
        found.add(offer);
      }
    }
    return found;
  }

  /** Whether it is this history, and not the other one, that has this checkpoint. */
  boolean has(Checkpoint checkpoint) {
    SignedCheckpoint own = approvals.get(checkpoint.size());
    return own != null && own.checkpoint().equals(checkpoint);
  }

  /** A chain has recorded this history up to here. */
  void recorded(ChainId by, long to) {
    recordedBy.put(by, to);
  }

  /** How far a chain has recorded it; 0 when it has not. */
  long recorded(ChainId by) {
    return recordedBy.getOrDefault(by, 0L);
  }

  /** That the same seats have approved both; null until they have. */
  @Nullable ConflictProof conflict() {
    SignedCheckpoint one = approvals.firstEntry().getValue();
    SignedCheckpoint other = real.approvedBehind(shared);
    if (other == null) {
      return null;
    }
    return one.checkpoint().size() < other.checkpoint().size()
        ? ConflictProof.of(one, other, real.tree())
        : ConflictProof.of(other, one, tree);
  }

  /** The approval of a size that it shows, also of the part that both have. */
  SignedCheckpoint approvedAt(long size) {
    SignedCheckpoint own = size > shared ? approvals.get(size) : real.approvedAt(size);
    if (own == null) {
      throw new Violation(real.id() + " forks without an approval at " + size);
    }
    return own;
  }

  @Override
  public SignedCheckpoint approved() {
    return approvals.lastEntry().getValue();
  }

  @Override
  public long readable() {
    return approvals.lastKey();
  }

  @Override
  public Entry entry(long index) {
    return entries.get(Math.toIntExact(index));
  }

  @Override
  public @Nullable Offer offer(long index) {
    Entry entry = entry(index);
    return entry.leaf().offer(new TransferId(real.id(), index), entry.hash());
  }

  MerkleTree tree() {
    return tree;
  }

  @Override
  public Nodes nodes() {
    return tree;
  }

  @Override
  public @Nullable TermEnd termEnd(long term) {
    TermEnd common = real.termEnd(term);
    return common != null && common.size() <= shared
        ? common
        : TermEnd.of(state, term, first -> 0L, approvals::get);
  }

  @Override
  public Action.Proof evidence(long index, long size) {
    return new Action.Proof(entry(index).bytes(), Proofs.inclusion(index, size, tree));
  }

  @Override
  public Action.Proof proof(long index, long size) {
    return evidence(index, size);
  }
}
