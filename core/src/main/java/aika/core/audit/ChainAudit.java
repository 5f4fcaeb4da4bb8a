package aika.core.audit;

import aika.core.approval.DivergedException;
import aika.core.approval.Execution;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.log.Hash;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.note.SignatureScheme;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executes one chain's published leaves. Stops at the first leaf that does not hold. */
final class ChainAudit {
  private static final long ROWS_MIN = 50_000;

  private final ChainId chain;
  private final LogReader log;
  private final Evidence evidence;
  private final Replica replica;
  private final TileCheck tiles;
  private final List<Finding> findings = new ArrayList<>();
  private boolean broken;
  private long rowsMax = ROWS_MIN;
  private long sends;
  private long received;

  ChainAudit(
      LogReader log, Directory directory, SignatureScheme orderSignatures, Evidence evidence) {
    this.chain = log.chain();
    this.log = log;
    this.evidence = evidence;
    tiles = new TileCheck(log, findings);
    replica = new Replica(chain, directory, orderSignatures, evidence, tiles);
  }

  ChainId chain() {
    return chain;
  }

  LogReader log() {
    return log;
  }

  Replica replica() {
    return replica;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Whether nothing behind what was executed can be said. */
  boolean broken() {
    return broken;
  }

  long sends() {
    return sends;
  }

  long received() {
    return received;
  }

  /** Reads on until the tree has {@code size} leaves, whose root is to be this one. */
  void run(long size, @Nullable Hash root, FederationAudit.Watcher watcher) {
    if (broken) {
      return;
    }
    try {
      tiles.reading(Math.max(size, log.approved().checkpoint().size()));
      while (replica.size() < size) {
        long before = replica.size();
        execute(size);
        watcher.executed(replica.size() - before);
      }
      check(size, root);
    } catch (FindingException stop) {
      add(stop.finding());
    } catch (OriginUnreachableException unreadable) {
      String why = String.valueOf(unreadable.getMessage());
      add(Finding.atLeaf(chain, Finding.Kind.EVIDENCE_UNREADABLE, replica.size(), why));
    } catch (DivergedException diverged) {
      String what = diverged.reason() + " " + diverged.getMessage();
      add(Finding.atLeaf(chain, kind(diverged), replica.size(), what));
    }
  }

  private void add(Finding finding) {
    findings.add(finding);
    broken = true;
  }

  private static Finding.Kind kind(DivergedException diverged) {
    return switch (diverged.reason()) {
      case Reason.MALFORMED -> Finding.Kind.LEAF_MALFORMED;
      case Reason.INTERNAL -> Finding.Kind.LEAF_DIFFERS;
      case Reason.NOT_APPROVED -> Finding.Kind.RECORDED_CHECKPOINT;
      default -> Finding.Kind.LEAF_REFUSED;
    };
  }

  private void execute(long size) {
    long bundle = replica.size() / TilePath.FULL_WIDTH;
    List<byte[]> leaves = log.bundle(bundle, Math.max(size, log.approved().checkpoint().size()));
    int from = (int) (replica.size() % TilePath.FULL_WIDTH);
    int to = (int) Math.min(leaves.size(), size - bundle * TilePath.FULL_WIDTH);
    for (byte[] leaf : leaves.subList(from, to)) {
      long index = replica.size();
      replica.execute(leaf);
      look(index, LeafText.parse(leaf));
    }
    MemoryState state = (MemoryState) replica.state();
    if (state.size() > rowsMax) { // seldom: it looks at every row
      replica.forgetRows();
      rowsMax = 2L * state.size() + ROWS_MIN;
    }
  }

  /** Counts, and checks what execution by the rules of one chain cannot know. */
  private void look(long index, Leaf leaf) {
    switch (leaf) {
      case Leaf.Executed executed -> {
        switch (executed.order().order()) {
          case Order.Send send -> sends++;
          case Order.Decide decide -> received += decide.receive() ? 1 : 0;
          default -> {}
        }
      }
      case Leaf.Concluded concluded when concluded.kind() == OutcomeKind.CANCELLED ->
          checkReceiver(index, concluded);
      default -> {}
    }
  }

  /** A cancel order does not say whose transfer it is; the send does. */
  private void checkReceiver(long index, Leaf.Concluded concluded) {
    long size = concluded.cited().recorded() == 0 ? replica.size() : concluded.cited().recorded();
    Offer offer = evidence.offer(concluded.transfer(), size);
    if (offer == null || !offer.to().chain().equals(chain)) {
      findings.add(
          Finding.atLeaf(
              chain, Finding.Kind.OUTCOME_ELSEWHERE, index, concluded.transfer().toString()));
    }
  }

  private void check(long size, @Nullable Hash root) {
    tiles.end();
    if (root == null) {
      return;
    }
    Execution.Sealed sealed = replica.sealed(chain, size);
    String place = "size " + size;
    if (sealed == null) {
      add(new Finding(chain, Finding.Kind.UNSEALED, place, "the last leaf is no seal"));
    } else if (!sealed.root().equals(root)) {
      String what = "approved " + root.base64() + ", computed " + sealed.root().base64();
      add(new Finding(chain, Finding.Kind.ROOT, place, what));
    }
    replica.forget(size);
  }
}
