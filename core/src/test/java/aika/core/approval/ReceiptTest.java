package aika.core.approval;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.Receipt.Part;
import aika.core.approval.Receipt.Result;
import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Receipts with the real signatures of the example in docs/spec/leaves.md. */
final class ReceiptTest {
  private static final long APPROVED_AT = 1_795_345_700L;
  private static final TestFederation FEDERATION = new WorkedExample().federation();
  private static final SignatureScheme ED25519 = remembering(new Ed25519(16));
  private static final SignatureScheme ML_DSA_44 = remembering(new MlDsa44());

  /** Most of a changed receipt is not changed: what was verified once need not be again. */
  private static SignatureScheme remembering(SignatureScheme scheme) {
    Map<List<ByteBuffer>, Boolean> known = new HashMap<>();
    return (key, message, signature) ->
        known.computeIfAbsent(
            List.of(ByteBuffer.wrap(key), ByteBuffer.wrap(message), ByteBuffer.wrap(signature)),
            all -> scheme.verify(key, message, signature));
  }

  private static Result check(byte[] receipt) {
    return Receipt.check(receipt, FEDERATION.directory(), ED25519, ML_DSA_44);
  }

  private static Receipt proven(byte[] receipt) {
    return assertInstanceOf(Result.Proven.class, check(receipt)).receipt();
  }

  private static Result.Refused refused(Part part, byte[] receipt) {
    Result.Refused refused = assertInstanceOf(Result.Refused.class, check(receipt));
    assertEquals(part, refused.part(), refused.what());
    return refused;
  }

  /** The index of the first leaf of this kind. */
  private static long index(ChainId chain, String kind) {
    return FEDERATION.chain(chain).entries().stream()
        .filter(entry -> LeafText.kind(entry.leaf()).equals(kind))
        .findFirst()
        .orElseThrow()
        .index();
  }

  private static byte[] receipt(ChainId chain, long index, int seats) {
    return proof(chain, index, approved(checkpoint(chain), seats)).encode();
  }

  private static TlogProof proof(ChainId chain, long index, SignedCheckpoint signed) {
    TestChain log = FEDERATION.chain(chain);
    byte[] leaf = log.entries().get(Math.toIntExact(index)).bytes();
    List<Hash> path = Proofs.inclusion(index, log.tree().size(), log.tree());
    return new TlogProof(Optional.of(leaf), index, path, signed);
  }

  private static Checkpoint checkpoint(ChainId chain) {
    return FEDERATION.checkpoint(chain);
  }

  private static SignedCheckpoint approved(Checkpoint checkpoint, int seats) {
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, TestKeys.ed25519(checkpoint.origin()));
    for (int i = 1; i <= seats; i++) {
      signed = signed.withSignature(cosignature(checkpoint, checkpoint.origin() + "/seat" + i));
    }
    return signed;
  }

  private static NoteSignature cosignature(Checkpoint checkpoint, String seat) {
    return Cosignature.sign(checkpoint, seat, APPROVED_AT, TestKeys.mlDsa44(seat));
  }

  @Test
  void everyChangedByteIsRefused() {
    byte[] receipt = receipt(KOMATSU, index(KOMATSU, "send"), 5);
    Map<Part, Integer> refusals = new EnumMap<>(Part.class);
    for (int at = 0; at < receipt.length; at++) {
      byte[] changed = receipt.clone();
      changed[at] ^= 1;
      int where = at;
      Result.Refused refused =
          assertInstanceOf(
              Result.Refused.class, check(changed), () -> "byte " + where + " of the receipt");
      refusals.merge(refused.part(), 1, Integer::sum);
    }
    System.out.println(receipt.length + " changed bytes: " + refusals);
    for (Part part :
        List.of(Part.FORM, Part.LOG, Part.CHECKPOINT_SIGNATURE, Part.COSIGNATURE, Part.INCLUSION)) {
      assertTrue(refusals.containsKey(part), () -> "nothing was refused as " + part);
    }
  }

  @Test
  void namesThePartThatWasChanged() {
    long index = index(KOMATSU, "send");
    SignedCheckpoint good = approved(checkpoint(KOMATSU), 5);
    TlogProof proof = proof(KOMATSU, index, good);
    String text = new String(proof.encode(), StandardCharsets.UTF_8);

    assertTrue(refused(Part.FORM, bytes(text.replace("index ", "Index "))).what().contains("line"));
    assertTrue(
        refused(Part.LOG, bytes(text.replace("aika.example/Asia-Komatsu\n", "aika.example/Oz\n")))
            .what()
            .contains("Oz"));
    byte[] leaf = proof.extra().orElseThrow();
    leaf[leaf.length - 10] ^= 1;
    refused(Part.INCLUSION, new TlogProof(Optional.of(leaf), index, proof.proof(), good).encode());
    refused(Part.INCLUSION, new TlogProof(proof.extra(), index + 1, proof.proof(), good).encode());
    refused(Part.LEAF, new TlogProof(Optional.empty(), index, proof.proof(), good).encode());

    Checkpoint other = new Checkpoint(good.checkpoint().origin(), 7, good.checkpoint().root());
    byte[] resized = bytes(text.replace("\n" + good.checkpoint().size() + "\n", "\n7\n"));
    assertEquals(other, TlogProof.parse(resized).checkpoint().checkpoint());
    refused(Part.CHECKPOINT_SIGNATURE, resized);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aSeatThatDidNotSignThisIsNamed() {
    Checkpoint checkpoint = checkpoint(KOMATSU);
    Checkpoint earlier = new Checkpoint(checkpoint.origin(), 3, checkpoint.root());
    String third = checkpoint.origin() + "/seat3";
    SignedCheckpoint signed =
        approved(checkpoint, 2)
            .withSignature(cosignature(earlier, third))
            .withSignature(cosignature(checkpoint, checkpoint.origin() + "/seat4"))
            .withSignature(cosignature(checkpoint, checkpoint.origin() + "/seat5"));
    // Four others would be enough: a wrong signature is refused all the same.
    assertEquals(third, refused(Part.COSIGNATURE, proof(KOMATSU, 0, signed).encode()).what());
  }

  @Test
  void aSeatThatDoesNotExistIsNamed() {
    Checkpoint checkpoint = checkpoint(KOMATSU);
    String sixth = checkpoint.origin() + "/seat6";
    SignedCheckpoint signed = approved(checkpoint, 5).withSignature(cosignature(checkpoint, sixth));
    assertEquals(sixth, refused(Part.COSIGNATURE, proof(KOMATSU, 0, signed).encode()).what());
  }

  @Test
  void otherWitnessesAreIgnored() {
    Checkpoint checkpoint = checkpoint(KOMATSU);
    SignedCheckpoint signed =
        approved(checkpoint, 4).withSignature(cosignature(checkpoint, "witness.example/1"));
    assertEquals(4, proven(proof(KOMATSU, 0, signed).encode()).approval().size());
  }

  @Test
  void threeOfFiveSeatsAreTooFew() {
    assertTrue(refused(Part.QUORUM, receipt(KOMATSU, 0, 3)).what().contains("3 of 5"));
    assertEquals(4, proven(receipt(KOMATSU, 0, 4)).approval().size());
  }

  @Test
  void seatsOfAnotherChainDoNotCount() {
    Checkpoint checkpoint = checkpoint(KOMATSU);
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, TestKeys.ed25519(checkpoint.origin()));
    for (VerifierKey seat : FEDERATION.directory().entry(KANAZAWA).seats().keys()) {
      signed = signed.withSignature(cosignature(checkpoint, seat.name()));
    }
    refused(Part.QUORUM, proof(KOMATSU, 0, signed).encode());
  }

  /** Even a whole quorum cannot make bytes a leaf, or speak for another chain's accounts. */
  @Test
  void whatIsInTheLogAndNoLeafOfItIsRefused() {
    byte[] text = bytes("not a leaf");
    long send = index(KOMATSU, "send");
    byte[] foreign = FEDERATION.chain(KOMATSU).entries().get(Math.toIntExact(send)).bytes();
    for (byte[] leaf : List.of(text, foreign)) {
      MerkleTree tree = new MerkleTree();
      tree.append(Merkle.leafHash(leaf));
      String origin = FEDERATION.directory().origin(KANAZAWA);
      SignedCheckpoint signed = approved(new Checkpoint(origin, 1, tree.root()), 5);
      refused(Part.LEAF, new TlogProof(Optional.of(leaf), 0, List.of(), signed).encode());
    }
  }

  @Test
  void everyLeafOfEveryChainHasAReceipt() {
    Directory directory = FEDERATION.directory();
    for (ChainId chain : directory.chains().keySet()) {
      if (!FEDERATION.chain(chain).head().sealed()) {
        continue;
      }
      SignedCheckpoint signed = approved(checkpoint(chain), 5);
      for (long i = 0; i < FEDERATION.chain(chain).tree().size(); i++) {
        Receipt receipt = proven(proof(chain, i, signed).encode());
        assertEquals(chain, receipt.chain());
        assertEquals(i, receipt.index());
        assertEquals(APPROVED_AT, receipt.approvedAtSeconds());
        assertEquals(5, receipt.approval().size());
      }
    }
  }

  @Test
  void saysWhatWasSent() {
    Receipt receipt = proven(receipt(KOMATSU, index(KOMATSU, "send"), 5));
    Leaf.Executed leaf = assertInstanceOf(Leaf.Executed.class, receipt.leaf());
    Order.Send send = assertInstanceOf(Order.Send.class, leaf.order().order());
    assertEquals("200.00", send.amount().toString());
    assertEquals(KANAZAWA, send.to().chain());
  }
}
