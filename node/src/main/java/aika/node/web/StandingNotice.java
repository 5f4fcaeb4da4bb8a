package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.gateway.AccountView;
import aika.node.gateway.AccountView.Announced;

/** What everybody who uses an account has to know of how it stands. */
final class StandingNotice {
  private StandingNotice() {}

  /** That a new key was announced, in one line, with the way to stopping it. */
  static Html line(Words words, AccountId account) {
    return Html.several(
        Html.text(words.of(Text.ANNOUNCED_TITLE) + " "),
        tag("a").attr("href", Paths.account(account)).text(words.of(Text.SEE_ACCOUNT)));
  }

  /** For pages on which something else is done. */
  static Html brief(Words words, AccountView view) {
    Html state = state(words, view);
    return view.standing().announced() == null
        ? state
        : Html.several(
            Parts.notice(Parts.Tone.WRONG, tag("p").add(line(words, view.owner().account()))),
            state);
  }

  /** Whether the account is frozen or closed, and what this means. */
  static Html state(Words words, AccountView view) {
    if (view.standing().closed()) {
      return Parts.notice(
          Parts.Tone.INFORMATION,
          tag("h2").text(words.of(Text.CLOSED_TITLE)),
          tag("p").text(words.of(Text.CLOSED)));
    }
    return view.standing().frozen()
        ? Parts.notice(
            Parts.Tone.WAITING,
            tag("h2").text(words.of(Text.FROZEN_TITLE)),
            tag("p").text(words.of(Text.FROZEN)),
            goesOn(words, view),
            tag("p").text(words.of(Text.FROZEN_NEXT)))
        : Html.nothing();
  }

  /** What freezing does not stop. */
  static Html goesOn(Words words, AccountView view) {
    Money limit = view.standing().autoReceive();
    return limit.isPositive()
        ? tag("p").add(words.html(Text.FROZEN_AUTO, words.amount(limit)))
        : Html.nothing();
  }

  /**
   * That a new key was announced: since when, from when it counts, who should stop it.
   *
   * @param stop how it is stopped here
   */
  static Html announced(Words words, Announced key, Html stop) {
    return Parts.notice(
        Parts.Tone.WRONG,
        tag("h2").text(words.of(Text.ANNOUNCED_TITLE)),
        tag("p")
            .add(
                words.html(
                    Text.ANNOUNCED_WHEN, words.moment(key.since()), words.moment(key.due()))),
        tag("p").add(tag("strong").text(words.of(Text.ANNOUNCED_WHO))),
        stop);
  }
}
