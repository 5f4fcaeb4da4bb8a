package aika.node.web;

import aika.core.money.Money;
import aika.core.note.MalformedException;
import aika.node.gateway.AccountRequest.Wish;
import aika.node.gateway.AccountView.Standing;
import java.util.Arrays;
import java.util.Optional;

/** What a holder can do about the account itself, with what the pages say of it. */
enum Act {
  VETO(
      "veto-recovery",
      Text.CONFIRM_VETO_TITLE,
      Text.CONFIRM_VETO,
      Text.CONFIRM_VETO_NOW,
      Text.DONE_VETO),
  FREEZE(
      "freeze",
      Text.CONFIRM_FREEZE_TITLE,
      Text.CONFIRM_FREEZE,
      Text.CONFIRM_FREEZE_NOW,
      Text.DONE_FREEZE),
  NEW_KEY("rotate-key", Text.CONFIRM_KEY_TITLE, Text.CONFIRM_KEY, Text.CHANGE_KEY, Text.DONE_KEY),
  AUTO_RECEIVE(
      "auto-receive",
      Text.CONFIRM_LIMIT_TITLE,
      Text.CONFIRM_LIMIT,
      Text.CONFIRM_LIMIT_NOW,
      Text.DONE_LIMIT);

  /** The order's kind; also the form's value. */
  final String kind;

  final Text title;

  /** What it means. */
  final Text meaning;

  final Text button;
  final Text done;

  Act(String kind, Text title, Text meaning, Text button, Text done) {
    this.kind = kind;
    this.title = title;
    this.meaning = meaning;
    this.button = button;
    this.done = done;
  }

  static Optional<Act> ofKind(String kind) {
    return Arrays.stream(values()).filter(one -> one.kind.equals(kind)).findFirst();
  }

  static Act of(FormData form) {
    return ofKind(form.get(AccountPage.ACT))
        .orElseThrow(() -> new MalformedException("nothing that can be done with an account"));
  }

  /** Whether an account that stands so can still do it. */
  boolean possible(Standing standing) {
    boolean orders = !standing.closed() && !standing.frozen();
    return switch (this) {
      case VETO -> standing.announced() != null;
      case FREEZE, NEW_KEY, AUTO_RECEIVE -> orders;
    };
  }

  Wish wish(Money limit) {
    return switch (this) {
      case VETO -> new Wish.Veto();
      case FREEZE -> new Wish.Freeze();
      case NEW_KEY -> new Wish.NewKey();
      case AUTO_RECEIVE -> new Wish.AutoReceive(limit);
    };
  }
}
