package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import aika.core.approval.LifeReceipt;
import aika.core.approval.LifeReceipt.Part;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.TestKeys;
import aika.core.log.TlogProof;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Fuzz;
import aika.core.note.MalformedException;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lives of transfers, found in published logs and checked offline. Rules: docs/spec/receipts.md */
final class LifeFinderTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);
  private static final WorkedExample EXAMPLE = new WorkedExample(TestFederation.Signing.CHEAP);
  private static final TestFederation FED = EXAMPLE.federation();
  private static final Map<ChainId, PublishedFiles> PUBLISHED = new HashMap<>();

  static {
    FED.chains().forEach(chain -> chain.seal(FED.now()));
    FED.chains().forEach(chain -> PUBLISHED.put(chain.id(), PublishedFiles.of(FED, chain)));
  }

  private static TransferId sent(long index) {
    return new TransferId(KOMATSU, index);
  }

  private static Optional<byte[]> find(TransferId id, Map<ChainId, PublishedFiles> published) {
    return new LifeFinder(
            FED.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
        .find(id);
  }

  private static byte[] found(long index) {
    return find(sent(index), PUBLISHED).orElseThrow();
  }

  private static LifeReceipt.Result check(byte[] receipt) {
    return LifeReceipt.check(receipt, FED.directory(), TestKeys.CHEAP, TestKeys.CHEAP);
  }

  private static LifeReceipt proven(byte[] receipt) {
    LifeReceipt.Result result = check(receipt);
    return assertInstanceOf(LifeReceipt.Result.Proven.class, result, result::toString).life();
  }

  private static void refused(Part part, byte[] receipt) {
    LifeReceipt.Result result = check(receipt);
    assertEquals(
        part, assertInstanceOf(LifeReceipt.Result.Refused.class, result).part(), result::toString);
  }

  private static OutcomeKind outcome(LifeReceipt life) {
    return life.decision().orElseThrow().kind();
  }

  /** The proofs of a receipt, by its own text. */
  private static Map<Part, TlogProof> proofs(byte[] receipt) {
    String text = new String(receipt, UTF_8);
    Map<Part, TlogProof> proofs = new EnumMap<>(Part.class);
    String[] parts = text.split("\n?\npart ", -1);
    for (int i = 1; i < parts.length; i++) {
      int line = parts[i].indexOf('\n');
      for (Part part : Part.values()) {
        if (part.text().equals(parts[i].substring(0, line))) {
          String proof = parts[i].substring(line + 1);
          proofs.put(
              part, TlogProof.parse((i + 1 < parts.length ? proof + "\n" : proof).getBytes(UTF_8)));
        }
      }
    }
    return proofs;
  }

  @Test
  void findsTheWholeLifeOfEachTransfer() {
    LifeReceipt received = proven(found(3));
    assertEquals(Money.of("200.00"), received.offer().amount());
    assertEquals(OutcomeKind.RECEIVED, outcome(received));
    assertEquals(Set.of(Part.SEND, Part.DECISION, Part.SETTLE), received.parts().keySet());
    LifeReceipt rejected = proven(found(4));
    assertEquals(OutcomeKind.REJECTED, outcome(rejected));
    LifeReceipt cancelled = proven(found(5));
    assertEquals(OutcomeKind.CANCELLED, outcome(cancelled));
    assertEquals(
        Set.of(Part.SEND, Part.CANCEL, Part.DECISION, Part.SETTLE), cancelled.parts().keySet());
    LifeReceipt expired = proven(found(6));
    assertEquals(OutcomeKind.EXPIRED, outcome(expired));
    assertEquals(KANAZAWA, expired.part(Part.DECISION).orElseThrow().chain());
    assertEquals(10, expired.part(Part.SETTLE).orElseThrow().index());
  }

  @Test
  void whatIsNoSendHasNoLife() {
    assertEquals(Optional.empty(), find(sent(0), PUBLISHED));
    assertEquals(Optional.empty(), find(sent(9), PUBLISHED));
    assertEquals(Optional.empty(), find(sent(1_000_000), PUBLISHED));
    assertEquals(Optional.empty(), find(new TransferId(ChainId.of("Asia-Nowhere"), 3), PUBLISHED));
  }

  /** A life that has not ended is no error. */
  @Test
  void aLifeMayEndEarly() {
    Map<ChainId, PublishedFiles> early = new HashMap<>(PUBLISHED);
    List<byte[]> leaves = PublishedFiles.leaves(EXAMPLE.chain(KOMATSU));
    early.put(KOMATSU, new PublishedFiles(FED, KOMATSU, leaves.subList(0, 9), 5));
    LifeReceipt unsettled = proven(find(sent(5), early).orElseThrow());
    assertEquals(Set.of(Part.SEND, Part.CANCEL, Part.DECISION), unsettled.parts().keySet());
    List<byte[]> others = PublishedFiles.leaves(EXAMPLE.chain(KANAZAWA));
    early.put(KANAZAWA, new PublishedFiles(FED, KANAZAWA, others.subList(0, 3), 5));
    LifeReceipt open = proven(find(sent(3), early).orElseThrow());
    assertEquals(Set.of(Part.SEND), open.parts().keySet());
    assertEquals(Optional.empty(), open.decision());
  }

  /** [RCP-10] Every byte, in every part; the part is named, or the one that begins there. */
  @Test
  void everyChangedByteIsRefused() {
    byte[] receipt = found(5);
    List<String> accepted = new ArrayList<>();
    for (int i = 0; i < receipt.length; i++) {
      byte[] changed = receipt.clone();
      changed[i] ^= (byte) (1 << i % 7);
      if (!(check(changed) instanceof LifeReceipt.Result.Refused)) {
        accepted.add("byte " + i + " of " + receipt.length);
      }
    }
    assertEquals(List.of(), accepted);
  }

  /** More than one byte, and whole lines: each is proven or refused, in time and little memory. */
  @Test
  void changedReceiptsAreRead() {
    Fuzz.of("life of a transfer", List.of(found(3), found(5)))
        .run(bytes -> {
          if (check(bytes) instanceof LifeReceipt.Result.Refused refused) {
            throw new MalformedException(refused.toString());
          }
          return bytes;
        });
  }

  @Test
  void namesThePartThatWasChanged() {
    byte[] receipt = found(5);
    String text = new String(receipt, UTF_8);
    for (Part part : List.of(Part.SEND, Part.CANCEL, Part.DECISION, Part.SETTLE)) {
      byte[] changed = receipt.clone();
      changed[text.indexOf("\nextra ", text.indexOf("part " + part.text())) + 40] ^= 1;
      refused(part, changed);
    }
    refused(Part.TERM, text.replaceFirst("terms 0", "terms 1").getBytes(UTF_8));
    refused(Part.TERM, text.replaceFirst("terms 0", "terms 200").getBytes(UTF_8));
    refused(Part.HEAD, text.replaceFirst("terms 0", "terms 201").getBytes(UTF_8));
    refused(Part.HEAD, text.replaceFirst("parts send cancel", "parts cancel send").getBytes(UTF_8));
    refused(
        Part.HEAD,
        text.replaceFirst("parts send cancel decision", "parts send decision cancel")
            .getBytes(UTF_8));
    refused(Part.HEAD, text.replaceFirst("parts send ", "parts ").getBytes(UTF_8));
    refused(Part.SEND, text.replaceFirst("Komatsu:5", "Komatsu:6").getBytes(UTF_8));
    refused(Part.SETTLE, text.substring(0, text.indexOf("\npart settle")).getBytes(UTF_8));
    refused(Part.SETTLE, (text + "\n").getBytes(UTF_8));
  }

  /** Each proof holds, but together they are not the life of one transfer. */
  @Test
  void partsOfDifferentTransfersAreRefused() {
    Map<Part, TlogProof> own = proofs(found(5));
    assertEquals(4, own.size());
    assertEquals(sent(5), proven(LifeReceipt.encode(sent(5), Map.of(), own)).transfer());
    Map<Part, TlogProof> other = proofs(found(3));
    for (Part part : List.of(Part.SEND, Part.DECISION)) {
      Map<Part, TlogProof> mixed = new EnumMap<>(own);
      mixed.put(part, Objects.requireNonNull(other.get(part)));
      refused(part, LifeReceipt.encode(sent(5), Map.of(), mixed));
    }
    Map<Part, TlogProof> withCancel = new EnumMap<>(other);
    withCancel.put(Part.CANCEL, Objects.requireNonNull(own.get(Part.CANCEL)));
    refused(Part.CANCEL, LifeReceipt.encode(sent(3), Map.of(), withCancel));
    Map<Part, TlogProof> swapped = new EnumMap<>(own);
    swapped.put(Part.SETTLE, Objects.requireNonNull(own.get(Part.DECISION)));
    refused(Part.SETTLE, LifeReceipt.encode(sent(5), Map.of(), swapped));
    Map<Part, TlogProof> undecided = new EnumMap<>(own);
    undecided.remove(Part.DECISION);
    refused(Part.SETTLE, LifeReceipt.encode(sent(5), Map.of(), undecided));
  }

  @Test
  void theSettlementOfAnotherTransferEndsNothing() {
    TestFederation fed = TestFederation.standard();
    AccountId a = fed.open(KOMATSU, "aaaa", "100.00");
    AccountId b = fed.open(KANAZAWA, "bbbb");
    List<TransferId> both = List.of(fed.send(a, b, "1.00"), fed.send(a, b, "2.00"));
    both.forEach(transfer -> fed.receive(b, transfer));
    both.forEach(transfer -> fed.settle(KANAZAWA, transfer));
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    Map<Part, TlogProof> one = proofs(find(both.get(0), published).orElseThrow());
    Map<Part, TlogProof> other = proofs(find(both.get(1), published).orElseThrow());
    proven(LifeReceipt.encode(both.get(0), Map.of(), one));
    one.put(Part.SETTLE, Objects.requireNonNull(other.get(Part.SETTLE)));
    refused(Part.SETTLE, LifeReceipt.encode(both.get(0), Map.of(), one));
  }
}
