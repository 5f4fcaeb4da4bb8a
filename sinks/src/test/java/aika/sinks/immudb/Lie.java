package aika.sinks.immudb;

import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.VerifiableEntry;
import aika.proto.immudb.VerifiableTx;
import com.google.protobuf.ByteString;
import java.util.List;

/** A change that somebody on the way makes to an answer of this method. */
record Lie(String method, ManInTheMiddle.Change change) {
  private static Lie lie(String method, ManInTheMiddle.Change change) {
    return new Lie(
        method, (called, answer) -> called.equals(method) ? change.of(called, answer) : answer);
  }

  private static ByteString flipped(ByteString bytes) {
    byte[] changed = bytes.toByteArray();
    changed[changed.length - 1] ^= 1;
    return ByteString.copyFrom(changed);
  }

  static List<Lie> all() {
    return List.of(
        lie(
            "VerifiableGet",
            (method, answer) -> {
              VerifiableEntry.Builder all = VerifiableEntry.parseFrom(answer).toBuilder();
              all.getEntryBuilder().setValue(flipped(all.getEntry().getValue()));
              return all.build().toByteArray();
            }),
        lie(
            "VerifiableGet",
            (method, answer) -> {
              VerifiableEntry.Builder all = VerifiableEntry.parseFrom(answer).toBuilder();
              all.getInclusionProofBuilder()
                  .setTerms(0, flipped(all.getInclusionProof().getTerms(0)));
              return all.build().toByteArray();
            }),
        lie(
            "VerifiableTxById",
            (method, answer) -> {
              VerifiableTx.Builder all = VerifiableTx.parseFrom(answer).toBuilder();
              if (all.getTx().getEntriesCount() > 0) {
                all.getTxBuilder()
                    .getEntriesBuilder(0)
                    .setValue(flipped(all.getTx().getEntries(0).getValue()));
              }
              return all.build().toByteArray();
            }),
        lie(
            "VerifiableTxById",
            (method, answer) -> {
              VerifiableTx.Builder all = VerifiableTx.parseFrom(answer).toBuilder();
              all.getTxBuilder().removeEntries(0);
              return all.build().toByteArray();
            }),
        lie(
            "VerifiableSet",
            (method, answer) -> {
              VerifiableTx.Builder all = VerifiableTx.parseFrom(answer).toBuilder();
              all.getTxBuilder().getHeaderBuilder().setEH(flipped(all.getTx().getHeader().getEH()));
              return all.build().toByteArray();
            }),
        lie(
            "VerifiableSet",
            (method, answer) -> {
              VerifiableTx.Builder all = VerifiableTx.parseFrom(answer).toBuilder();
              all.getDualProofBuilder()
                  .getTargetTxHeaderBuilder()
                  .setBlRoot(flipped(all.getDualProof().getTargetTxHeader().getBlRoot()));
              return all.build().toByteArray();
            }),
        lie(
            "CurrentState",
            (method, answer) -> {
              ImmutableState.Builder all = ImmutableState.parseFrom(answer).toBuilder();
              return all.setTxHash(flipped(all.getTxHash())).build().toByteArray();
            }),
        lie(
            "CurrentState",
            (method, answer) -> {
              ImmutableState.Builder all = ImmutableState.parseFrom(answer).toBuilder();
              return all.setTxId(all.getTxId() - 1).build().toByteArray();
            }));
  }
}
