package aika.node.approve;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.ConflictProof;
import aika.core.money.ChainId;
import aika.core.note.SignatureScheme;
import aika.core.transfer.Authorization;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings proofs of conflicts to the chains that are served here [SEAL-43]. */
public final class Convicting {
  private final Shard shard;
  private final Directory directory;
  private final Authorization authorization;

  /** What a chain that is served here made of a proof. */
  public record Result(ChainId chain, Answer answer) {
    /** Whether the chain knows now, or knew before. */
    public boolean convicted() {
      return switch (answer) {
        case Answer.Accepted _, Answer.Repeated _ -> true;
        case Answer.Refused refused -> refused.refusal().reason() == Reason.CHAIN_FROZEN;
      };
    }
  }

  public Convicting(Shard shard, Directory directory, SignatureScheme signatures) {
    this.shard = shard;
    this.directory = directory;
    authorization = new Authorization(directory, signatures);
  }

  /** Whose histories a proof shows; empty when it is no chain of the federation. */
  public Optional<ChainId> shown(ConflictProof proof) {
    return directory.chains().keySet().stream()
        .filter(id -> directory.origin(id).equals(proof.origin()))
        .findFirst();
  }

  /**
   * Brings the proof to every other chain that is served here; each believes seats of its own.
   *
   * @param shown whose histories it shows, of the directory
   * @throws aika.node.order.OutcomeUnknownException when a chain did not answer in time
   */
  public List<Result> convict(ChainId shown, ConflictProof proof) {
    Directory.Entry origin = directory.entry(shown);
    List<Result> results = new ArrayList<>();
    for (Chain chain : shard.chains()) {
      if (!chain.id().equals(shown)) {
        results.add(new Result(chain.id(), convict(chain, origin, proof)));
      }
    }
    return results;
  }

  /** Whether a set of the chain's own, which is served here, approved both histories. */
  public boolean convictsOwn(ChainId shown, ConflictProof proof) {
    Chain own = shard.find(shown);
    if (own == null) {
      return false;
    }
    for (long number = own.head().term(); number > 0; number--) {
      Row.Term term = own.get(new Key.OfTerm(number));
      if (term != null && authorization.convicted(proof, term.seats())) {
        return true;
      }
    }
    return false;
  }

  private Answer convict(Chain chain, Directory.Entry origin, ConflictProof proof) {
    Row.Sitting sitting = Row.Sitting.of(chain.get(new Key.OfSitting(origin.id())), origin);
    if (sitting.conflict()) {
      return new Answer.Refused(Refusal.of(Reason.CHAIN_FROZEN, origin.id() + " is known to have"));
    }
    Seats seats =
        sitting.convictable(chain.head().time()).stream()
            .filter(set -> authorization.convicted(proof, set))
            .findFirst()
            .orElse(null);
    if (seats == null) {
      return new Answer.Refused(
          Refusal.of(
              Reason.EVIDENCE_INVALID,
              "no term up to " + sitting.seats().term() + " that counts approved both histories"));
    }
    return shard.await(
        shard.submit(chain.id(), new Action.Convict(origin.id(), seats.term(), proof)));
  }
}
