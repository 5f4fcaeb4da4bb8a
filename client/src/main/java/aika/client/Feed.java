package aika.client;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain without end: what breaks on the way is opened again, from the {@linkplain
 * #position position}. Leaves come in order, each once for one feed; a program that stores its
 * position after its own work gets each leaf at least once in its life. One thread iterates; any
 * may close.
 */
public final class Feed implements Iterable<FeedEvent>, AutoCloseable {
  /** The server says something every 15 s; whoever says nothing for so long is gone. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

  /** Events that are read ahead: what is not read holds up this stream, and nobody else. */
  private static final int AHEAD_MAX = 64;

  private static final int PROBLEM_BYTES_MAX = 65_536;

  private final Http http;
  private final ClientSettings settings;
  private final Duration silenceMax;
  private final CountDownLatch closed = new CountDownLatch(1);
  private FeedQuery query;
  private volatile @Nullable Connection connection;

  Feed(FeedQuery query, Http http, ClientSettings settings) {
    this(query, http, settings, SILENCE_MAX);
  }

  Feed(FeedQuery query, Http http, ClientSettings settings, Duration silenceMax) {
    this.query = query;
    this.http = http;
    this.settings = settings;
    this.silenceMax = silenceMax;
  }

  /** What a connection says: an event, or why there will be no more. */
  private sealed interface Said {
    record Told(EventStream.Event event) implements Said {}

    record Broken(IOException cause) implements Said {}
  }

  /** One stream, read ahead by a thread of its own, so that its silence can be told. */
  private static final class Connection implements AutoCloseable {
    private final EventStream stream;
    private final BlockingQueue<Said> said = new ArrayBlockingQueue<>(AHEAD_MAX);
    private final Thread reader;

    Connection(InputStream in) {
      stream = new EventStream(in);
      reader = Thread.ofVirtual().name("feed").start(this::read);
    }

    private void read() {
      try {
        try {
          while (true) {
            said.put(new Said.Told(stream.next()));
          }
        } catch (IOException broken) {
          said.put(new Said.Broken(broken));
        }
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws IOException {
      reader.interrupt();
      stream.close();
      said.clear();
      var _ = said.offer(new Said.Broken(new EOFException("closed")));
    }
  }

  /** The first leaf that has not been told: where another feed goes on. */
  public long position() {
    return query.from();
  }

  /**
   * The next event; waits for it.
   *
   * @return null when the feed is closed
   * @throws ClientException when the gateway refuses, or speaks otherwise than a gateway
   */
  private @Nullable FeedEvent next() {
    int failed = 0;
    while (closed.getCount() > 0 && !http.isClosed()) {
      try {
        EventStream.Event event = read();
        failed = 0;
        FeedEvent told = told(event);
        if (told != null) {
          return told;
        }
      } catch (IOException broken) {
        disconnect();
        failed++;
        pause(settings.pause(failed));
      }
    }
    disconnect();
    return null;
  }

  private EventStream.Event read() throws IOException {
    Connection open = connection;
    if (open == null) {
      open = connect();
      connection = open;
    }
    try {
      Said said = open.said.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS);
      return switch (said) {
        case null -> throw new IOException("nothing was said for " + silenceMax);
        case Said.Told told -> told.event;
        case Said.Broken broken -> throw broken.cause;
      };
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      close();
      throw new IOException("interrupted", interrupted);
    }
  }

  private Connection connect() throws IOException {
    try {
      HttpResponse<InputStream> answer = http.stream(query.path());
      if (answer.statusCode() == 200) {
        return new Connection(answer.body());
      }
      try (InputStream body = answer.body()) {
        Problem problem = Answers.problem(answer.statusCode(), body.readNBytes(PROBLEM_BYTES_MAX));
        if (problem.isPassing()) {
          throw new IOException(problem.toString());
        }
        throw ClientException.of(problem);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      close();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** Moves the position; null for what only moves it, or is not known here. */
  private @Nullable FeedEvent told(EventStream.Event event) {
    byte[] data = Utf8.encode(event.data());
    FeedEvent told =
        switch (event.type()) {
          case "leaf" -> Answers.read(data, this::leaf);
          case "approval" -> Answers.read(data, this::approval);
          default -> null;
        };
    if (told instanceof FeedEvent.Leaf leaf) {
      return isNext(leaf) ? told : null;
    }
    if (!query.isWhole()) {
      query = query.from(Math.max(query.from(), position(event.id())));
    }
    return told;
  }

  private boolean isNext(FeedEvent.Leaf leaf) {
    if (leaf.index() < query.from()) {
      return false;
    }
    if (query.isWhole() && leaf.index() > query.from()) {
      throw new ClientException(
          ClientException.NOT_UNDERSTOOD, "the gateway left out leaf " + query.from(), null);
    }
    query = query.from(leaf.index() + 1);
    return true;
  }

  /** Leaves that a filter has left out need not be looked at again: {@code <chain>:<next>}. */
  private long position(String id) {
    String start = query.chain() + ":";
    try {
      return id.startsWith(start) ? Decimal.parse(id.substring(start.length())) : 0;
    } catch (MalformedException other) {
      return 0;
    }
  }

  private FeedEvent.Leaf leaf(JsonNode json) {
    byte[] bytes = CanonicalBase64.decode(Answers.text(json, "entry"));
    long index = json.required("index").asLong(-1);
    Leaf leaf = LeafText.parse(bytes);
    if (index < 0) {
      throw new MalformedException("not an index");
    }
    return new FeedEvent.Leaf(chain(json), new Entry(index, bytes, Merkle.leafHash(bytes), leaf));
  }

  private FeedEvent approval(JsonNode json) {
    byte[] checkpoint = Utf8.encode(Answers.text(json, "checkpoint"));
    return new FeedEvent.Approval(chain(json), SignedCheckpoint.parse(checkpoint));
  }

  private ChainId chain(JsonNode json) {
    if (!Answers.text(json, "chain").equals(query.chain().value())) {
      throw new MalformedException("it is another chain's");
    }
    return query.chain();
  }

  /** Ends early when the feed is closed. */
  private void pause(Duration pause) {
    try {
      boolean _ = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      close();
    }
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException gone) {
        throw new ClientException(ClientException.UNREACHABLE, "the stream cannot be closed", gone);
      }
    }
  }

  /** All of them as they come; ends when the feed is closed. */
  @Override
  public Iterator<FeedEvent> iterator() {
    return new Iterator<>() {
      private @Nullable FeedEvent ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = Feed.this.next();
        }
        return ahead != null;
      }

      @Override
      public FeedEvent next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the feed is closed");
        }
        FeedEvent event = Objects.requireNonNull(ahead);
        ahead = null;
        return event;
      }
    };
  }

  @Override
  public void close() {
    closed.countDown();
    disconnect();
  }
}
