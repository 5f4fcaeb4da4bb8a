package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes which chains have made offers to the municipalities that are served here
 * [NBR-17], since what is told may not be heard. An answer only says whom to copy; whether there is
 * an offer its own leaves tell.
 */
final class OfferQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(OfferQuestions.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final long QUIET_MILLIS = 2_000;

  /** While others tell what is new. */
  private static final long TOLD_MILLIS = 60_000;

  private static final int WAITING_MAX = 16;

  private final HttpClient http;
  private final Addresses addresses;
  private final List<ChainId> receivers;
  private final Consumer<ChainId> found;
  private final Predicate<ChainId> told;
  private final List<ChainId> continents;
  private final BlockingQueue<Question> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private @Nullable Thread thread;
  private volatile boolean stopping;

  /** Whether somebody answered in the last round. */
  private volatile boolean answered;

  /** Where among the continents the next round begins. */
  private int next;

  /** Whether one chain has made offers to another. */
  private record Question(ChainId sender, ChainId receiver) {}

  /**
   * @param receivers served here; nobody is asked when there are none
   * @param found is told who has made offers to them
   * @param told whether a chain's node tells what is new
   */
  OfferQuestions(
      HttpClient http,
      Addresses addresses,
      List<ChainId> receivers,
      Consumer<ChainId> found,
      Predicate<ChainId> told) {
    this.http = http;
    this.addresses = addresses;
    this.receivers = receivers;
    this.found = found;
    this.told = told;
    continents = addresses.chains().stream().filter(id -> !id.municipal()).sorted().toList();
    next = receivers.isEmpty() ? 0 : Math.max(0, continents.indexOf(continent(receivers)));
  }

  private static ChainId continent(List<ChainId> receivers) {
    return receivers.getFirst().continent();
  }

  void start() {
    if (!receivers.isEmpty()) {
      thread = Thread.ofVirtual().name("offer-questions").start(this::run);
    }
  }

  /** Soon asks the sender's own node, or its continent. */
  void ask(ChainId sender, ChainId receiver) {
    Question question = new Question(sender, receiver);
    if (receivers.contains(receiver) && !waiting.contains(question)) {
      boolean _ = waiting.offer(question); // whoever wants it asks again
    }
  }

  private void run() {
    try {
      long due = System.nanoTime();
      while (!stopping) {
        long left = due - System.nanoTime();
        Question question = left <= 0 ? null : waiting.poll(left, TimeUnit.NANOSECONDS);
        if (question == null) {
          attempt(this::askContinents);
          due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis());
        } else {
          attempt(() -> askSender(question));
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static void attempt(Runnable asking) {
    try {
      asking.run();
    } catch (RuntimeException broken) { // else nobody would be asked any more
      LOG.error("what others say of offers was not looked into", broken);
    }
  }

  private long pauseMillis() {
    return continents.stream().anyMatch(told) ? TOLD_MILLIS : QUIET_MILLIS;
  }

  private void askSender(Question question) {
    for (URI gateway : addresses.sources(question.sender)) {
      if (ask(gateway, question.receiver)) {
        return;
      }
    }
  }

  /** In turn, until one has answered: each has copies of all chains, or of its municipalities. */
  private void askContinents() {
    for (int asked = 0; asked < continents.size() && !stopping; asked++) {
      ChainId continent = continents.get(next);
      next = (next + 1) % continents.size();
      if (asked(continent)) {
        answered = true;
        return;
      }
    }
    answered = false;
  }

  private boolean asked(ChainId continent) {
    for (URI gateway : addresses.gateways(continent)) {
      if (!stopping && askAll(gateway)) {
        addresses.answered(continent, gateway);
        return true;
      }
    }
    return false;
  }

  /** Who could say more about offers to this chain than is known here; empty when somebody did. */
  List<ChainId> unanswered(ChainId receiver) {
    return !receivers.contains(receiver)
        ? List.of(receiver) // its own node asks for it
        : answered ? List.of() : continents;
  }

  private boolean askAll(URI gateway) {
    for (ChainId receiver : receivers) {
      if (!ask(gateway, receiver)) {
        return false;
      }
    }
    return true;
  }

  /**
   * @return whether all of the answer came
   */
  private boolean ask(URI gateway, ChainId receiver) {
    HttpLog there = new HttpLog(http, gateway, receiver, ANSWER_MAX, null);
    try {
      ChainId after = null;
      int most = 1 + addresses.chains().size() / OfferLine.LINES_MAX;
      for (int answers = 0; answers < most; answers++) {
        byte[] answer = there.file(after == null ? "offers" : "offers?after=" + after);
        if (answer == null) {
          return false;
        }
        List<OfferLine> lines = OfferLine.parse(Utf8.decode(answer, 0, answer.length));
        lines.forEach(line -> found.accept(line.chain()));
        if (lines.size() < OfferLine.LINES_MAX) {
          break;
        }
        after = lines.getLast().chain();
      }
      return true;
    } catch (UnreadableLogException | MalformedException none) {
      LOG.debug("{} does not say who has made offers: {}", there, none.getMessage());
      return false;
    }
  }

  void stop() {
    stopping = true;
    Thread asking = thread;
    if (asking != null) {
      asking.interrupt();
    }
  }

  /**
   * Waits for the end of what {@link #stop} has stopped.
   *
   * @return whether somebody interrupted that
   */
  boolean join() {
    boolean interrupted = false;
    Thread asking = thread;
    while (asking != null && asking.isAlive()) {
      try {
        asking.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
