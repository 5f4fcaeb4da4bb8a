package aika.sinks.webhook;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a hook's position and its dead letters with the logs. */
final class WebhookCheck {
  private final Source source;
  private final WebhookSettings settings;
  private final Wanted wanted;
  private final DeadLetters letters;
  private final List<String> examples = new ArrayList<>();
  private long faults;

  WebhookCheck(Source source, WebhookSettings settings, Wanted wanted, DeadLetters letters) {
    this.source = source;
    this.settings = settings;
    this.wanted = wanted;
    this.letters = letters;
  }

  Verification run(Verification.Watcher watcher) {
    // Letters first: a letter is written before the position passes it.
    List<DeadLetter> dead = letters.list();
    Positions positions = new Positions(settings.directory());
    long total = (long) dead.size() + settings.chains().size();
    long compared = 0;
    for (ChainId chain : settings.chains()) {
      long next = positions.of(chain).next();
      if (next < 0 || next > source.size(chain)) {
        fault(chain + ":" + next + " is beyond the log, which ends at " + source.size(chain));
      }
      watcher.compared(++compared, total);
    }
    for (DeadLetter letter : dead) {
      String wrong = wrong(letter, positions);
      if (wrong != null) {
        fault("dead letter " + letter.id() + ": " + wrong);
      }
      watcher.compared(++compared, total);
    }
    return new Verification(total, faults, examples);
  }

  private @Nullable String wrong(DeadLetter letter, Positions positions) {
    ChainId chain = letter.chain();
    if (!settings.chains().contains(chain)) {
      return "its chain is not followed";
    }
    if (letter.index() < 0 || letter.index() > positions.of(chain).next()) {
      return "the hook has not come that far";
    }
    if (letter.index() >= source.size(chain)) {
      return "there is no such leaf";
    }
    Entry entry = source.entry(chain, letter.index());
    if (!Bodies.isOf(letter.body(), chain, entry)) {
      return "its body is not that of the leaf";
    }
    return wanted.test(chain, entry) ? null : "the hook does not post this leaf";
  }

  private void fault(String what) {
    faults++;
    if (examples.size() < Verification.EXAMPLES_MAX) {
      examples.add(what);
    }
  }
}
