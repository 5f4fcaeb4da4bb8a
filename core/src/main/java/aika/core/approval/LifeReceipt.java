package aika.core.approval;

import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of one transfer in one file: a {@link Receipt} for its send, and for what became of it
 * as far as that is known. Specified in docs/spec/receipts.md; rules are cited as [RCP-n].
 *
 * @param parts checked, and of this transfer; there is always the send
 */
public record LifeReceipt(TransferId transfer, Offer offer, Map<Part, Receipt> parts) {
  public static final String FIRST_LINE = "aika/receipt/v1";

  /** Hand-overs of terms that a receipt may carry. */
  public static final int TERMS_MAX = 200;

  private static final int HEAD_BYTES_MAX = 1_024;
  private static final String TRANSFER = "transfer ";
  private static final String TERMS = "terms ";
  private static final String TERM = "term ";
  private static final String PARTS = "parts ";
  private static final String PART = "part ";

  /** Larger than any. */
  public static final int BYTES_MAX =
      HEAD_BYTES_MAX
          + (TERMS_MAX + Part.values().length) * (TlogProof.PROOF_BYTES_MAX + HEAD_BYTES_MAX);

  /** In the order in which they stand in the file. */
  public enum Part {
    /** What stands before the proofs. */
    HEAD,
    /** How representatives handed over to those who approved the other parts. */
    TERM,
    SEND,
    /** The sender asked for it back. */
    CANCEL,
    /** The receiver's chain decided. */
    DECISION,
    /** The sender's chain ended the hold. */
    SETTLE;

    /** The word in the file. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public LifeReceipt {
    parts = Map.copyOf(parts);
  }

  /** What the check found. */
  public sealed interface Result {
    record Proven(LifeReceipt life) implements Result {}

    /**
     * It proves nothing.
     *
     * @param receipt which part of the proof does not hold; null when the proof may hold, but is
     *     not about this transfer, or does not fit the other parts
     * @param what which line, seat or field it is, in English
     */
    record Refused(Part part, Receipt.@Nullable Part receipt, String what) implements Result {}
  }

  /** Refused, from within. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Result.Refused refused;

    RefusedException(Part part, Receipt.@Nullable Part receipt, String what) {
      super(what);
      refused = new Result.Refused(part, receipt, what);
    }
  }

  /** What the receiver's chain decided under this transfer's name. */
  public Optional<Leaf.Decision> decision() {
    return part(Part.DECISION).map(Receipt::leaf).map(Leaf::decision);
  }

  /**
   * Whether that decision is of another send, in a history that the sender's chain gave up: then
   * this one is never decided, and goes back [E-9].
   */
  public boolean gaveWay() {
    return decision().filter(one -> !one.sendLeaf().equals(offer.sendLeaf())).isPresent();
  }

  /** How the transfer ends. */
  public Optional<OutcomeKind> outcome() {
    return decision().map(one -> kind(one, offer));
  }

  private static OutcomeKind kind(Leaf.Decision decision, Offer offer) {
    return decision.sendLeaf().equals(offer.sendLeaf()) ? decision.kind() : OutcomeKind.CANCELLED;
  }

  public Optional<Receipt> part(Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /** Whether a file is meant to be such a receipt. */
  public static boolean is(byte[] file) {
    byte[] first = (FIRST_LINE + '\n').getBytes(StandardCharsets.US_ASCII);
    return file.length >= first.length
        && Arrays.equals(file, 0, first.length, first, 0, first.length);
  }

  /**
   * Writes a receipt.
   *
   * @param terms of each chain that has a part, how its terms handed over, the first one first
   * @param proofs of the parts that are known, encoded
   */
  public static byte[] encode(
      TransferId transfer, Map<ChainId, List<TlogProof>> terms, Map<Part, TlogProof> proofs) {
    Map<Part, TlogProof> ordered = new EnumMap<>(proofs);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, FIRST_LINE);
    write(out, TRANSFER + transfer);
    write(out, TERMS + terms.values().stream().mapToInt(List::size).sum());
    write(out, PARTS + String.join(" ", ordered.keySet().stream().map(Part::text).toList()));
    terms.forEach((chain, handovers) -> {
      for (TlogProof proof : handovers) {
        write(out, "");
        write(out, TERM + chain);
        out.writeBytes(proof.encode());
      }
    });
    ordered.forEach((part, proof) -> {
      write(out, "");
      write(out, PART + part.text());
      out.writeBytes(proof.encode());
    });
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String line) {
    out.writeBytes((line + '\n').getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Checks a receipt; nothing but the federation file is needed.
   *
   * @param directory the federation, with the seats of the terms in which it was approved
   */
  public static Result check(
      byte[] encoded,
      Directory directory,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    return check(encoded, directory, null, logSignatures, cosignatures);
  }

  /**
   * The same, and the seats to whom the hand-overs of another source lead have to have approved.
   *
   * @param elsewhere null for none: then the seats to whom the receipt's own hand-overs lead
   */
  public static Result check(
      byte[] encoded,
      Directory directory,
      @Nullable Handovers elsewhere,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    try {
      Map<Part, byte[]> proofs = new EnumMap<>(Part.class);
      List<Handover> handovers = new ArrayList<>();
      TransferId transfer = split(encoded, handovers, proofs);
      Directory sitting = after(handovers, directory, logSignatures, cosignatures);
      Map<Part, Receipt> parts = new EnumMap<>(Part.class);
      proofs.forEach((part, proof) -> {
        Receipt.Result result =
            elsewhere == null
                ? Receipt.check(proof, sitting, logSignatures, cosignatures)
                : Receipt.check(proof, directory, elsewhere, logSignatures, cosignatures);
        switch (result) {
          case Receipt.Result.Proven proven -> parts.put(part, proven.receipt());
          case Receipt.Result.Refused refused ->
              throw new RefusedException(part, refused.part(), refused.what());
        }
      });
      return new Result.Proven(fitting(transfer, parts));
    } catch (RefusedException refused) {
      return refused.refused;
    }
  }

  /**
   * How a chain's terms handed over to each other, as a receipt says it; nothing of it has been
   * checked.
   *
   * @throws MalformedException when the file is no receipt, or one of them no tlog-proof
   */
  public static List<TlogProof> handovers(byte[] encoded, ChainId chain) {
    List<Handover> found = new ArrayList<>();
    try {
      split(encoded, found, new EnumMap<>(Part.class));
    } catch (RefusedException refused) {
      throw new MalformedException(String.valueOf(refused.getMessage()));
    }
    return found.stream()
        .filter(one -> one.chain.equals(chain))
        .map(one -> TlogProof.parse(one.proof))
        .toList();
  }

  /** The proof that a chain's representatives handed over. */
  private record Handover(ChainId chain, byte[] proof) {}

  /** The directory with the representatives to whom the hand-overs lead. */
  private static Directory after(
      List<Handover> handovers,
      Directory directory,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    Map<ChainId, Directory.Entry> chains = new HashMap<>(directory.chains());
    for (Handover handover : handovers) {
      Directory.Entry entry = chains.get(handover.chain);
      if (entry == null) {
        throw new RefusedException(Part.TERM, Receipt.Part.LOG, handover.chain.value());
      }
      try {
        Succession succession =
            new Succession(directory.federation(), entry, logSignatures, cosignatures);
        succession.handOver(TlogProof.parse(handover.proof));
        chains.put(handover.chain, entry.with(succession.seats()));
      } catch (MalformedException malformed) {
        throw new RefusedException(
            Part.TERM, Receipt.Part.HANDOVER, handover.chain + ": " + malformed.getMessage());
      }
    }
    return new Directory(
        directory.federation(),
        directory.fileHash(),
        directory.earlierFiles(),
        directory.policy(),
        chains);
  }

  /** [RCP-1] to [RCP-5]: the bytes of each part. */
  private static TransferId split(
      byte[] encoded, List<Handover> handovers, Map<Part, byte[]> proofs) {
    if (encoded.length > BYTES_MAX) {
      throw new RefusedException(Part.HEAD, Receipt.Part.FORM, "more than " + BYTES_MAX + " bytes");
    }
    Lines lines = Lines.of(encoded);
    TransferId transfer;
    List<Part> expected;
    long terms;
    try {
      if (!lines.next().is(FIRST_LINE)) {
        throw lines.malformed("must be " + FIRST_LINE);
      }
      transfer = TransferId.of(lines.next().textAfter(TRANSFER));
      terms = lines.next().decimalAfter(TERMS);
      if (terms > TERMS_MAX) {
        throw lines.malformed("at most " + TERMS_MAX + " hand-overs");
      }
      expected = expected(lines.next());
      if (!lines.next().isEmpty()) {
        throw lines.malformed("must be empty");
      }
    } catch (MalformedException malformed) {
      throw new RefusedException(
          Part.HEAD, Receipt.Part.FORM, String.valueOf(malformed.getMessage()));
    }
    for (long i = 0; i < terms; i++) {
      try {
        ChainId chain = ChainId.of(lines.next().textAfter(TERM));
        handovers.add(new Handover(chain, proof(lines, true)));
      } catch (MalformedException malformed) {
        throw new RefusedException(
            Part.TERM, Receipt.Part.FORM, String.valueOf(malformed.getMessage()));
      }
    }
    for (Part part : expected) {
      try {
        if (!lines.next().is(PART + part.text())) {
          throw lines.malformed("must be " + PART + part.text());
        }
        proofs.put(part, proof(lines, part != expected.getLast()));
      } catch (MalformedException malformed) {
        throw new RefusedException(part, Receipt.Part.FORM, String.valueOf(malformed.getMessage()));
      }
    }
    return transfer;
  }

  /** [RCP-3] Some of the parts, in their order, the send first. */
  private static List<Part> expected(Lines line) {
    List<Part> expected = new ArrayList<>();
    Part last = Part.TERM;
    for (String word : line.textAfter(PARTS).split(" ", -1)) {
      Part part =
          Arrays.stream(Part.values())
              .filter(any -> any.compareTo(Part.TERM) > 0 && any.text().equals(word))
              .findFirst()
              .orElseThrow(() -> line.malformed("no part is called so"));
      if (part.compareTo(last) <= 0) {
        throw line.malformed("the parts are not in their order");
      }
      expected.add(part);
      last = part;
    }
    if (expected.getFirst() != Part.SEND) {
      throw line.malformed("the send is missing");
    }
    return expected;
  }

  /**
   * [RCP-4] A proof has two empty lines: after its hashes, and after the checkpoint. The third one
   * stands before the next part.
   */
  private static byte[] proof(Lines lines, boolean another) {
    ByteArrayOutputStream proof = new ByteArrayOutputStream();
    for (int empty = 0; lines.hasNext(); ) {
      empty += lines.next().isEmpty() ? 1 : 0;
      if (empty > 2 && another) {
        return proof.toByteArray();
      }
      proof.writeBytes((lines.text() + '\n').getBytes(StandardCharsets.UTF_8));
      if (proof.size() > TlogProof.PROOF_BYTES_MAX) {
        throw lines.malformed("the proof is too long");
      }
    }
    return proof.toByteArray();
  }

  /** [RCP-6] to [RCP-9]: what the parts have to do with each other. */
  private static LifeReceipt fitting(TransferId transfer, Map<Part, Receipt> parts) {
    Receipt send = parts.get(Part.SEND);
    if (send == null
        || !send.chain().equals(transfer.origin())
        || send.index() != transfer.index()) {
      throw other(Part.SEND, "it is not the leaf " + transfer);
    }
    Hash hash = Merkle.leafHash(LeafText.encode(send.leaf()));
    Offer offer = send.leaf().offer(transfer, hash);
    if (offer == null) {
      throw other(Part.SEND, transfer + " is not a send");
    }
    Receipt cancel = parts.get(Part.CANCEL);
    if (cancel != null && !cancels(cancel, offer)) {
      throw other(Part.CANCEL, "it is not about " + transfer);
    }
    Receipt decision = parts.get(Part.DECISION);
    if (decision != null) {
      checkDecision(decision, offer, cancel);
    }
    Receipt settle = parts.get(Part.SETTLE);
    if (settle != null) {
      if (decision == null) {
        throw other(Part.SETTLE, "without a decision");
      }
      checkSettle(settle, decision, offer);
    }
    return new LifeReceipt(transfer, offer, parts);
  }

  /** [RCP-7] */
  private static boolean cancels(Receipt cancel, Offer offer) {
    return cancel.chain().equals(offer.transfer().origin())
        && cancel.leaf() instanceof Leaf.Executed executed
        && executed.order().order() instanceof Order.Cancel order
        && order.transfer().equals(offer.transfer())
        && order.account().equals(offer.from())
        && executed.cited() != null
        && executed.cited().sendLeaf().equals(offer.sendLeaf());
  }

  /** [RCP-8] */
  private static void checkDecision(Receipt decision, Offer offer, @Nullable Receipt cancel) {
    Leaf.Decision decided = decision.leaf().decision();
    if (decided == null || !decided.transfer().equals(offer.transfer())) {
      throw other(Part.DECISION, "it does not decide " + offer.transfer());
    }
    if (!decision.chain().equals(offer.to().chain())) {
      throw other(Part.DECISION, "it is not of the receiver's chain " + offer.to().chain());
    }
    if (!decided.sendLeaf().equals(offer.sendLeaf())) {
      return; // who received that one, and why it was cancelled, is nothing to this one
    }
    if (decision.leaf() instanceof Leaf.Executed executed
        && !executed.order().order().account().equals(offer.to())) {
      throw other(Part.DECISION, "it is not by the receiver " + offer.to());
    }
    if (decided.kind() == OutcomeKind.CANCELLED
        && cancel != null
        && decision.leaf() instanceof Leaf.Concluded concluded
        && concluded.cited().index() != cancel.index()) {
      throw other(Part.DECISION, "it cites another cancel order");
    }
  }

  /** [RCP-9] */
  private static void checkSettle(Receipt settle, Receipt decision, Offer offer) {
    Leaf.Decision decided = decision.leaf().decision();
    boolean ends =
        settle.chain().equals(offer.transfer().origin())
            && settle.leaf() instanceof Leaf.Settled settled
            && settled.from().equals(decision.chain())
            && decided != null
            && settled
                .ended()
                .contains(
                    new Leaf.Ended(
                        offer.transfer().index(), kind(decided, offer), decision.index()));
    if (!ends) {
      throw other(Part.SETTLE, "it does not end " + offer.transfer() + " by this decision");
    }
  }

  private static RefusedException other(Part part, String what) {
    return new RefusedException(part, null, what);
  }
}
