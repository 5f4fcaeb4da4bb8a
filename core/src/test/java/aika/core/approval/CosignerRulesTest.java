package aika.core.approval;

import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer of add-checkpoint (C2SP tlog-witness), and what this federation adds. */
final class CosignerRulesTest {
  private static final String ORIGIN = "aika.example/Asia-Komatsu";
  private static final Hash ZERO = Hash.of(new byte[32]);

  private final TestFederation fed = TestFederation.standard();
  private final TestChain chain = fed.chain(KOMATSU);
  private final Map<Long, Execution.Sealed> seals = new HashMap<>();
  private final Set<Long> handedOver = new HashSet<>();
  private final CosignerRules rules =
      new CosignerRules(fed.directory(), TestKeys.CHEAP, new Known());
  private final long[] sizes = new long[3];

  private final class Known implements Execution {
    @Override
    public Execution.@Nullable Sealed sealed(ChainId id, long size) {
      return id.equals(KOMATSU) ? seals.get(size) : null;
    }

    @Override
    public boolean handedOver(ChainId id, long handover) {
      return id.equals(KOMATSU) && handedOver.contains(handover);
    }
  }

  @BeforeEach
  void threeBlocks() {
    for (int i = 0; i < 3; i++) {
      fed.open(KOMATSU, "aaa" + i);
      fed.open(KOMATSU, "bbb" + i);
      fed.advance(1_000);
      chain.seal(fed.now());
      sizes[i] = chain.tree().size();
      seals.put(
          sizes[i],
          new Execution.Sealed(chain.root(), fed.now(), fed.directory().entry(KOMATSU).seats(), 0));
    }
  }

  private Hash root(long size) {
    return chain.tree().root(size);
  }

  private CosignerRules.Signed signed(long size) {
    return size == 0 ? CosignerRules.Signed.NOTHING : new CosignerRules.Signed(size, root(size));
  }

  private AddCheckpoint request(long old, long size) {
    List<Hash> proof =
        old == 0 || old == size ? List.of() : Proofs.consistency(old, size, chain.tree());
    return request(old, proof, new Checkpoint(ORIGIN, size, root(size)));
  }

  private AddCheckpoint request(long old, List<Hash> proof, Checkpoint checkpoint) {
    return new AddCheckpoint(old, proof, SignedCheckpoint.sign(checkpoint, 1, fed.signer(ORIGIN)));
  }

  private CosignerRules.Verdict check(AddCheckpoint request, long last) {
    return rules.check(request, signed(last), fed.now());
  }

  private void signs(AddCheckpoint request, long last) {
    CosignerRules.Verdict.Sign sign =
        assertInstanceOf(CosignerRules.Verdict.Sign.class, check(request, last));
    Checkpoint checkpoint = request.checkpoint().checkpoint();
    assertEquals(new CosignerRules.Signed(checkpoint.size(), checkpoint.root()), sign.next());
  }

  private void refuses(int status, AddCheckpoint request, long last) {
    assertEquals(
        status,
        assertInstanceOf(CosignerRules.Verdict.Refuse.class, check(request, last)).httpStatus());
  }

  private void conflicts(AddCheckpoint request, long last) {
    assertEquals(new CosignerRules.Verdict.Conflict(last), check(request, last));
  }

  @Test
  void signsConsistentGrowthAndTheSameAgain() {
    signs(request(0, sizes[0]), 0);
    signs(request(0, sizes[2]), 0);
    signs(request(sizes[0], sizes[1]), sizes[0]);
    signs(request(sizes[0], sizes[2]), sizes[0]);
    signs(request(sizes[2], sizes[2]), sizes[2]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aika.example/Asia-Nowhere",
        "other.example/Asia-Komatsu",
        "aika.example",
        "aika.example/",
        "aika.example/Asia-",
        "aika.example/Asia-Komatsu/",
        "Asia-Komatsu"
      })
  void unknownLogsAre404(String origin) {
    Checkpoint checkpoint = new Checkpoint(origin, sizes[0], root(sizes[0]));
    refuses(404, request(0, List.of(), checkpoint), 0);
  }

  @Test
  void withoutTheLogsSignatureItIs403() {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, sizes[0], root(sizes[0]));
    for (SignedCheckpoint other :
        List.of(
            SignedCheckpoint.sign(checkpoint, 1, fed.signer("another")),
            SignedCheckpoint.sign(checkpoint, 2, fed.signer(ORIGIN)))) {
      refuses(403, new AddCheckpoint(0, List.of(), other), 0);
    }
    SignedCheckpoint ofAnother =
        SignedCheckpoint.sign(
            new Checkpoint(ORIGIN, sizes[1], root(sizes[1])), 1, fed.signer(ORIGIN));
    SignedCheckpoint moved =
        SignedCheckpoint.sign(checkpoint, 1, fed.signer("x"))
            .withSignature(ofAnother.note().signatures().getFirst());
    refuses(403, new AddCheckpoint(0, List.of(), moved), 0);
  }

  @Test
  void anOldSizeBeyondTheCheckpointIsMalformed() {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, sizes[0], root(sizes[0]));
    assertThrows(MalformedException.class, () -> request(sizes[0] + 1, List.of(), checkpoint));
  }

  @Test
  void anotherOldSizeIsAConflictThatNamesTheSize() {
    conflicts(request(0, sizes[1]), sizes[0]);
    conflicts(request(sizes[0], sizes[1]), 0);
    conflicts(request(sizes[0], sizes[2]), sizes[1]);
    conflicts(request(sizes[0], sizes[0]), sizes[1]);
  }

  @Test
  void anotherRootAtTheSignedSizeIsAConflict() {
    Checkpoint fork = new Checkpoint(ORIGIN, sizes[0], ZERO);
    conflicts(request(sizes[0], List.of(), fork), sizes[0]);
  }

  @Test
  void aProofThatDoesNotHoldIs422() {
    AddCheckpoint good = request(sizes[0], sizes[1]);
    Checkpoint checkpoint = good.checkpoint().checkpoint();
    refuses(422, request(sizes[0], List.of(), checkpoint), sizes[0]);
    for (int i = 0; i < good.proof().size(); i++) {
      List<Hash> changed = new ArrayList<>(good.proof());
      changed.set(i, ZERO);
      refuses(422, request(sizes[0], changed, checkpoint), sizes[0]);
    }
    Checkpoint fork = new Checkpoint(ORIGIN, sizes[1], ZERO);
    refuses(422, request(sizes[0], good.proof(), fork), sizes[0]);
    refuses(422, request(0, List.of(ZERO), checkpoint), 0);
    refuses(422, request(sizes[1], List.of(ZERO), checkpoint), sizes[1]);
  }

  @Test
  void whatIsNotExecutedOrNotSealedIs503() {
    refuses(503, request(0, sizes[0] - 1), 0);
    refuses(503, request(sizes[0], sizes[0] + 1), sizes[0]);
    seals.remove(sizes[1]);
    refuses(503, request(sizes[0], sizes[1]), sizes[0]);
    refuses(503, request(0, List.of(), new Checkpoint(ORIGIN, 0, Merkle.EMPTY_ROOT)), 0);
  }

  @Test
  void whatExecutionWritesOtherwiseIs422() {
    seals.put(
        sizes[0], new Execution.Sealed(ZERO, START, fed.directory().entry(KOMATSU).seats(), 0));
    refuses(422, request(0, sizes[0]), 0);
    // A fork before anything was signed: consistent, signed by the log, and wrong.
    Checkpoint fork = new Checkpoint(ORIGIN, sizes[1], ZERO);
    refuses(422, request(0, List.of(), fork), 0);
  }

  @Test
  void theSeatsOfTheSealsTermSign() {
    List<VerifierKey> keys =
        List.of(TestKeys.cosigner("aika.example/Asia-Komatsu/new", TestKeys.cheap("new")));
    Seats next = new Seats(2, keys);
    seals.put(sizes[2], new Execution.Sealed(root(sizes[2]), fed.now(), next, 0));
    CosignerRules.Verdict.Sign sign =
        assertInstanceOf(CosignerRules.Verdict.Sign.class, check(request(0, sizes[2]), 0));
    assertEquals(next, sign.seats());
  }

  /** Else it could not sign that block any more, and nobody would believe who was seated. */
  @Test
  void beyondAHandOverWaitsForTheApprovalOfItsBlock() {
    Seats next = fed.directory().entry(KOMATSU).seats(); // some sit in both terms
    for (int i = 1; i < 3; i++) {
      seals.put(sizes[i], new Execution.Sealed(root(sizes[i]), fed.now(), next, sizes[0]));
    }
    signs(request(0, sizes[0]), 0);
    refuses(503, request(0, sizes[1]), 0);
    refuses(503, request(sizes[0], sizes[1]), sizes[0]); // not enough of the others signed yet
    handedOver.add(sizes[1]);
    refuses(503, request(sizes[0], sizes[1]), sizes[0]);
    handedOver.add(sizes[0]);
    signs(request(0, sizes[1]), 0);
    signs(request(sizes[0], sizes[1]), sizes[0]);
    handedOver.clear();
    signs(request(sizes[1], sizes[2]), sizes[1]); // it has seen it before
  }

  @Test
  void sealsAheadOfTheClockWait() {
    long sealed = fed.now();
    AddCheckpoint request = request(0, sizes[2]);
    CosignerRules.Verdict early = rules.check(request, signed(0), sealed - 5_001);
    assertEquals(503, assertInstanceOf(CosignerRules.Verdict.Refuse.class, early).httpStatus());
    assertInstanceOf(
        CosignerRules.Verdict.Sign.class, rules.check(request, signed(0), sealed - 5_000));
  }
}
