package aika.sinks.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import aika.sinks.webhook.Positions.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts leaves to another program (docs/spec/webhooks.md): in the order of each chain, at least
 * once, signed after the Standard Webhooks specification. What cannot be delivered in a bounded
 * time becomes a dead letter, and the hook goes on; {@link Webhook} is for whoever looks after
 * these.
 */
public final class WebhookSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSink.class);

  /** The position is stored after so many events: as many may come twice after a crash. */
  private static final int STEP_EVENTS_MAX = 100;

  private static final int STEP_LEAVES_MAX = 10_000;
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** How long the other chains go on before the follower pauses for one that waits. */
  private static final long OTHERS_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private final Source source;
  private final WebhookSettings settings;
  private final WebhookPace pace;
  private final LongSupplier clock;
  private final Wanted wanted;
  private final DeadLetters letters;
  private final Post post;
  private @Nullable Positions loaded;
  private volatile boolean closed;

  /**
   * @param clock ms since 1970
   */
  public WebhookSink(
      Source source, WebhookSettings settings, WebhookPace pace, LongSupplier clock) {
    this.source = source;
    this.settings = settings;
    this.pace = pace;
    this.clock = clock;
    wanted = new Wanted(source, settings);
    letters = new DeadLetters(settings.directory());
    post = new Post(settings, pace, clock);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<ChainId> chains() {
    return settings.chains();
  }

  /** [WH-6] How many leaves may be posted. */
  private long size(ChainId chain) {
    return settings.approvedOnly() ? source.approvedSize(chain) : source.size(chain);
  }

  @Override
  public void open() {
    loaded = null;
    try {
      Files.createDirectories(settings.directory());
    } catch (IOException failed) {
      throw new SinkException(
          SinkException.Kind.FAILED, settings.directory() + " cannot be made", failed);
    }
  }

  private Positions positions() {
    Positions known = loaded;
    if (known == null) {
      known = new Positions(settings.directory());
      loaded = known;
    }
    return known;
  }

  @Override
  public Progress progress(ChainId chain) {
    long next = positions().of(chain).next();
    if (next > source.size(chain)) {
      throw new SinkException(
          SinkException.Kind.FAILED,
          "the hook is at " + chain + ":" + next + ", the log ends at " + source.size(chain),
          null);
    }
    return new Progress(next, next);
  }

  @Override
  public Progress goal(ChainId chain) {
    long size = size(chain);
    return new Progress(size, size);
  }

  @Override
  public Progress advance(ChainId chain) {
    checkEnabled();
    if (waits(chain)) {
      advanceOthers(chain);
      throw waiting(chain, positions().of(chain));
    }
    step(chain);
    return progress(chain);
  }

  private void checkEnabled() {
    byte[] since = DurableFile.read(Webhook.disabled(settings.directory()));
    if (since != null) {
      throw new SinkException(
          SinkException.Kind.REFUSED,
          "the receiver answered 410 at " + new String(since, UTF_8) + ": the hook is disabled",
          null);
    }
  }

  /** A pause that is longer than any was written by a clock that has been set back since. */
  private boolean waits(ChainId chain) {
    Position at = positions().of(chain);
    long left = at.again() - clock.getAsLong();
    return left > 0 && left <= pace.pauseMillis(at.failed());
  }

  /** An event that one receiver cannot take holds up its own chain only. */
  private void advanceOthers(ChainId waiting) {
    long end = System.nanoTime() + OTHERS_NANOS_MAX;
    boolean moved = true;
    while (moved && !closed && System.nanoTime() < end) {
      moved = false;
      for (ChainId chain : settings.chains()) {
        if (!chain.equals(waiting) && !waits(chain) && !progress(chain).equals(goal(chain))) {
          step(chain);
          moved = true;
        }
      }
    }
  }

  /** Posts what comes next, and stores how far it came. */
  private void step(ChainId chain) {
    Position from = positions().of(chain);
    long size = Math.min(size(chain), from.next() + STEP_LEAVES_MAX);
    long end = System.nanoTime() + STEP_NANOS_MAX;
    int posted = 0;
    long next = from.next();
    try {
      while (next < size && posted < STEP_EVENTS_MAX && !closed && System.nanoTime() < end) {
        Entry entry = source.entry(chain, next);
        if (wanted.test(chain, entry)) {
          deliver(chain, entry, next == from.next() ? from : Position.at(next));
          posted++;
        }
        next++;
      }
    } finally {
      // Whatever stopped it: what was delivered is not posted again.
      if (positions().of(chain).next() < next) {
        positions().put(chain, Position.at(next));
      }
    }
  }

  /** Returns when the event is delivered, or is a dead letter; throws when it must wait. */
  private void deliver(ChainId chain, Entry entry, Position at) {
    String body = Bodies.of(chain, entry, source.block(chain, entry.index()));
    switch (post.send(chain + ":" + entry.index(), Bodies.bytes(body))) {
      case Post.Outcome.Delivered delivered -> {
        if (at.failed() > 0) {
          letters.drop(chain + ":" + entry.index()); // from before a crash
        }
      }
      case Post.Outcome.Gone gone -> {
        positions().put(chain, at);
        String now = Timestamp.seconds(clock.getAsLong());
        DurableFile.write(Webhook.disabled(settings.directory()), now.getBytes(UTF_8));
        LOG.warn("{} is disabled: {} answered 410", settings.name(), settings.target());
        checkEnabled();
      }
      case Post.Outcome.Failed failed -> fail(chain, entry, body, at, failed);
    }
  }

  private void fail(
      ChainId chain, Entry entry, String body, Position at, Post.Outcome.Failed failed) {
    if (closed) {
      throw new SinkException(SinkException.Kind.FAILED, "closed", null);
    }
    int attempts = at.failed() + 1;
    if (attempts >= pace.attempts()) {
      bury(chain, entry, body, attempts, failed.why());
      return;
    }
    long again = clock.getAsLong() + pace.pauseMillis(attempts);
    Position waiting = new Position(entry.index(), attempts, again, failed.why());
    positions().put(chain, waiting);
    throw waiting(chain, waiting);
  }

  private SinkException waiting(ChainId chain, Position at) {
    String what =
        "%s: %s: %s (attempt %d of %d, next at %s)"
            .formatted(
                settings.target(),
                chain + ":" + at.next(),
                at.failure(),
                at.failed(),
                pace.attempts(),
                Timestamp.seconds(at.again()));
    return new SinkException(SinkException.Kind.UNREACHABLE, what, null);
  }

  /** [WH-22] The letter first: a crash here makes one attempt more, never a lost event. */
  private void bury(ChainId chain, Entry entry, String body, int attempts, String failure) {
    String kind = LeafText.kind(entry.leaf());
    DeadLetter letter =
        new DeadLetter(
            chain,
            entry.index(),
            kind,
            entry.leaf().time(),
            attempts,
            clock.getAsLong(),
            failure,
            body);
    while (letters.count() >= Webhook.DEAD_LETTERS_MAX) {
      DeadLetter oldest = letters.list().getFirst();
      letters.drop(oldest.id());
      positions().lose();
      LOG.warn("{} has no room for dead letter {} any more", settings.name(), oldest.id());
    }
    letters.put(letter);
    LOG.warn("{} gives up {} after {} attempts: {}", name(), letter.id(), attempts, failure);
  }

  /** [WH-24] Everything is posted again: receivers know events by their ids. */
  @Override
  public void rebuild() {
    for (DeadLetter letter : letters.list()) {
      letters.drop(letter.id());
    }
    Positions.forget(settings.directory());
    loaded = null;
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    return new WebhookCheck(source, settings, wanted, letters).run(watcher);
  }

  /** Cuts short what is on its way. */
  @Override
  public void close() {
    closed = true;
    post.close();
  }
}
