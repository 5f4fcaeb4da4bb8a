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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each chain's newest seal cosigned by the seats held here, and stores the approval when they
 * are a quorum. Blocks that were sealed meanwhile are approved together: the newest checkpoint
 * covers them.
 */
public final class Approver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Approver.class);

  private final Shard shard;
  private final Directory directory;
  private final Map<ChainId, HeldKey> logKeys;
  private final Map<VerifierKey, HeldKey> held = new ConcurrentHashMap<>();
  private final Cosigners cosigners;
  private final List<Consumer<ChainId>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock signing = new ReentrantLock();
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
    this.directory = directory;
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

  private void approve(List<ChainId> ids) {
    if (shard.isForbidden()) {
      return;
    }
    Set<ChainId> approved = new LinkedHashSet<>();
    Approvals.Round round = shard.approvals().round();
    signing.lock();
    try {
      for (ChainId id : ids) {
        Chain chain = shard.chain(id);
        Seal seal = chain.sealToApprove();
        if (seal == null) {
          continue;
        }
        Seats seats = chain.seatsOf(seal.size());
        List<HeldKey> sitting = held(seats);
        if (cosign(chain, seal, seats, sitting, round)) {
          approved.add(id);
          if (!seal.equals(chain.lastSeal())) {
            worker.due(id); // a term's last block; the next term's follow
          }
        } else if (!chain.halted() && sitting.size() >= seats.quorum()) {
          worker.dueLater(id); // a seat had a reason that passes, such as its clock
        }
      }
      round.write();
    } finally {
      signing.unlock();
    }
    approved.forEach(id -> listeners.forEach(listener -> listener.accept(id)));
    if (!approved.isEmpty()) {
      shard.changes().happened();
    }
  }

  private List<HeldKey> held(Seats seats) {
    return seats.keys().stream().map(held::get).filter(Objects::nonNull).toList();
  }

  private boolean cosign(
      Chain chain, Seal seal, Seats seats, List<HeldKey> sitting, Approvals.Round round) {
    HeldKey logKey = logKeys.get(chain.id());
    if (logKey == null || sitting.isEmpty()) {
      return false;
    }
    Checkpoint checkpoint = new Checkpoint(directory.origin(chain.id()), seal.size(), seal.root());
    SignedCheckpoint byLog = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, logKey.signer());
    Cosigners.Answer answer =
        cosigners.cosign(
            sitting,
            checkpoint,
            last -> new AddCheckpoint(last.size(), consistency(chain, last, seal), byLog),
            round);
    if (answer.lines().size() < seats.quorum()) {
      LOG.warn(
          "{} at size {}: {} cosignatures are no quorum{}",
          chain.id(),
          seal.size(),
          answer.lines().size(),
          answer.lines().isEmpty() ? " (" + answer.refusal() + ")" : "");
      return false;
    }
    round.approved(chain.id(), byLog.withSignatures(answer.lines()));
    return true;
  }

  private static List<Hash> consistency(Chain chain, Signed last, Seal seal) {
    return last.size() == 0 || last.size() >= seal.size()
        ? List.of()
        : Proofs.consistency(last.size(), seal.size(), chain.nodes());
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
    Approvals.Round round = shard.approvals().round();
    signing.lock();
    try {
      Cosigners.Answer answer =
          cosigners.cosign(sitting, request.checkpoint().checkpoint(), last -> request, round);
      round.write();
      return answer.lines().isEmpty()
          ? refusal(answer.refusal())
          : new Reply(200, "text/plain; charset=utf-8", NoteSignature.encodeLines(answer.lines()));
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
