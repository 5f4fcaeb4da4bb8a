package aika.sinks.webhook;

import aika.core.money.ChainId;
import aika.sinks.SinkException;
import aika.sinks.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;

/**
 * What an operator sees of a hook and does with it, in the node's process or beside it. The hook
 * itself is {@link WebhookSink}.
 */
public final class Webhook {
  /** Beyond, the oldest gives way, is counted and reported. */
  public static final int DEAD_LETTERS_MAX = 1_000;

  private final WebhookSettings settings;
  private final WebhookPace pace;
  private final LongSupplier clock;
  private final DeadLetters letters;

  /**
   * @param clock ms since 1970
   */
  public Webhook(WebhookSettings settings, WebhookPace pace, LongSupplier clock) {
    this.settings = settings;
    this.pace = pace;
    this.clock = clock;
    letters = new DeadLetters(settings.directory());
  }

  /**
   * Has a hook that has never run in its directory begin where the chains end now: on another
   * machine it has posted what came before. One that has run goes on from where it was.
   *
   * @param source where the chains end
   */
  public void beginAtEnd(Source source) {
    if (Positions.exist(settings.directory())) {
      return;
    }
    try {
      Files.createDirectories(settings.directory());
    } catch (IOException failed) {
      throw new SinkException(
          SinkException.Kind.FAILED, settings.directory() + " cannot be made", failed);
    }
    Positions positions = new Positions(settings.directory());
    for (ChainId chain : settings.chains()) {
      positions.put(chain, Positions.Position.at(source.approvedSize(chain)));
    }
  }

  /** What could not be delivered, the oldest first. */
  public List<DeadLetter> deadLetters() {
    return letters.list();
  }

  /** Dead letters for which there was no room any more, since the hook began. */
  public long lost() {
    return new Positions(settings.directory()).lost();
  }

  /** What came of another attempt. */
  public sealed interface Retried {
    /** The letter is gone. */
    record Delivered() implements Retried {}

    /** The letter stays. */
    record Failed(String why) implements Retried {}
  }

  /**
   * Posts a dead letter once more, now, whatever the hook is at.
   *
   * @param id the event's position, as in {@code Asia-Komatsu:12}
   * @throws NoSuchElementException when there is no such dead letter
   */
  public Retried retry(String id) {
    DeadLetter letter = letters.find(id).orElseThrow(() -> new NoSuchElementException(id));
    try (Post post = new Post(settings, pace, clock)) {
      return switch (post.send(id, Bodies.bytes(letter.body()))) {
        case Post.Outcome.Delivered delivered -> {
          letters.drop(id);
          yield new Retried.Delivered();
        }
        case Post.Outcome.Gone gone -> failed(letter, "it answered 410");
        case Post.Outcome.Failed failed -> failed(letter, failed.why());
      };
    }
  }

  private Retried failed(DeadLetter letter, String why) {
    letters.put(letter.failedAgain(why));
    return new Retried.Failed(why);
  }

  /**
   * Forgets a dead letter.
   *
   * @return whether there was one
   */
  public boolean drop(String id) {
    return letters.drop(id);
  }

  /** Whether the receiver answered 410 and nothing is posted any more. */
  public boolean isDisabled() {
    return DurableFile.read(disabled(settings.directory())) != null;
  }

  /** Goes on with what comes next, after the receiver had answered 410. */
  public void enable() {
    DurableFile.delete(disabled(settings.directory()));
  }

  static Path disabled(Path directory) {
    return directory.resolve("disabled");
  }
}
