package aika.core.audit;

import aika.core.approval.DivergedException;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.TilePath;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.CheckedAhead;
import aika.core.note.MalformedException;
import aika.core.transfer.Authorization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executes one chain's published leaves. Stops at the first leaf that does not hold. */
final class ChainAudit {
  /** Leaves after which what was audited is kept, at the next seal. */
  private static final int KEEP_LEAVES = 1_000;

  /** Orders whose signatures are checked together, ahead of their execution. */
  private static final int AHEAD_ORDERS = 32;

  private final ChainId chain;
  private final Directory directory;
  private final AuditBook book;
  private final CheckedAhead signatures;
  private final Authorization ahead;
  private final LogReader log;
  private final Evidence evidence;
  private final Replica replica;
  private final TileCheck tiles;
  private final HandoverCheck handovers;
  private final GivenUpHistories givenUp;
  private final Findings findings = new Findings();
  private boolean broken;
  private long kept;
  private long accounts;
  private long sends;
  private long received;

  /**
   * Goes on from what the book keeps.
   *
   * @throws KeptStateException when that is damaged, or of another federation
   */
  ChainAudit(
      LogReader log,
      Directory directory,
      FederationAudit.Schemes schemes,
      Evidence evidence,
      AuditBook book) {
    this.chain = log.chain();
    this.directory = directory;
    this.log = log;
    this.evidence = evidence;
    this.book = book;
    signatures = new CheckedAhead(schemes.orders());
    ahead = new Authorization(directory, signatures::ahead, schemes.cosignatures());
    Mark mark = mark();
    Frontier frontier = mark.frontier();
    tiles = new TileCheck(log, findings, frontier.size(), mark.tiles());
    givenUp = new GivenUpHistories(log, directory, schemes.logs(), evidence, book);
    replica =
        new Replica(
            chain,
            directory,
            new Authorization(directory, signatures, schemes.cosignatures()),
            evidence,
            tiles,
            book,
            frontier,
            givenUp);
    handovers = new HandoverCheck(log, book);
    kept = frontier.size();
    accounts = mark.counts().get(0);
    sends = mark.counts().get(1);
    received = mark.counts().get(2);
    continued();
  }

  private Mark mark() {
    byte[] bytes = book.kept();
    if (bytes == null) {
      book.clear();
      return new Mark(new Frontier(), List.of(), List.of(0L, 0L, 0L));
    }
    Mark mark = Mark.decode(bytes, directory, chain);
    Row.Head head = book.head();
    if (head == null
        || head.size() != mark.frontier().size()
        || !head.sealed()
        || !head.totals().conserved()
        || !directory.isFile(head.federationFile())) {
      throw new KeptStateException("what was kept of " + chain + ": its rows do not fit");
    }
    return mark;
  }

  /** [AUD-11] What is published now begins with what was audited before. */
  private void continued() {
    Frontier before = replica.frontier();
    Checkpoint now = log.approved().checkpoint();
    if (before.size() > 0
        && !log.continuedBy(new Checkpoint(now.origin(), before.size(), before.root()), now)) {
      String what = "audited " + before.size() + " " + before.root().base64();
      add(new Finding(chain, Finding.Kind.ROOT, "size " + now.size(), what));
    }
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

  Findings findings() {
    return findings;
  }

  GivenUpHistories givenUp() {
    return givenUp;
  }

  /** Whether what this chain recorded last is of a history that the origin goes on with. */
  boolean counts(Row.Latest latest) {
    try {
      return !givenUp.covers(latest.origin(), latest.size());
    } catch (OriginUnreachableException damaged) {
      return false; // it is a finding of the origin's
    }
  }

  /** Whether nothing behind what was executed can be said. */
  boolean broken() {
    return broken;
  }

  AuditBook book() {
    return book;
  }

  long accounts() {
    return accounts;
  }

  long sends() {
    return sends;
  }

  long received() {
    return received;
  }

  /** Reads on until the tree has {@code size} leaves, which is to be the approved one. */
  void run(
      long size,
      LogReader.@Nullable Approved approved,
      FederationAudit.Runner runner,
      FederationAudit.Watcher watcher) {
    if (broken) {
      return;
    }
    try {
      tiles.reading(Math.max(size, log.approved().checkpoint().size()));
      while (replica.size() < size) {
        long before = replica.size();
        execute(size, runner);
        watcher.executed(replica.size() - before);
      }
      check(size, approved);
      keep();
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

  private void execute(long size, FederationAudit.Runner runner) {
    long bundle = replica.size() / TilePath.FULL_WIDTH;
    List<byte[]> all = log.bundle(bundle, Math.max(size, log.approved().checkpoint().size()));
    int from = (int) (replica.size() % TilePath.FULL_WIDTH);
    int to = (int) Math.min(all.size(), size - bundle * TilePath.FULL_WIDTH);
    List<byte[]> leaves = all.subList(from, to);
    @Nullable Leaf[] parsed = parsed(leaves, runner);
    for (int i = 0; i < parsed.length; i++) {
      long index = replica.size();
      Leaf leaf = parsed[i];
      if (leaf == null) {
        replica.execute(leaves.get(i)); // which says what is wrong with it
        throw new IllegalStateException("leaf " + index + " was not parsed before");
      }
      replica.execute(leaves.get(i), leaf);
      handovers.executed(replica);
      look(index, leaf);
      if (leaf instanceof Leaf.Sealed && replica.size() - kept >= KEEP_LEAVES) {
        keep();
      }
    }
    signatures.clear();
    replica.forget(replica.size()); // no seal is asked for again: nobody signs here
    replica.forgetRows();
  }

  /**
   * Parses leaves and checks the signatures of those orders whose accounts are there already, side
   * by side. Null stands for a leaf that cannot be parsed.
   */
  private @Nullable Leaf[] parsed(List<byte[]> leaves, FederationAudit.Runner runner) {
    @Nullable Leaf[] parsed = new @Nullable Leaf[leaves.size()];
    List<Runnable> parts = new ArrayList<>();
    for (int from = 0; from < parsed.length; from += AHEAD_ORDERS) {
      int first = from;
      int end = Math.min(parsed.length, from + AHEAD_ORDERS);
      parts.add(() -> {
        for (int i = first; i < end; i++) {
          parsed[i] = parsed(leaves.get(i));
        }
      });
    }
    runner.run(parts);
    return parsed;
  }

  private @Nullable Leaf parsed(byte[] bytes) {
    Leaf leaf = null;
    try {
      leaf = LeafText.parse(bytes);
      if (leaf instanceof Leaf.Executed executed) {
        AccountId account = executed.order().order().account();
        // what is not valid now may be when its turn comes
        Authorization.Verdict _ = ahead.check(executed.order(), account(account, leaf.time()));
      }
      return leaf;
    } catch (MalformedException malformed) {
      return leaf; // its turn comes
    }
  }

  private Row.@Nullable Account account(AccountId id, long time) {
    Row.Account account = book.get(new Key.OfAccount(id));
    return account == null ? null : account.at(time);
  }

  /** Whether a block ends here; not between the leaves of one command. */
  private boolean sealed(Row.Head head) {
    return head.sealed() && head.size() == replica.size();
  }

  /** [AUD-11] Keeps what was executed, when a block ends there and nothing was found. */
  private void keep() {
    Row.Head head = book.head();
    if (head == null || !sealed(head) || replica.size() == kept) {
      return;
    }
    byte[] mark = null;
    if (findings.isEmpty() && givenUp.notes().isEmpty() && proven()) {
      List<Long> counts = List.of(accounts, sends, received);
      mark = new Mark(replica.frontier(), tiles.edge(), counts).encode(directory, chain);
    }
    book.keep(mark);
    kept = replica.size();
  }

  /**
   * Whether the leaves that were executed begin the approved tree: until the last of them is there,
   * whoever served them may have served others. When tiles do not show it, nothing is lost but
   * time.
   */
  private boolean proven() {
    Frontier executed = replica.frontier();
    try {
      Checkpoint tree = log.approvedBeyond(executed.size()).checkpoint();
      return log.continuedBy(new Checkpoint(tree.origin(), executed.size(), executed.root()), tree);
    } catch (FindingException damaged) {
      return false;
    }
  }

  /** Counts, and checks what execution by the rules of one chain cannot know. */
  private void look(long index, Leaf leaf) {
    switch (leaf) {
      case Leaf.Executed executed -> {
        switch (executed.order().order()) {
          case Order.Open open -> accounts++;
          case Order.Send send -> sends++;
          case Order.SendBatch batch -> sends++;
          default -> {}
        }
      }
      case Leaf.Paid paid -> sends++;
      case Leaf.Concluded concluded
          when concluded.kind() == OutcomeKind.CANCELLED && !givenUp.unproven(index) ->
          checkReceiver(index, concluded);
      default -> {}
    }
    Leaf.Decision decision = leaf.decision();
    received += decision != null && decision.kind() == OutcomeKind.RECEIVED ? 1 : 0;
  }

  /** A cancel order does not say whose transfer it is; the send does. */
  private void checkReceiver(long index, Leaf.Concluded concluded) {
    TransferId transfer = concluded.transfer();
    long recorded = concluded.cited().recorded();
    // the history that goes on need not have as many leaves as the one that was recorded
    Offer offer =
        givenUp.covers(transfer.origin(), recorded)
            ? evidence.proven(transfer)
            : evidence.offer(transfer, recorded == 0 ? replica.size() : recorded);
    if (offer == null || !offer.to().chain().equals(chain)) {
      findings.add(
          Finding.atLeaf(chain, Finding.Kind.OUTCOME_ELSEWHERE, index, transfer.toString()));
    }
  }

  private void check(long size, LogReader.@Nullable Approved approved) {
    tiles.end();
    String place = "size " + size;
    Hash computed = replica.frontier().root();
    if (approved == null) { // on the way to what is approved
      if (findings.isEmpty() && !proven()) {
        String what = "the approved tree does not begin with the computed " + computed.base64();
        add(new Finding(chain, Finding.Kind.ROOT, place, what));
      }
      return;
    }
    Hash root = approved.checkpoint().root();
    Row.Head head = book.head();
    if (head == null || !sealed(head)) {
      add(new Finding(chain, Finding.Kind.UNSEALED, place, "the last leaf is no seal"));
    } else if (!computed.equals(root)) {
      String what = "approved " + root.base64() + ", computed " + computed.base64();
      add(new Finding(chain, Finding.Kind.ROOT, place, what));
    } else {
      handovers.strayed(size, approved).forEach(this::add);
    }
  }
}
