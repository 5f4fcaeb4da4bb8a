package aika.node.operate;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.ledger.SignedRecovery;
import aika.core.log.ConflictProof;
import aika.core.money.ChainId;
import aika.core.note.SignatureScheme;
import aika.core.note.Utf8;
import aika.core.transfer.Authorization;
import aika.node.approve.Convicting;
import aika.node.gateway.RefusedException;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.OutcomeUnknownException;
import aika.node.order.Shard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What recovery quorums decided, and proofs of conflicts [OPR-8, OPR-9]. */
public final class DecisionRoutes {
  private final Shard shard;
  private final Directory directory;
  private final Convicting convicting;
  private final Authorization authorization;

  /**
   * @param signatures of the quorums' keys, Ed25519
   */
  public DecisionRoutes(Shard shard, Directory directory, SignatureScheme signatures) {
    this.shard = shard;
    this.directory = directory;
    convicting = new Convicting(shard, directory, signatures);
    authorization = new Authorization(directory, signatures);
  }

  void add(OperatorRules rules) {
    rules.post("/recoveries", this::recover).post("/conflicts", this::convict);
  }

  private void recover(Call call) {
    call.answer(recover(SignedRecovery.parse(Utf8.encode(call.body()))));
  }

  /** Executes the decision on its chain, once the quorum has signed it. */
  Map<String, Object> recover(SignedRecovery signed) {
    Recovery recovery = signed.recovery();
    Chain chain = shard.find(recovery.chain());
    if (chain == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, recovery.chain() + " is not served here");
    }
    // Nothing that names a chain which the file does not have is ordered: a later file may have it.
    if (recovery instanceof Recovery.Close close && directory.find(close.successor()) == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, close.successor().value());
    }
    if (!authorization.recovered(signed)) {
      throw RefusedException.of(
          Reason.BAD_SIGNATURE, "the recovery quorum of " + chain.id() + " has not signed it");
    }
    long leaf = accepted(submit(chain.id(), new Action.Recover(signed)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", chain.id());
    json.put("leaf", leaf);
    json.put("term", chain.head().term());
    return json;
  }

  private Answer submit(ChainId chain, Action action) {
    try {
      return shard.await(shard.submit(chain, action));
    } catch (OutcomeUnknownException unknown) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    }
  }

  private static long accepted(Answer answer) {
    return switch (answer) {
      case Answer.Accepted accepted -> accepted.index();
      case Answer.Repeated repeated -> repeated.index();
      case Answer.Refused refused -> throw new RefusedException(refused.refusal());
    };
  }

  private void convict(Call call) {
    call.answer(Map.of("chains", convict(ConflictProof.parse(Utf8.encode(call.body())))));
  }

  /** Brings the proof to every other chain that is served here; each believes seats of its own. */
  List<Map<String, Object>> convict(ConflictProof proof) {
    ChainId shown =
        convicting
            .shown(proof)
            .orElseThrow(() -> RefusedException.of(Reason.UNKNOWN_CHAIN, proof.origin()));
    try {
      return convicting.convict(shown, proof).stream().map(DecisionRoutes::told).toList();
    } catch (OutcomeUnknownException unknown) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    }
  }

  private static Map<String, Object> told(Convicting.Result result) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("chain", result.chain());
    one.putAll(
        switch (result.answer()) {
          case Answer.Accepted accepted -> Map.of("leaf", accepted.index());
          case Answer.Repeated repeated -> Map.of("leaf", repeated.index());
          case Answer.Refused refused -> refused(refused.refusal());
        });
    return one;
  }

  private static Map<String, Object> refused(Refusal refusal) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", refusal.reason().name());
    json.put("detail", refusal.detail());
    return json;
  }
}
