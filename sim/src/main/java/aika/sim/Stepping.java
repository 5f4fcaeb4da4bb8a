package aika.sim;

import aika.core.follow.Request;
import aika.core.follow.Step;
import aika.core.ledger.Reason;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes one follower's steps, one after the other: its requests go over the network, and a step is
 * finished when all were answered or it has waited long enough.
 */
final class Stepping<S extends Step> {
  private static final int ANSWER_WAIT_MILLIS = 2_500;

  private final LogReader reader;
  private final Supplier<@Nullable S> next;
  private final Consumer<S> finished;
  private boolean busy;

  /**
   * @param next the next step, or null when there is nothing to do now
   * @param finished hears of each step that was finished
   */
  Stepping(LogReader reader, Supplier<@Nullable S> next, Consumer<S> finished) {
    this.reader = reader;
    this.next = next;
    this.finished = finished;
  }

  /** After a crash: whatever was asked, no answer comes. */
  void forget() {
    busy = false;
  }

  /** Takes the next step, unless one is under way or the own chain does not answer. */
  void advance() {
    boolean again = !busy && reader.home.up();
    while (again) {
      S step = next.get();
      if (step == null) {
        return;
      }
      if (!step.requests().isEmpty()) {
        new Round(step).ask();
        return;
      }
      again = finish(step, new BitSet());
    }
  }

  private boolean finish(S step, BitSet done) {
    boolean again = step.finish(done);
    finished.accept(step);
    return again;
  }

  private final class Round {
    private final S step;
    private final BitSet done = new BitSet();
    private final BitSet answered = new BitSet();
    private boolean over;

    Round(S step) {
      this.step = step;
    }

    void ask() {
      busy = true;
      List<Request> requests = step.requests();
      for (int i = 0; i < requests.size(); i++) {
        int number = i;
        reader.ask(requests.get(i), refused -> answered(number, refused));
      }
      reader.after(ANSWER_WAIT_MILLIS, this::end);
    }

    private void answered(int number, @Nullable Reason refused) {
      answered.set(number);
      if (step.requests().get(number).done(refused)) {
        done.set(number);
      }
      if (answered.cardinality() == step.requests().size()) {
        end();
      }
    }

    private void end() {
      if (!over) {
        over = true;
        busy = false;
        if (finish(step, done)) {
          advance();
        }
      }
    }
  }
}
