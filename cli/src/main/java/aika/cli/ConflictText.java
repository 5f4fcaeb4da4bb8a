package aika.cli;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A proof of conflict in words: who signed both histories. */
record ConflictText(
    Directory.Entry chain, ConflictProof proof, List<String> both, boolean convicted) {

  /** Whether a file says that it is one. */
  static boolean is(byte[] file) {
    byte[] first = Utf8.encode(ConflictProof.FIRST_LINE + '\n');
    return file.length >= first.length
        && Arrays.equals(file, 0, first.length, first, 0, first.length);
  }

  /**
   * @throws CommandException when it proves nothing of a chain of this federation
   */
  static ConflictText of(byte[] file, Directory directory) {
    ConflictProof proof;
    try {
      proof = ConflictProof.parse(file);
    } catch (MalformedException another) {
      throw CommandException.of(
          Reason.PROOF_INVALID,
          "It proves no conflict: " + another.getMessage() + '.',
          "食い違いの証拠になっていません（" + another.getMessage() + "）。");
    }
    Directory.Entry chain =
        directory.chains().values().stream()
            .filter(one -> directory.origin(one.id()).equals(proof.origin()))
            .findFirst()
            .orElseThrow(() ->
                CommandException.of(
                    Reason.PROOF_INVALID,
                    "The log " + proof.origin() + " is not one of this federation.",
                    "記録 " + proof.origin() + " はこの連合のものではありません。"));
    Seats seats = chain.seats();
    Set<String> both = new LinkedHashSet<>(signers(proof.first(), seats));
    both.retainAll(signers(proof.second(), seats));
    boolean convicted =
        seats.approvedAt(proof.first(), new MlDsa44()).isPresent()
            && seats.approvedAt(proof.second(), new MlDsa44()).isPresent();
    return new ConflictText(chain, proof, List.copyOf(both), convicted);
  }

  private static List<String> signers(SignedCheckpoint checkpoint, Seats seats) {
    return seats.keys().stream()
        .filter(key -> !Cosignature.verified(checkpoint, List.of(key), new MlDsa44()).isEmpty())
        .map(key -> key.name())
        .toList();
  }

  List<String> ja() {
    List<String> lines = new ArrayList<>();
    lines.add("記録 " + proof.origin() + " に、両立しない二つの歴史があります。");
    lines.add("  " + line(proof.first().checkpoint()));
    lines.add("  " + line(proof.second().checkpoint()));
    lines.add(both.isEmpty() ? "第1期の代表者で両方に署名した人はいません。" : "両方に署名した人: " + String.join("、", both));
    lines.add(
        convicted
            ? "第1期の代表者は、定足数で両方を承認しました。"
            : "第1期の代表者の承認は足りません。後の期のものなら、ノードが調べます（aika conflict）。");
    return lines;
  }

  List<String> en() {
    List<String> lines = new ArrayList<>();
    lines.add("The log " + proof.origin() + " has two histories that cannot both be true.");
    lines.add("  " + line(proof.first().checkpoint()));
    lines.add("  " + line(proof.second().checkpoint()));
    lines.add(
        both.isEmpty()
            ? "No representative of term 1 signed both."
            : "Both were signed by: " + String.join(", ", both));
    lines.add(
        convicted
            ? "A quorum of the representatives of term 1 approved both."
            : "That is no quorum of term 1; of a later term a node checks it (aika conflict).");
    return lines;
  }

  private static String line(Checkpoint checkpoint) {
    return "size " + checkpoint.size() + "  root " + checkpoint.root().base64();
  }
}
