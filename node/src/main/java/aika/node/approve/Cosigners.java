package aika.node.approve;

import aika.core.approval.CosignerRules;
import aika.core.approval.CosignerRules.Signed;
import aika.core.approval.CosignerRules.Verdict;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.note.NoteSignature;
import aika.node.config.HeldKey;
import aika.node.store.Approvals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The seats that this node holds. What they signed last is written in the same batch as the
 * approval, and fsynced before a signature leaves.
 */
final class Cosigners {
  private static final Verdict NOBODY =
      new Verdict.Refuse(404, "no seat of this chain is held here");

  private final CosignerRules rules;
  private final Approvals approvals;
  private final LongSupplier clock;

  Cosigners(CosignerRules rules, Approvals approvals, LongSupplier clock) {
    this.rules = rules;
    this.approvals = approvals;
    this.clock = clock;
  }

  /**
   * @param lines the signatures of the seats that agreed
   * @param refusal why the first of the others did not; meaningful when there are fewer lines than
   *     seats
   */
  record Answer(List<NoteSignature> lines, Verdict refusal) {}

  /**
   * Cosigns with each seat; nothing may be shown before the round is written.
   *
   * @param request the request that suits what a seat has signed last
   */
  Answer cosign(
      List<HeldKey> seats,
      Checkpoint checkpoint,
      Function<Signed, AddCheckpoint> request,
      Approvals.Round round) {
    String origin = checkpoint.origin();
    long now = clock.getAsLong();
    List<NoteSignature> lines = new ArrayList<>(seats.size());
    // seats of one node that signed the same so far get the same verdict
    Map<Signed, Verdict> verdicts = new HashMap<>();
    Verdict refusal = NOBODY;
    for (HeldKey seat : seats) {
      String name = seat.key().name();
      Signed last = approvals.signed(name, origin);
      Verdict verdict = verdicts.computeIfAbsent(last, l -> rules.check(request.apply(l), l, now));
      if (verdict instanceof Verdict.Sign sign && sign.seats().keys().contains(seat.key())) {
        round.signed(name, origin, sign.next());
        lines.add(Cosignature.sign(checkpoint, name, now / 1000, seat.signer()));
      } else if (refusal.equals(NOBODY)) {
        refusal = verdict;
      }
    }
    return new Answer(lines, refusal);
  }
}
