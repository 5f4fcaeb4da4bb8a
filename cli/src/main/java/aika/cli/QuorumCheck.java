package aika.cli;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.VerifierKey;
import aika.node.config.HeldKey;
import org.jspecify.annotations.Nullable;

/** What can be known about a decision without the chain: all that a node would refuse later. */
final class QuorumCheck {
  private final Directory directory;

  QuorumCheck(Directory directory) {
    this.directory = directory;
  }

  String federation() {
    return directory.federation();
  }

  /**
   * @throws CommandException when there is no such chain, or nobody decides for it
   */
  Directory.Quorum of(ChainId chain) {
    Directory.@Nullable Entry entry = directory.find(chain);
    if (entry == null) {
      throw CommandException.of(Refusal.of(Reason.UNKNOWN_CHAIN, chain.value()));
    }
    Directory.Quorum quorum = entry.recovery();
    if (quorum == null) {
      throw CommandException.of(
          "The federation file names no recovery quorum for " + chain + '.',
          "連合のファイルに " + chain + " の復旧の鍵がありません。",
          null);
    }
    return quorum;
  }

  /**
   * @throws CommandException when it is none for this federation
   */
  void check(Recovery recovery) {
    if (!recovery.federation().equals(directory.federation())) {
      throw CommandException.of(
          Reason.WRONG_FEDERATION,
          "The decision is for the federation "
              + recovery.federation()
              + ", not for "
              + directory.federation()
              + '.',
          "別の連合（" + recovery.federation() + "）のための決定です。");
    }
    checkReason(recovery.reason());
    var _ = of(recovery.chain());
    if (recovery instanceof Recovery.Close close) {
      if (close.successor().equals(close.chain())) {
        throw CommandException.of(
            close.chain() + " cannot take over from itself.",
            close.chain() + " は自分を引き継げません。",
            null);
      }
      if (directory.find(close.successor()) == null) {
        throw CommandException.of(Refusal.of(Reason.UNKNOWN_CHAIN, close.successor().value()));
      }
    }
  }

  /** What is signed is what is read: nothing in it moves the cursor, hides or turns letters. */
  private static void checkReason(String reason) {
    if (reason.isBlank() || reason.codePoints().anyMatch(QuorumCheck::isUnseen)) {
      throw CommandException.of(
          Reason.MALFORMED,
          "The reason is one line of text, without characters that are not seen.",
          "理由は、見えない文字や制御文字のない一行で書いてください。");
    }
  }

  private static boolean isUnseen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /**
   * @throws CommandException when a signature is no member's or does not hold: with such a line no
   *     node takes the note, whoever else signs
   */
  void checkSignatures(DecisionFile decision) {
    if (decision.note() == null) {
      return;
    }
    Directory.Quorum quorum = of(decision.recovery().chain());
    Ed25519 ed25519 = new Ed25519(Directory.Quorum.KEYS_MAX);
    for (NoteSignature line : decision.note().signatures()) {
      boolean holds =
          quorum.keys().stream()
              .anyMatch(key ->
                  line.isBy(key.name(), key.keyId()) && decision.note().isSignedBy(key, ed25519));
      if (!holds) {
        throw CommandException.of(
            "The signature of " + line.name() + " in " + decision.path() + " does not hold.",
            decision.path() + " にある " + line.name() + " の署名は正しくありません。",
            null);
      }
    }
  }

  /**
   * @throws CommandException when it is no key of the quorum, or has signed already
   */
  void checkMaySign(DecisionFile decision, HeldKey held) {
    ChainId chain = decision.recovery().chain();
    VerifierKey key = held.key();
    if (!of(chain).keys().contains(key)) {
      throw CommandException.of(
          "The key " + key + " is none of the recovery quorum of " + chain + '.',
          "鍵 " + key + " は " + chain + " の復旧の鍵ではありません。",
          null);
    }
    if (decision.note() != null
        && decision.note().signatureBy(key.name(), key.keyId()).isPresent()) {
      throw CommandException.of(
          "The key " + key + " has signed " + decision.path() + " already; nothing was changed.",
          "鍵 " + key + " はもう " + decision.path() + " に署名しています。何も変えていません。",
          null);
    }
  }
}
