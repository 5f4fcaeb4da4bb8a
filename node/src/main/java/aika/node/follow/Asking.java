package aika.node.follow;

import aika.core.follow.Request;
import aika.core.follow.Step;
import aika.core.ledger.Action;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.order.Answer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Takes followers' steps: puts their requests to the chains, and has them keep what came of it. */
final class Asking {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
  private static final long ANSWER_WAIT_SECONDS = 20;

  private final Chains chains;

  Asking(Chains chains) {
    this.chains = chains;
  }

  /** The way in of the chains that are asked. */
  @FunctionalInterface
  interface Chains {
    CompletableFuture<Answer> submit(ChainId chain, Action action);
  }

  /** A step whose requests are on their way. */
  static final class Asked {
    private final Step step;
    private final List<CompletableFuture<Boolean>> answers;
    private final Set<ChainId> undone = new LinkedHashSet<>();

    private Asked(Step step, List<CompletableFuture<Boolean>> answers) {
      this.step = step;
      this.answers = answers;
    }

    /** Waits for the answers; see {@link Step#finish}. */
    boolean finish() {
      BitSet done = new BitSet();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).join()) {
          done.set(i);
        } else {
          undone.add(step.requests().get(i).chain());
        }
      }
      return step.finish(done);
    }

    /** Chains that did not do what they were asked; known after {@link #finish}. */
    Set<ChainId> undone() {
      return undone;
    }
  }

  /** Does not wait: what one thread submits is ordered in that order. */
  Asked ask(Step step) {
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (Request request : step.requests()) {
      answers.add(ask(request));
    }
    return new Asked(step, answers);
  }

  private CompletableFuture<Boolean> ask(Request request) {
    ChainId chain = request.chain();
    for (Action first : request.actions().subList(0, request.actions().size() - 1)) {
      var _ = chains.submit(chain, first); // if it fails, so does what rests on it
    }
    return chains
        .submit(chain, request.last())
        .orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS)
        .handle(
            (answer, failed) -> done(request, failed == null ? refused(answer) : unknown(failed)));
  }

  private static @Nullable Reason refused(Answer answer) {
    return switch (answer) {
      case Answer.Accepted accepted -> null;
      case Answer.Repeated repeated -> null;
      case Answer.Refused refused -> refused.refusal().reason();
    };
  }

  private static Reason unknown(Throwable failed) {
    LOG.warn("a follower has no answer: {}", failed.toString());
    return Reason.OUTCOME_UNKNOWN;
  }

  private static boolean done(Request request, @Nullable Reason refused) {
    boolean done = request.done(refused);
    if (!done) {
      String what = request.last().getClass().getSimpleName();
      // What a fork would look like must not pass unseen; the others are races that pass.
      Level level = refused == Reason.CHECKPOINT_INCONSISTENT ? Level.WARN : Level.DEBUG;
      LOG.atLevel(level).log("{} does not take a {}: {}", request.chain(), what, refused);
    }
    return done;
  }
}
