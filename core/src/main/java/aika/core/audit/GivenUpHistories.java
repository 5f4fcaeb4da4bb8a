package aika.core.audit;

import aika.core.approval.GivenUp;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * [AUD-16] What one chain has recorded of histories that others gave up: a checkpoint that is not
 * of the origin's log, and behind it the chain's own {@code conflict} leaf, which proves that the
 * origin's seats had approved two. For one thread.
 */
final class GivenUpHistories implements GivenUp {
  private static final byte[] CONFLICT =
      (LeafText.FIRST_LINE + "\nkind conflict\n").getBytes(StandardCharsets.US_ASCII);
  private static final int KNOWN_MAX = 1_000;
  private static final long NONE = Long.MAX_VALUE;

  private final ChainId chain;
  private final LogReader log;
  private final Directory directory;
  private final SignatureScheme logSignatures;
  private final Evidence evidence;
  private final LedgerState state;
  private final Findings notes = new Findings();
  private final Map<ChainId, Long> conflicts = new HashMap<>();
  private final Map<Row.Recorded, Boolean> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Row.Recorded, Boolean> eldest) {
          return size() > KNOWN_MAX;
        }
      };
  private final List<Row.Hold> settled = new ArrayList<>();
  private final List<Row.Hold> refunded = new ArrayList<>();
  private final Set<ChainId> handedOver = new HashSet<>();
  private final Strangers strangers;
  private @Nullable Offer sent;
  private Money received = Money.ZERO;
  private long last = -1;

  /**
   * @param log the chain's own
   * @param state its rows
   */
  GivenUpHistories(
      LogReader log,
      Directory directory,
      SignatureScheme logSignatures,
      Evidence evidence,
      LedgerState state) {
    this.chain = log.chain();
    this.log = log;
    this.directory = directory;
    this.logSignatures = logSignatures;
    this.evidence = evidence;
    this.state = state;
    strangers = new Strangers(state);
  }

  /** What was taken at its word. */
  Findings notes() {
    return notes;
  }

  /** Whether this leaf, which was executed last, was taken at its word. */
  boolean unproven(long index) {
    return index == last;
  }

  /** What was received here of sends that nobody can show any more. */
  Money received() {
    return received;
  }

  /** What was settled here as received, on decisions that nobody can show any more. */
  List<Row.Hold> settled() {
    return List.copyOf(settled);
  }

  /** What was refunded here as declined, on such decisions. */
  List<Row.Hold> refunded() {
    return List.copyOf(refunded);
  }

  @Override
  public boolean records(long index, Leaf.Recorded leaf) {
    return strange(new Row.Recorded(leaf.origin(), leaf.size(), leaf.root()))
        && conflict(leaf.origin(), index) != NONE;
  }

  @Override
  public boolean covers(ChainId origin, long recorded) {
    Row.Recorded row = state.get(new Key.OfRecorded(origin, recorded));
    if (row == null) {
      return false;
    }
    Boolean before = known.get(row);
    if (before != null) {
      return before;
    }
    boolean covers = strange(row) && conflict(origin, -1) != NONE;
    known.put(row, covers);
    return covers;
  }

  private boolean strange(Row.Recorded row) {
    Directory.Entry origin = directory.find(row.origin());
    return origin != null
        && !evidence.approved(
            row.origin(),
            new Checkpoint(directory.origin(row.origin()), row.size(), row.root()),
            origin.seats());
  }

  /** The first leaf behind this one that says that the origin's seats signed two histories. */
  private long conflict(ChainId origin, long index) {
    long found = conflicts.getOrDefault(origin, -1L);
    if (found <= index) {
      found = search(origin, index + 1);
      conflicts.put(origin, found);
    }
    return found;
  }

  private long search(ChainId origin, long from) {
    long size = log.approved().checkpoint().size();
    for (long index = from; index < size; ) {
      List<byte[]> bundle = log.bundle(index / TilePath.FULL_WIDTH, size);
      for (int at = (int) (index % TilePath.FULL_WIDTH); at < bundle.size(); at++, index++) {
        byte[] leaf = bundle.get(at);
        if (convicts(leaf)
            && LeafText.parse(leaf) instanceof Leaf.Conflicting conflict
            && conflict.origin().equals(origin)) {
          return index;
        }
      }
    }
    return NONE;
  }

  private static boolean convicts(byte[] leaf) {
    return leaf.length > CONFLICT.length
        && Arrays.equals(leaf, 0, CONFLICT.length, CONFLICT, 0, CONFLICT.length);
  }

  @Override
  public @Nullable Offer send(TransferId transfer, Hash sendLeaf) {
    Offer proven = proven(transfer, sendLeaf);
    sent = proven == null ? evidence.givenUp(transfer, sendLeaf) : proven;
    return sent;
  }

  private @Nullable Offer proven(TransferId transfer, Hash sendLeaf) {
    Offer offer = evidence.proven(transfer);
    return offer != null && offer.sendLeaf().equals(sendLeaf) ? offer : null;
  }

  @Override
  public @Nullable Leaf handover(Leaf.Recorded leaf) {
    return evidence.leaf(
        new Row.Recorded(leaf.origin(), leaf.size(), leaf.root()), leaf.handover());
  }

  @Override
  public boolean handedOver(ChainId origin) {
    return handedOver.contains(origin);
  }

  @Override
  public boolean convicts(Leaf.Conflicting leaf) {
    VerifierKey logKey = directory.entry(leaf.origin()).logKey();
    return evidence.isRecovered(leaf.origin()) // else it has given up nothing
        && leaf.proof().first().isSignedByLog(logKey, logSignatures)
        && leaf.proof().second().isSignedByLog(logKey, logSignatures);
  }

  @Override
  public List<Row.Candidate> counted(Leaf.Elected leaf) {
    return strangers.counted(leaf);
  }

  @Override
  public void taken(long index, Leaf leaf) {
    switch (leaf) {
      case Leaf.Recorded recorded -> {
        String what = recorded.origin() + " at size " + recorded.size();
        long why = conflict(recorded.origin(), index);
        note(Finding.Kind.GIVEN_UP, index, what + "; conflict: leaf " + why);
        if (recorded.handover() != Leaf.Recorded.NO_HANDOVER) {
          handedOver.add(recorded.origin());
        }
      }
      case Leaf.Conflicting conflict ->
          note(Finding.Kind.UNPROVEN, index, conflict.origin() + " term " + conflict.term());
      case Leaf.Elected elected ->
          note(Finding.Kind.UNPROVEN, index, "election of term " + elected.term());
      case Leaf.Settled all -> all.ended().forEach(ended -> settled(index, all.from(), ended));
      default -> {
        Leaf.Decision decision = leaf.decision();
        if (decision != null && proven(decision.transfer(), decision.sendLeaf()) == null) {
          decided(index, leaf, decision);
        }
      }
    }
  }

  private void decided(long index, Leaf leaf, Leaf.Decision decision) {
    String what = decision.transfer() + " " + decision.kind().text();
    if (decision.kind() == OutcomeKind.RECEIVED) {
      Money amount = leaf.postings().getLast().amount();
      if (sent == null) {
        strangers.sent(decision.transfer().origin(), leaf.postings().getLast().account());
      }
      received = received.plus(amount);
      what += " " + amount;
    }
    note(Finding.Kind.UNPROVEN, index, what);
  }

  private void settled(long index, ChainId from, Leaf.Ended ended) {
    Row.Hold hold = state.get(new Key.OfHold(ended.hold()));
    if (hold == null) {
      throw new IllegalStateException("leaf " + index + " settled no hold");
    }
    Leaf.Decision decision = evidence.decision(from, ended.index());
    boolean shown =
        decision != null
            && decision.transfer().equals(hold.offer().transfer())
            && decision.kind() == ended.kind()
            && decision.sendLeaf().equals(hold.offer().sendLeaf());
    if (!shown) {
      (ended.kind() == OutcomeKind.RECEIVED ? settled : refunded).add(hold);
      String what = hold.offer().transfer() + " " + ended.kind().text();
      note(Finding.Kind.UNPROVEN, index, what + " " + hold.offer().amount());
    }
  }

  private void note(Finding.Kind kind, long index, String what) {
    last = index;
    notes.add(Finding.atLeaf(chain, kind, index, what));
  }
}
