package aika.cli;

import aika.core.approval.Handovers;
import aika.core.approval.Receipt;
import aika.core.approval.Succession;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A proof of conflict in words: who of which term signed both histories.
 *
 * @param sets of the terms that are known, in their order; the last one is convicted, or none is
 * @param source of the hand-overs; null when only the federation file's set is known
 */
record ConflictText(ConflictProof proof, List<Signed> sets, @Nullable String source) {
  ConflictText {
    sets = List.copyOf(sets);
  }

  /**
   * What the set of one term signed.
   *
   * @param both who signed both checkpoints
   * @param first whether a quorum approved the first one
   * @param second whether a quorum approved the second one
   */
  record Signed(Seats seats, List<String> both, boolean first, boolean second) {
    static Signed of(ConflictProof proof, Seats seats) {
      MlDsa44 mlDsa44 = new MlDsa44();
      Set<String> both = new LinkedHashSet<>(signers(proof.first(), seats, mlDsa44));
      both.retainAll(signers(proof.second(), seats, mlDsa44));
      return new Signed(
          seats,
          List.copyOf(both),
          seats.approvedAt(proof.first(), mlDsa44).isPresent(),
          seats.approvedAt(proof.second(), mlDsa44).isPresent());
    }

    private static List<String> signers(SignedCheckpoint signed, Seats seats, MlDsa44 mlDsa44) {
      return Cosignature.verified(signed, seats.keys(), mlDsa44).stream()
          .map(line -> line.cosigner().name())
          .toList();
    }

    /** [SEAL-42] One set has approved both. */
    boolean convicted() {
      return first && second;
    }
  }

  /** Whether a file says that it is one. */
  static boolean is(byte[] file) {
    byte[] first = Utf8.encode(ConflictProof.FIRST_LINE + '\n');
    return file.length >= first.length
        && Arrays.equals(file, 0, first.length, first, 0, first.length);
  }

  /**
   * Follows the hand-overs to the set that the proof convicts. No size ends them, as it does a
   * receipt's: of another history a later set may have signed smaller trees.
   *
   * @throws CommandException when it proves nothing of a chain of this federation, or a hand-over
   *     does not hold
   */
  static ConflictText of(
      byte[] file,
      Directory directory,
      Handovers handovers,
      @Nullable String source,
      Ed25519 ed25519) {
    ConflictProof proof = parsed(file);
    Directory.Entry chain = chain(proof, directory);
    Succession succession = new Succession(directory.federation(), chain, ed25519, new MlDsa44());
    List<Signed> sets = new ArrayList<>();
    sets.add(Signed.of(proof, succession.seats()));
    while (!sets.getLast().convicted()) {
      try {
        TlogProof next = handovers.after(chain.id(), succession.seats().term());
        if (next == null) {
          break;
        }
        succession.handOver(next);
      } catch (MalformedException malformed) {
        throw Refusals.of(
            new Receipt.Result.Refused(
                Receipt.Part.HANDOVER, chain.id() + ": " + malformed.getMessage()),
            false);
      }
      sets.add(Signed.of(proof, succession.seats()));
    }
    return new ConflictText(proof, sets, source);
  }

  private static ConflictProof parsed(byte[] file) {
    try {
      return ConflictProof.parse(file);
    } catch (MalformedException another) {
      throw CommandException.of(
          Reason.PROOF_INVALID,
          "It proves no conflict: " + another.getMessage() + '.',
          "食い違いの証拠になっていません（" + another.getMessage() + "）。");
    }
  }

  private static Directory.Entry chain(ConflictProof proof, Directory directory) {
    return directory.chains().values().stream()
        .filter(one -> directory.origin(one.id()).equals(proof.origin()))
        .findFirst()
        .orElseThrow(() ->
            CommandException.of(
                Reason.PROOF_INVALID,
                "The log " + proof.origin() + " is not one of this federation.",
                "記録 " + proof.origin() + " はこの連合のものではありません。"));
  }

  /** Whether the set of one term has approved both, which is what chains act on. */
  boolean convicted() {
    return sets.getLast().convicted();
  }

  private long first() {
    return sets.getFirst().seats().term();
  }

  private long last() {
    return sets.getLast().seats().term();
  }

  private List<Signed> told() {
    return convicted() ? List.of(sets.getLast()) : sets;
  }

  List<String> ja() {
    List<String> lines = new ArrayList<>();
    lines.add("記録 " + proof.origin() + " に、両立しない二つの歴史があります。");
    lines.add("  " + line(proof.first().checkpoint()));
    lines.add("  " + line(proof.second().checkpoint()));
    for (Signed set : told()) {
      String term = "第" + set.seats().term() + "期";
      if (!set.both().isEmpty()) {
        lines.add(
            "%sの%d席のうち%d席が両方に署名しました: %s"
                .formatted(
                    term,
                    set.seats().keys().size(),
                    set.both().size(),
                    String.join("、", set.both())));
      }
      if (set.first() != set.second()) {
        lines.add(term + "が定足数で承認したのは" + (set.first() ? "一つ目" : "二つ目") + "だけです。");
      }
    }
    lines.add(verdictJa());
    return lines;
  }

  private String verdictJa() {
    if (convicted()) {
      return "第"
          + last()
          + "期の代表者は、定足数で両方を承認しました。"
          + (last() == first() ? "" : "任期の引き継ぎは " + source + " によります。");
    }
    return source == null
        ? "第"
            + first()
            + "期の代表者は、定足数では両方を承認していません。"
            + "あとの任期の代表者かどうかは、--terms で引き継ぎのあるところを示さないと分かりません。"
        : source + " から分かる第" + first() + "期から第" + last() + "期までに、定足数で両方を承認した期はありません。";
  }

  List<String> en() {
    List<String> lines = new ArrayList<>();
    lines.add("The log " + proof.origin() + " has two histories that cannot both be true.");
    lines.add("  " + line(proof.first().checkpoint()));
    lines.add("  " + line(proof.second().checkpoint()));
    for (Signed set : told()) {
      long term = set.seats().term();
      if (!set.both().isEmpty()) {
        lines.add(
            "Both were signed by %d of the %d seats of term %d: %s"
                .formatted(
                    set.both().size(),
                    set.seats().keys().size(),
                    term,
                    String.join(", ", set.both())));
      }
      if (set.first() != set.second()) {
        lines.add(
            "A quorum of term %d approved the %s one only."
                .formatted(term, set.first() ? "first" : "second"));
      }
    }
    lines.add(verdictEn());
    return lines;
  }

  private String verdictEn() {
    if (convicted()) {
      return "A quorum of the representatives of term "
          + last()
          + " approved both."
          + (last() == first() ? "" : " The hand-overs to them are those of " + source + '.');
    }
    return source == null
        ? "No quorum of term "
            + first()
            + " approved both. Whether one of a later term did is not known without its"
            + " representatives: give --terms SOURCE."
        : "No term from %d to %d, to which the hand-overs of %s lead, approved both by a quorum."
            .formatted(first(), last(), source);
  }

  private static String line(Checkpoint checkpoint) {
    return "size " + checkpoint.size() + "  root " + checkpoint.root().base64();
  }
}
