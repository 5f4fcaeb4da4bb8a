package aika.core.ledger;

import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Actions as they are ordered and replicated. Replicas of one version only read each other. */
public final class ActionWire {
  private static final int GENESIS = 1;
  private static final int SUBMIT = 2;
  private static final int CONCLUDE = 3;
  private static final int RECORD = 4;
  private static final int SETTLE = 5;
  private static final int SEAL = 6;
  private static final int RECOVER = 7;
  private static final int CONVICT = 8;

  private ActionWire() {}

  public static void write(Wire out, Action action) {
    switch (action) {
      case Action.Genesis g -> out.u8(GENESIS).hash(g.federationFile());
      case Action.Submit s -> {
        out.u8(SUBMIT).blob(s.order().bytes()).raw(s.key()).i64(s.arrived());
        writeCitation(out, s.citation());
      }
      case Action.Conclude c -> {
        out.u8(CONCLUDE).text(c.transfer().toString()).text(c.kind().text());
        writeCitation(out, c.citation());
      }
      case Action.RecordCheckpoint r -> {
        out.u8(RECORD).text(r.origin().value()).i64(r.term()).text(r.checkpoint().text());
        writeHashes(out, r.consistency());
        Action.Handover handover = r.handover();
        writeProof(out, handover == null ? null : handover.proof());
        if (handover != null) {
          out.i64(handover.index());
        }
      }
      case Action.Settle s -> {
        out.u8(SETTLE).text(s.from().value()).i64(s.recorded()).i32(s.items().size());
        for (Action.Item item : s.items()) {
          out.i64(item.hold()).i64(item.index());
          writeProof(out, item.proof());
        }
      }
      case Action.Seal s -> out.u8(SEAL).i64(s.height());
      case Action.Recover r -> out.u8(RECOVER).blob(r.recovery().bytes());
      case Action.Convict c ->
          out.u8(CONVICT).text(c.origin().value()).i64(c.term()).blob(c.proof().encode());
    }
  }

  public static Action read(Wire.Reader in) {
    return switch (in.u8()) {
      case GENESIS -> new Action.Genesis(in.hash());
      case SUBMIT ->
          new Action.Submit(
              SignedOrder.parse(in.blob()), in.raw(Order.KEY_BYTES), in.i64(), readCitation(in));
      case CONCLUDE -> {
        TransferId transfer = TransferId.of(in.text());
        OutcomeKind kind = OutcomeKind.of(in.text());
        Action.Citation citation = readCitation(in);
        if (citation == null) {
          throw new MalformedException("a conclusion cites its evidence");
        }
        yield new Action.Conclude(transfer, kind, citation);
      }
      case RECORD -> {
        ChainId origin = ChainId.of(in.text());
        long term = in.i64();
        Checkpoint checkpoint = Checkpoint.parse(in.text());
        List<Hash> consistency = readHashes(in);
        Action.Proof proof = readProof(in);
        Action.Handover handover = proof == null ? null : new Action.Handover(in.i64(), proof);
        yield new Action.RecordCheckpoint(origin, term, checkpoint, consistency, handover);
      }
      case SETTLE -> {
        ChainId from = ChainId.of(in.text());
        long recorded = in.i64();
        int count = count(in, Action.SETTLE_ITEMS_MAX);
        List<Action.Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          items.add(new Action.Item(in.i64(), in.i64(), readProof(in)));
        }
        yield new Action.Settle(from, recorded, items);
      }
      case SEAL -> new Action.Seal(in.i64());
      case RECOVER -> new Action.Recover(SignedRecovery.parse(in.blob()));
      case CONVICT ->
          new Action.Convict(ChainId.of(in.text()), in.i64(), ConflictProof.parse(in.blob()));
      default -> throw new MalformedException("unknown action");
    };
  }

  private static void writeCitation(Wire out, Action.@Nullable Citation citation) {
    out.u8(citation == null ? 0 : 1);
    if (citation != null) {
      out.i64(citation.index()).i64(citation.recorded());
      writeProof(out, citation.proof());
    }
  }

  private static Action.@Nullable Citation readCitation(Wire.Reader in) {
    return present(in) ? new Action.Citation(in.i64(), in.i64(), readProof(in)) : null;
  }

  private static void writeProof(Wire out, Action.@Nullable Proof proof) {
    out.u8(proof == null ? 0 : 1);
    if (proof != null) {
      out.blob(proof.leaf());
      writeHashes(out, proof.path());
    }
  }

  private static Action.@Nullable Proof readProof(Wire.Reader in) {
    return present(in) ? new Action.Proof(in.blob(), readHashes(in)) : null;
  }

  private static boolean present(Wire.Reader in) {
    int flag = in.u8();
    if (flag > 1) {
      throw new MalformedException("neither present nor absent");
    }
    return flag == 1;
  }

  private static int count(Wire.Reader in, int max) {
    int count = in.i32();
    if (count < 0 || count > max) {
      throw new MalformedException("a count of " + count);
    }
    return count;
  }

  private static void writeHashes(Wire out, List<Hash> hashes) {
    out.i32(hashes.size());
    hashes.forEach(out::hash);
  }

  private static List<Hash> readHashes(Wire.Reader in) {
    int count = count(in, Proofs.HASHES_MAX);
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(in.hash());
    }
    return List.copyOf(hashes);
  }
}
