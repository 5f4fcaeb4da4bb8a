package aika.sim;

import aika.core.ledger.Seats;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.VerifierKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ordering side of approval: asks the seats to cosign the latest seal until enough have. */
final class Approval {
  private final Shard shard;
  private final Chain chain;
  private final World world;
  private List<Representative> representatives = List.of();
  private long[] signedSizes = {};
  private @Nullable SignedCheckpoint round;
  private List<VerifierKey> sitting = List.of();
  private long sealAsked;

  Approval(Shard shard, Chain chain) {
    this.shard = shard;
    this.chain = chain;
    this.world = shard.world;
  }

  void seat(List<Representative> all) {
    representatives = List.copyOf(all);
    signedSizes = new long[all.size()];
  }

  /** A crash forgets the round; seats say again what they signed. */
  void forget() {
    round = null;
    sealAsked = 0;
    signedSizes = new long[representatives.size()];
  }

  /** The largest size that a seat with a disk of its own has signed. */
  long signedElsewhere() {
    return representatives.stream().mapToLong(Representative::signedElsewhere).max().orElse(0);
  }

  /** The chain was built again: its own seats count as having signed that. */
  void rebuilt() {
    representatives.forEach(Representative::rebuilt);
  }

  /** Height of the last block for whose seal a timer runs. */
  long sealAsked() {
    return sealAsked;
  }

  void askSeal(long height) {
    sealAsked = height;
  }

  void advanceIfIdle() {
    if (round == null) {
      advance();
    }
  }

  /** Asks every seat of the next block's term that has not cosigned it. */
  void advance() {
    long size = chain.sizeToApprove();
    if (size == 0) {
      return;
    }
    if (round == null || round.checkpoint().size() < size) {
      Checkpoint checkpoint = chain.checkpoint(size);
      sitting = chain.seatsOf(size).keys();
      round =
          SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, world.federation().logSigner(chain.id()));
    }
    SignedCheckpoint asked = round;
    for (int seat = 0; seat < sitting.size(); seat++) {
      boolean missing =
          asked.note().signatures().stream().noneMatch(named(sitting.get(seat).name()));
      if (missing) {
        ask(seat, asked);
      }
    }
  }

  private static java.util.function.Predicate<NoteSignature> named(String name) {
    return signature -> signature.name().equals(name);
  }

  private void ask(int seat, SignedCheckpoint asked) {
    long size = asked.checkpoint().size();
    long old = signedSizes[seat];
    if (old > size) {
      return;
    }
    List<Hash> proof =
        old == 0 || old == size ? List.of() : Proofs.consistency(old, size, chain.tree());
    SignedCheckpoint bare =
        new SignedCheckpoint(
            new aika.core.note.SignedNote(
                asked.note().text(), asked.note().signatures().subList(0, 1)),
            asked.checkpoint());
    AddCheckpoint request = new AddCheckpoint(old, proof, bare);
    Representative to = representatives.get(seat);
    shard.send(
        to,
        () ->
            to.addCheckpoint(
                request, shard.answer(to, cosigning -> answered(seat, size, cosigning))));
  }

  private void answered(int seat, long size, Representative.Cosigning answer) {
    SignedCheckpoint current = round;
    switch (answer) {
      case Representative.Cosigning.Cosigned cosigned -> {
        signedSizes[seat] = Math.max(signedSizes[seat], size);
        if (current != null
            && current.checkpoint().size() == size
            && current.note().signatures().stream().noneMatch(named(cosigned.signature().name()))) {
          round = current.withSignature(cosigned.signature());
          approveIfEnough(round);
        }
      }
      case Representative.Cosigning.Conflict conflict -> {
        signedSizes[seat] = conflict.signedSize();
        if (current != null && conflict.signedSize() <= current.checkpoint().size()) {
          ask(seat, current);
        }
      }
      case Representative.Cosigning.Unwilling unwilling -> {}
    }
  }

  private void approveIfEnough(SignedCheckpoint signed) {
    Seats seats = chain.seatsOf(signed.checkpoint().size());
    if (signed.note().signatures().size() > seats.quorum()
        && seats.approvedAt(signed, world.keys()).isPresent()) {
      round = null;
      shard.approved(chain, signed);
      advance();
    }
  }
}
