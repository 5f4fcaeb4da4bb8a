package aika.node.approve;

import aika.core.approval.CosignerRules;
import aika.core.approval.CosignerRules.Signed;
import aika.core.approval.CosignerRules.Verdict;
import aika.core.ledger.Directory;
import aika.core.ledger.Seats;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import aika.node.config.HeldKey;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import aika.node.store.Approvals;
import aika.node.store.Seal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each chain's newest seal cosigned by the seats held here, shows it to those held elsewhere,
 * and stores the approval when they are a quorum. Blocks that were sealed meanwhile are approved
 * together: the newest checkpoint covers them.
 */
public final class Approver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Approver.class);

  private final Shard shard;
  private final Directory directory;
  private final Candidates candidates;
  private final Map<ChainId, HeldKey> logKeys;
  private final Map<VerifierKey, HeldKey> held = new ConcurrentHashMap<>();
  private final Cosigners cosigners;
  private final List<Consumer<ChainId>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock signing = new ReentrantLock(true);

  /** What the seats signed last was read while this peer led in this term; see Approvals. */
  private final long term;

  /** Which candidates will be looked at again when the patience with them is over. */
  private final Map<ChainId, Long> timed = new HashMap<>();

  private final Worker<ChainId> worker = new Worker<>("approver", this::approve);

  /**
   * @param seats the representatives' keys that this node holds
   * @param clock ms since 1970
   */
  public Approver(
      Shard shard,
      Directory directory,
      Map<ChainId, HeldKey> logKeys,
      Collection<HeldKey> seats,
      SignatureScheme logSignatures,
      LongSupplier clock) {
    this.shard = shard;
    term = shard.leadingTerm();
    this.directory = directory;
    candidates = new Candidates(directory, clock, shard.clock());
    this.logKeys = Map.copyOf(logKeys);
    seats.forEach(seat -> held.put(seat.key(), seat));
    CosignerRules rules = new CosignerRules(directory, logSignatures, new LedgerExecution(shard));
    cosigners = new Cosigners(rules, shard.approvals(), clock);
  }

  /** Lets this node sign for a further seat, when it sits. */
  public void hold(HeldKey seat) {
    held.put(seat.key(), seat);
    shard.chains().forEach(chain -> worker.due(chain.id())); // something may wait for it
  }

  /** Starts with what was sealed and not approved before a restart. */
  public void start() {
    shard.onSeal(worker::due);
    shard.chains().forEach(chain -> worker.due(chain.id()));
    worker.start();
  }

  /** {@code listener} hears of each chain whose approved part has grown; it must not block. */
  public void onApproval(Consumer<ChainId> listener) {
    listeners.add(listener);
  }

  /** What the chains' seats are to cosign, also those that are held elsewhere. */
  public Candidates candidates() {
    return candidates;
  }

  /**
   * Takes a cosignature by a seat that is held elsewhere.
   *
   * @param machine that brings it; empty for this one
   * @throws IllegalArgumentException when the chain is not served here
   */
  public Candidates.Brought bring(ChainId id, SignedCheckpoint brought, String machine) {
    Candidates.Brought result = candidates.bring(shard.chain(id), brought, machine);
    if (result instanceof Candidates.Brought.Counted(Candidate now)
        && now.isQuorum()
        && !now.approved()) {
      worker.due(id);
    }
    return result;
  }

  private void approve(List<ChainId> ids) {
    if (shard.isForbidden()) {
      return;
    }
    Map<ChainId, Candidate> changed = new LinkedHashMap<>();
    Set<ChainId> approved = new LinkedHashSet<>();
    Approvals.Round round = shard.approvals().round(term);
    signing.lock();
    try {
      for (ChainId id : ids) {
        Candidate candidate = next(shard.chain(id));
        if (candidate == null) {
          continue;
        }
        Candidate now = cosigned(shard.chain(id), candidate, round);
        if (!now.equals(candidates.of(id))) {
          changed.put(id, now);
          if (now.approved() && !candidate.approved()) {
            approved.add(id);
          }
        }
      }
      if (changed.isEmpty()) {
        return; // those who are to cosign have not yet
      }
      round.write();
    } finally {
      signing.unlock();
    }
    changed.forEach(candidates::show);
    for (ChainId id : changed.keySet()) {
      Candidate shown = candidates.of(id);
      if (shown != null && shown.isQuorum() && !shown.approved()) {
        worker.due(id); // what was brought meanwhile has made it one
      }
    }
    for (ChainId id : approved) {
      listeners.forEach(listener -> listener.accept(id));
      if (shard.chain(id).sealToApprove() != null) {
        worker.due(id); // a term's last block, or what was sealed meanwhile
      }
    }
    shard.changes().happened();
  }

  /** What is to be cosigned or stored now; null when nothing is to be done. */
  private @Nullable Candidate next(Chain chain) {
    ChainId id = chain.id();
    Candidate shown = candidates.of(id);
    Seal seal = chain.sealToApprove();
    HeldKey logKey = logKeys.get(id);
    if (seal == null || logKey == null) {
      return shown == null ? approvedBefore(chain) : null;
    }
    if (shown != null && !shown.approved()) {
      long patience = shown.patience(System.nanoTime());
      if (shown.size() == seal.size() || patience > 0 || shown.isQuorum()) {
        if (shown.size() != seal.size()
            && !Objects.equals(timed.put(id, shown.since()), shown.since())) {
          worker.dueIn(id, patience);
        }
        return shown;
      }
      LOG.warn(
          "{} at size {}: {} cosignatures are no quorum; size {} is to be approved now",
          id,
          shown.size(),
          shown.cosigned().size(),
          seal.size());
    }
    Checkpoint checkpoint = new Checkpoint(directory.origin(id), seal.size(), seal.root());
    return new Candidate(
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, logKey.signer()),
        chain.seatsOf(seal.size()),
        System.nanoTime(),
        false);
  }

  /** Those who have not cosigned what was approved before a restart may still do so. */
  private static @Nullable Candidate approvedBefore(Chain chain) {
    SignedCheckpoint approved = chain.approved();
    return approved == null
        ? null
        : new Candidate(
            approved, chain.seatsOf(approved.checkpoint().size()), System.nanoTime(), true);
  }

  /** With the cosignatures of the seats held here; stored as approved when they are a quorum. */
  private Candidate cosigned(Chain chain, Candidate candidate, Approvals.Round round) {
    List<HeldKey> sitting =
        held(candidate.seats()).stream().filter(seat -> !candidate.cosignedBy(seat.key())).toList();
    if (candidate.approved() || chain.halted()) {
      return candidate;
    }
    Candidate now = candidate;
    if (!sitting.isEmpty() && !candidate.isQuorum()) {
      Cosigners.Answer answer =
          cosigners.cosign(
              sitting,
              candidate.checkpoint(),
              last ->
                  new AddCheckpoint(
                      last.size(), consistency(chain, last, candidate.size()), candidate.signed()),
              round);
      now = candidate.with(answer.lines());
      if (answer.lines().size() < sitting.size()) {
        LOG.warn("{} at size {}: {}", chain.id(), candidate.size(), answer.refusal());
        worker.dueLater(chain.id()); // a seat had a reason that passes, such as its clock
      }
    }
    if (!now.isQuorum()) {
      return now;
    }
    round.approved(chain.id(), now.signed());
    return now.stored();
  }

  private List<HeldKey> held(Seats seats) {
    return seats.keys().stream().map(held::get).filter(Objects::nonNull).toList();
  }

  private static List<Hash> consistency(Chain chain, Signed last, long size) {
    return last.size() == 0 || last.size() >= size
        ? List.of()
        : Proofs.consistency(last.size(), size, chain.nodes());
  }

  /** An HTTP answer of C2SP tlog-witness. */
  public record Reply(int status, String contentType, byte[] body) {
    static Reply text(int status, String text) {
      return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Answers {@code add-checkpoint} for the seats held here (C2SP tlog-witness). */
  public Reply addCheckpoint(byte[] body) {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(body);
    } catch (MalformedException malformed) {
      return Reply.text(400, malformed.getMessage() + "\n");
    }
    if (shard.isForbidden()) {
      return Reply.text(503, "what is here is behind what others have seen of it\n");
    }
    String origin = request.checkpoint().checkpoint().origin();
    long size = request.checkpoint().checkpoint().size();
    List<HeldKey> sitting =
        shard.chains().stream()
            .filter(chain -> directory.origin(chain.id()).equals(origin))
            .map(chain -> held(chain.seatsOf(size)))
            .findFirst()
            .orElse(List.of());
    if (sitting.isEmpty()) {
      return Reply.text(404, "no seat of this chain is held here\n");
    }
    Approvals.Round round = shard.approvals().round(term);
    signing.lock();
    try {
      Cosigners.Answer answer =
          cosigners.cosign(sitting, request.checkpoint().checkpoint(), last -> request, round);
      if (answer.lines().isEmpty()) {
        return refusal(answer.refusal());
      }
      round.write();
      return new Reply(200, "text/plain; charset=utf-8", NoteSignature.encodeLines(answer.lines()));
    } finally {
      signing.unlock();
    }
  }

  private static Reply refusal(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Conflict conflict ->
          new Reply(
              409,
              "text/x.tlog.size",
              (conflict.signedSize() + "\n").getBytes(StandardCharsets.UTF_8));
      case Verdict.Refuse refuse -> Reply.text(refuse.httpStatus(), refuse.why() + "\n");
      case Verdict.Sign sign -> throw new IllegalStateException("signed, yet no line");
    };
  }

  @Override
  public void close() {
    worker.close();
  }
}
