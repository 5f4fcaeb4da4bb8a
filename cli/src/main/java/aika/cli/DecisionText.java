package aika.cli;

import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.note.Sha256;
import aika.core.note.Utf8;
import aika.core.note.VerifierKey;
import java.util.HexFormat;

/** What a decision of a recovery quorum would do, for those who are to sign it. */
record DecisionText(Recovery recovery) {
  /** So much of the hash people compare by voice. */
  private static final int GROUP_CHARS = 8;

  void print(Screen screen) {
    switch (recovery) {
      case Recovery.Seat seat -> seats(screen, seat);
      case Recovery.Close close -> closes(screen, close);
    }
    screen.line("reason 理由  " + recovery.reason());
    screen.line("SHA-256  " + hash());
  }

  private void seats(Screen screen, Recovery.Seat seat) {
    Seats set = seat.set();
    screen.line(
        "%s（連合 %s）：第%d期の代表者を全員、次の %d 人に入れ替えます。第%d期になり、%d 人で承認します。"
            .formatted(
                seat.chain(),
                seat.federation(),
                seat.term(),
                set.keys().size(),
                set.term(),
                set.quorum()));
    screen.line(
        ("%s of %s: all representatives of term %d are replaced by these %d. They sit as term %d;"
                + " %d of them approve.")
            .formatted(
                seat.chain(),
                seat.federation(),
                seat.term(),
                set.keys().size(),
                set.term(),
                set.quorum()));
    for (VerifierKey key : set.keys()) {
      screen.line("  seat 席  " + key);
    }
  }

  private static void closes(Screen screen, Recovery.Close close) {
    screen.line(
        "%s（連合 %s）：第%d期にチェーンを終わらせます。もう入金・発行・口座開設はできません。元には戻せません。引き継ぎ先は %s です。"
            .formatted(close.chain(), close.federation(), close.term(), close.successor()));
    screen.line(
        ("%s of %s closes in term %d: nothing is issued, opened or received there any more. There is"
                + " no way back. %s takes it over.")
            .formatted(close.chain(), close.federation(), close.term(), close.successor()));
  }

  /** In groups that can be read out: the members compare what they sign. */
  private String hash() {
    String hex = HexFormat.of().formatHex(Sha256.of(Utf8.encode(recovery.text())));
    return hex.replaceAll("(.{" + GROUP_CHARS + "})(?=.)", "$1 ");
  }
}
