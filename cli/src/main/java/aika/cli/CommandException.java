package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** A command cannot do what it was asked to. The two sentences are for whoever typed it. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String en;
  private final String ja;
  private final int exit;

  /**
   * @param code a stable code, or the empty text where none fits
   */
  private CommandException(String code, String en, String ja, int exit, @Nullable Throwable cause) {
    super(en, cause);
    this.code = code;
    this.en = en;
    this.ja = ja;
    this.exit = exit;
  }

  static CommandException of(String en, String ja, @Nullable Throwable cause) {
    return new CommandException("", en, ja, ExitCode.SOFTWARE, cause);
  }

  /** Whether it is so is not known: neither done nor failed, neither right nor wrong. */
  static CommandException notKnown(String en, String ja, @Nullable Throwable cause) {
    return new CommandException("", en, ja, PaymentCommands.UNKNOWN, cause);
  }

  /** With the reason's code and advice, and sentences that say more than the reason's own. */
  static CommandException of(Reason reason, String en, String ja) {
    return new CommandException(
        reason.name(), en + ' ' + reason.nextEn(), ja + reason.nextJa(), exit(reason), null);
  }

  static CommandException of(Refusal refusal) {
    return of(refusal, null);
  }

  static CommandException of(Refusal refusal, @Nullable Throwable cause) {
    Reason reason = refusal.reason();
    String detail = refusal.detail().isEmpty() ? "" : " (" + refusal.detail() + ")";
    return new CommandException(
        reason.name(),
        reason.en() + detail + ' ' + reason.nextEn(),
        reason.ja() + detail + ' ' + reason.nextJa(),
        exit(reason),
        cause);
  }

  private static int exit(Reason reason) {
    return reason == Reason.OUTCOME_UNKNOWN ? PaymentCommands.UNKNOWN : ExitCode.SOFTWARE;
  }

  /** What the process ends with. */
  int exit() {
    return exit;
  }

  String code() {
    return code;
  }

  String en() {
    return en;
  }

  String ja() {
    return ja;
  }
}
