package aika.core.approval;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.WritableState;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.NodeSink;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.transfer.Authorization;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import aika.core.transfer.Unproven;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes a chain from its leaves alone, trusting nobody: every signature, every piece of evidence
 * and every resulting byte is checked. A separate cosigner's view of a chain.
 */
public final class Replica implements Execution {
  private final ChainId chain;
  private final Directory directory;
  private final Authorization authorization;
  private final Origins origins;
  private final Protocol protocol;
  private final Unproven unproven;
  private final GivenUp givenUp;
  private final WritableState state;
  private final Frontier frontier;
  private final NodeSink subtrees;
  private final Deque<Entry> expected = new ArrayDeque<>();
  private final Map<Long, Sealed> seals = new HashMap<>();

  /** Size just after the last block with which the recovery quorum seated somebody; 0 for none. */
  private long recoveredAt;

  public Replica(
      ChainId chain, Directory directory, SignatureScheme orderSignatures, Origins origins) {
    this(
        chain,
        directory,
        new Authorization(directory, orderSignatures),
        origins,
        (level, index, hash) -> {},
        new MemoryState(),
        new Frontier());
  }

  /**
   * Goes on where a replica was, behind a seal.
   *
   * @param authorization checks who signed what the leaves hold
   * @param subtrees hears of the complete subtrees of the log's Merkle tree
   * @param state the rows after the leaves of {@code frontier}
   * @param frontier the tree so far
   */
  public Replica(
      ChainId chain,
      Directory directory,
      Authorization authorization,
      Origins origins,
      NodeSink subtrees,
      WritableState state,
      Frontier frontier) {
    this(chain, directory, authorization, origins, subtrees, state, frontier, GivenUp.NONE);
  }

  /**
   * The same, for those who only look back.
   *
   * @param givenUp what cannot be proven any more, and is taken at its word
   */
  public Replica(
      ChainId chain,
      Directory directory,
      Authorization authorization,
      Origins origins,
      NodeSink subtrees,
      WritableState state,
      Frontier frontier,
      GivenUp givenUp) {
    this.subtrees = subtrees;
    this.state = state;
    this.frontier = frontier;
    this.chain = chain;
    this.directory = directory;
    this.authorization = authorization;
    this.origins = origins;
    this.protocol = new Protocol(chain, directory, Siblings.NONE);
    this.unproven = new Unproven(chain, directory);
    this.givenUp = givenUp;
  }

  /** Leaves executed so far. */
  public long size() {
    return frontier.size();
  }

  public LedgerState state() {
    return state;
  }

  /** The tree of the leaves executed so far. */
  public Frontier frontier() {
    return frontier.copy();
  }

  @Override
  public @Nullable Sealed sealed(ChainId asked, long size) {
    return asked.equals(chain) ? seals.get(size) : null;
  }

  /** The own chain's published log shows it; while that cannot be read, it is not known. */
  @Override
  public boolean handedOver(ChainId asked, long handover) {
    Sealed sealed = sealed(asked, handover);
    if (sealed == null) {
      return false;
    }
    Checkpoint checkpoint = new Checkpoint(directory.origin(chain), handover, sealed.root());
    try {
      return origins.approved(chain, checkpoint, sealed.seats());
    } catch (OriginUnreachableException later) {
      return false;
    }
  }

  /**
   * Forgets the seals below {@code size}: nobody asks for them once they are signed, but for those
   * with which the seats of that size, and those who sit, were seated. Who executes ahead of what
   * it signs needs both: with an old disk it is asked once more for what it signed.
   */
  public void forget(long size) {
    Row.Head head = state.head();
    long handover = head == null ? 0 : handover(term(head.term()));
    Sealed signed = seals.get(size);
    long before = signed == null ? 0 : signed.handover();
    seals.keySet().removeIf(old -> old < size && old != handover && old != before);
  }

  /** How many seals are remembered. */
  public int seals() {
    return seals.size();
  }

  /** Drops rows that no rule will read again; see {@link MemoryState#forget}. */
  public void forgetRows() {
    state.forget();
  }

  /**
   * Executes the next leaf of the log.
   *
   * @throws DivergedException when the rules do not lead to exactly these bytes
   * @throws OriginUnreachableException when the evidence cannot be fetched now; nothing changed
   */
  public void execute(byte[] bytes) {
    execute(bytes, parsed(bytes));
  }

  private Leaf parsed(byte[] bytes) {
    try {
      return LeafText.parse(bytes);
    } catch (MalformedException malformed) {
      throw new DivergedException(Reason.MALFORMED, where() + malformed.getMessage(), malformed);
    }
  }

  /**
   * Executes the next leaf of the log, which was parsed before.
   *
   * @param leaf what {@link LeafText#parse} made of {@code bytes}
   * @throws DivergedException when the rules do not lead to exactly these bytes
   * @throws OriginUnreachableException when the evidence cannot be fetched now; nothing changed
   */
  public void execute(byte[] bytes, Leaf leaf) {
    if (expected.isEmpty()) {
      expected.addAll(executed(bytes, leaf));
    }
    Entry next = expected.element();
    if (!Arrays.equals(next.bytes(), bytes)) {
      throw new DivergedException(Reason.INTERNAL, where() + "execution writes another leaf");
    }
    expected.remove();
    frontier.append(next.hash(), subtrees);
    if (next.leaf() instanceof Leaf.Recovered recovered
        && recovered.recovery().recovery() instanceof Recovery.Seat) {
      recoveredAt = frontier.size() + 1; // its seal follows
    }
    if (next.leaf() instanceof Leaf.Sealed sealed) {
      Row.Term term = term(sealed.term());
      long before = handover(term) == frontier.size() ? 0 : handover(term);
      seals.put(frontier.size(), new Sealed(frontier.root(), sealed.time(), term.seats(), before));
    }
  }

  /** The size just after the block with which a term's seats were seated. */
  private long handover(Row.Term term) {
    return term.recovered() ? recoveredAt : term.first();
  }

  private Row.Term term(long number) {
    Row.Term row = state.get(new Key.OfTerm(number));
    if (row == null) {
      throw new IllegalStateException("nobody sits in term " + number);
    }
    return row;
  }

  /** Executes what this leaf begins; a batch or the end of a term goes on with further leaves. */
  private List<Entry> executed(byte[] bytes, Leaf leaf) {
    Applied applied;
    try {
      applied =
          switch (leaf) {
            case Leaf.Elected elected -> elected(elected);
            case Leaf _ when rests(leaf) -> unproven(leaf);
            default -> protocol.apply(state, new Command(leaf.time(), action(leaf)));
          };
    } catch (MalformedException malformed) {
      throw new DivergedException(Reason.MALFORMED, where() + malformed.getMessage(), malformed);
    }
    return switch (applied) {
      case Applied.Accepted accepted -> {
        if (!Arrays.equals(accepted.first().bytes(), bytes)) {
          throw new DivergedException(Reason.INTERNAL, where() + "execution writes another leaf");
        }
        state.write(accepted.writes());
        yield accepted.entries();
      }
      case Applied.Refused refused ->
          throw new DivergedException(refused.refusal().reason(), where() + refused.refusal());
      case Applied.Repeated repeated ->
          throw new DivergedException(Reason.ID_REUSED, where() + "a repeated order");
    };
  }

  /** Whether a leaf rests on a history that its chain gave up. */
  private boolean rests(Leaf leaf) {
    return switch (leaf) {
      case Leaf.Recorded recorded -> givenUp.records(frontier.size(), recorded);
      case Leaf.Executed e -> {
        Leaf.Decision decision = e.decision();
        yield decision != null
            && e.cited() != null
            && rests(decision.transfer().origin(), e.cited().recorded());
      }
      case Leaf.Concluded c -> rests(c.transfer().origin(), c.cited().recorded());
      case Leaf.Settled s -> rests(s.from(), s.recorded());
      case Leaf.Conflicting c ->
          givenUp.handedOver(c.origin())
              && !convicted(c)
              && (convictsKnown(c) || givenUp.convicts(c));
      default -> false;
    };
  }

  /** Whether those whom the leaf names have approved both histories. */
  private boolean convicted(Leaf.Conflicting leaf) {
    Seats seats = sitting(leaf.origin()).convictable(leaf.term(), leaf.time());
    return seats != null && authorization.convicted(leaf.proof(), seats);
  }

  /** Whether any who count here have: a history that was given up may have more terms of theirs. */
  private boolean convictsKnown(Leaf.Conflicting leaf) {
    return sitting(leaf.origin()).convictable(leaf.time()).stream()
        .anyMatch(seats -> authorization.convicted(leaf.proof(), seats));
  }

  private boolean rests(ChainId origin, long recorded) {
    return !origin.equals(chain) && givenUp.covers(origin, recorded);
  }

  private Applied unproven(Leaf leaf) {
    return switch (leaf) {
      case Leaf.Recorded recorded ->
          taken(leaf, unproven.recorded(state, recorded, seating(recorded)));
      case Leaf.Conflicting conflict when convictsKnown(conflict) ->
          unproven.convicted(state, conflict); // which proves it
      case Leaf.Conflicting conflict -> taken(leaf, unproven.convicted(state, conflict));
      default -> {
        Leaf.Decision decision = leaf.decision();
        Offer known =
            decision == null ? null : givenUp.send(decision.transfer(), decision.sendLeaf());
        yield taken(leaf, unproven.citing(state, leaf, action(leaf), known));
      }
    };
  }

  private Applied taken(Leaf leaf, Applied applied) {
    if (applied instanceof Applied.Accepted) {
      givenUp.taken(frontier.size(), leaf);
    }
    return applied;
  }

  /** The leaf by which a record of a history that was given up has others seated, when known. */
  private @Nullable Leaf seating(Leaf.Recorded leaf) {
    Leaf handover = leaf.handover() == Leaf.Recorded.NO_HANDOVER ? null : givenUp.handover(leaf);
    return handover instanceof Leaf.Recovered recovered
            && !authorization.recovered(recovered.recovery())
        ? null
        : handover;
  }

  /** Ends a term; who stands is counted as the leaf says where nobody can know better. */
  private Applied elected(Leaf.Elected leaf) {
    Command seal = new Command(leaf.time(), action(leaf));
    List<Row.Candidate> counted = givenUp.counted(leaf);
    return counted.isEmpty()
        ? protocol.apply(state, seal)
        : taken(leaf, protocol.apply(new Counted(state, counted), seal));
  }

  private Action action(Leaf leaf) {
    return switch (leaf) {
      case Leaf.Genesis g -> new Action.Genesis(g.federationFile());
      case Leaf.Executed e -> new Action.Submit(e.order(), key(e), e.arrived(), citation(e));
      case Leaf.Concluded c ->
          new Action.Conclude(c.transfer(), c.kind(), cite(c.transfer().origin(), c.cited()));
      case Leaf.Recorded r -> record(r);
      case Leaf.Settled s -> settle(s);
      case Leaf.Sealed s -> new Action.Seal(s.height());
      case Leaf.Elected e -> new Action.Seal(head().height() + 1);
      case Leaf.Recovered r -> recover(r);
      case Leaf.Conflicting c -> convict(c);
      case Leaf.Paid p ->
          throw new DivergedException(Reason.INTERNAL, where() + "a payment without its batch");
    };
  }

  private Row.Head head() {
    Row.Head head = state.head();
    if (head == null) {
      throw new DivergedException(Reason.CHAIN_NOT_STARTED, where() + "no genesis");
    }
    return head;
  }

  private byte[] key(Leaf.Executed leaf) {
    Row.Account row = state.get(new Key.OfAccount(leaf.order().order().account()));
    Row.Account account = row == null ? null : row.at(Math.max(leaf.time(), head().time()));
    return switch (authorization.check(leaf.order(), account)) {
      case Authorization.Verdict.Valid valid -> valid.key();
      case Authorization.Verdict.Invalid invalid ->
          throw new DivergedException(invalid.refusal().reason(), where() + invalid.refusal());
    };
  }

  private Action.@Nullable Citation citation(Leaf.Executed leaf) {
    Leaf.Decision decision = leaf.decision();
    return decision == null || leaf.cited() == null
        ? null
        : cite(decision.transfer().origin(), leaf.cited());
  }

  private Action.Citation cite(ChainId origin, Leaf.Cited cited) {
    return new Action.Citation(
        cited.index(), cited.recorded(), proof(origin, cited.index(), cited.recorded()));
  }

  private Action.@Nullable Proof proof(ChainId origin, long index, long recorded) {
    Row.Recorded tree =
        origin.equals(chain) ? null : state.get(new Key.OfRecorded(origin, recorded));
    return tree == null ? null : origins.proof(tree, index);
  }

  /** The leaf only names the checkpoint; its approval and its proofs are the origin's to show. */
  private Action record(Leaf.Recorded leaf) {
    ChainId origin = leaf.origin();
    Checkpoint checkpoint = new Checkpoint(directory.origin(origin), leaf.size(), leaf.root());
    Action.Handover handover = handover(leaf);
    Seats seats = approving(leaf, handover);
    if (seats == null || !origins.approved(origin, checkpoint, seats)) {
      throw new DivergedException(
          Reason.NOT_APPROVED, where() + "the recorded checkpoint is not approved");
    }
    Row.Latest latest = state.get(new Key.OfLatest(origin));
    List<Hash> consistency =
        latest == null || leaf.size() <= latest.size() // execution refuses it, or asks for no proof
            ? List.of()
            : origins.consistency(latest.size(), tree(leaf));
    return new Action.RecordCheckpoint(origin, leaf.term(), checkpoint, consistency, handover);
  }

  private Row.Sitting sitting(ChainId origin) {
    Directory.Entry entry = directory.find(origin);
    if (entry == null) {
      throw new DivergedException(Reason.UNKNOWN_CHAIN, where() + origin);
    }
    return Row.Sitting.of(state.get(new Key.OfSitting(origin)), entry);
  }

  /** The leaf by which the origin's seats changed, from the origin's log. */
  private Action.@Nullable Handover handover(Leaf.Recorded leaf) {
    if (leaf.handover() == Leaf.Recorded.NO_HANDOVER) {
      return null;
    }
    ChainId origin = leaf.origin();
    Row.Latest latest = state.get(new Key.OfLatest(origin));
    Action.Proof proof = handover(leaf, tree(leaf));
    boolean elected = LeafText.parse(proof.leaf()) instanceof Leaf.Elected;
    return elected && latest != null && leaf.term() > sitting(origin).seats().term()
        ? new Action.Handover(
            leaf.handover(), handover(leaf, new Row.Recorded(origin, latest.size(), latest.root())))
        : new Action.Handover(leaf.handover(), proof);
  }

  private static Row.Recorded tree(Leaf.Recorded leaf) {
    return new Row.Recorded(leaf.origin(), leaf.size(), leaf.root());
  }

  private Action.Proof handover(Leaf.Recorded leaf, Row.Recorded tree) {
    Action.Proof proof = origins.proof(tree, leaf.handover());
    if (proof == null) {
      throw new DivergedException(Reason.EVIDENCE_MISSING, where() + "no such hand-over");
    }
    return proof;
  }

  private @Nullable Seats approving(Leaf.Recorded leaf, Action.@Nullable Handover handover) {
    Seats sitting = sitting(leaf.origin()).seats();
    if (handover == null) {
      return sitting;
    }
    return switch (LeafText.parse(handover.proof().leaf())) {
      case Leaf.Recovered recovered when !authorization.recovered(recovered.recovery()) -> null;
      case Leaf.Recovered recovered
          when recovered.recovery().recovery() instanceof Recovery.Seat seat
              && leaf.term() == seat.set().term() ->
          seat.set();
      case Leaf.Elected elected when leaf.term() != sitting.term() -> elected.seats();
      default -> sitting; // what does not seat anybody, execution refuses
    };
  }

  private Action recover(Leaf.Recovered leaf) {
    if (!authorization.recovered(leaf.recovery())) {
      throw new DivergedException(
          Reason.BAD_SIGNATURE, where() + "the recovery quorum has not signed");
    }
    return new Action.Recover(leaf.recovery());
  }

  private Action convict(Leaf.Conflicting leaf) {
    Seats seats = sitting(leaf.origin()).convictable(leaf.term(), leaf.time());
    if (seats != null && !authorization.convicted(leaf.proof(), seats)) {
      throw new DivergedException(
          Reason.BAD_SIGNATURE, where() + "the seats have not approved both histories");
    }
    return new Action.Convict(leaf.origin(), leaf.term(), leaf.proof());
  }

  private Action settle(Leaf.Settled leaf) {
    List<Action.Item> items = new ArrayList<>(leaf.ended().size());
    for (Leaf.Ended ended : leaf.ended()) {
      Action.Proof proof = proof(leaf.from(), ended.index(), leaf.recorded());
      items.add(new Action.Item(ended.hold(), ended.index(), proof));
    }
    return new Action.Settle(leaf.from(), leaf.recorded(), items);
  }

  private String where() {
    return chain + " leaf " + frontier.size() + ": ";
  }
}
