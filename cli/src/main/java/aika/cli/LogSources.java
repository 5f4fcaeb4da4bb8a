package aika.cli;

import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.audit.SourceComparison;
import aika.core.audit.UnreadableLogException;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.mirror.HttpLog;
import aika.node.tls.NodeTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where published logs are: gateways ({@code http://host:port}, below {@code /chains/<chain>/}) and
 * directories that hold the same files, {@code <chain>/checkpoint} and so on. Of several, the first
 * that has a chain's checkpoint is asked for that chain.
 */
final class LogSources implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  private final List<String> sources;
  private final HttpClient http;

  LogSources(List<String> sources) {
    this(sources, null);
  }

  /**
   * @param tls of a node, to which other nodes answer at their node ports; null for none
   */
  LogSources(List<String> sources, @Nullable NodeTls tls) {
    this.sources = sources;
    http = NodeTls.http(tls).connectTimeout(CONNECT_MAX).build();
  }

  PublishedLog of(ChainId chain) {
    List<PublishedLog> all = all(chain);
    return all.stream()
        .filter(log -> log.file("checkpoint") != null)
        .findFirst()
        .map(log -> GivenUpFiles.joined(log, all))
        .orElseGet(() -> GivenUpFiles.joined(path -> null, all));
  }

  /** What each source has of a chain's log. */
  List<PublishedLog> all(ChainId chain) {
    return sources.stream().map(source -> of(source, chain)).toList();
  }

  /** The same, with the sources' names. */
  List<SourceComparison.Source> named(ChainId chain) {
    return sources.stream()
        .map(source -> new SourceComparison.Source(source, of(source, chain)))
        .toList();
  }

  /** A file of a chain's log, from the first source that has it; null when none has. */
  byte @Nullable [] file(ChainId chain, String path) {
    for (String source : sources) {
      byte[] file = of(source, chain).file(path);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** One source of a chain's log. */
  record Copy(String source, PublishedLog log) {}

  /**
   * Those with the largest checkpoint of a chain, in the sources' order; those that cannot be read
   * are passed over. None when none has the chain.
   *
   * @param believed whether a checkpoint counts, and the log that shows it
   */
  List<Copy> newest(ChainId chain, BiPredicate<SignedCheckpoint, PublishedLog> believed) {
    List<PublishedLog> all = all(chain);
    List<Long> sizes = askedAll(source -> size(of(source, chain), believed));
    long largest = sizes.stream().max(Long::compare).orElse(0L);
    return IntStream.range(0, sources.size())
        .filter(i -> largest > 0 && sizes.get(i) == largest)
        .mapToObj(i -> new Copy(sources.get(i), GivenUpFiles.joined(all.get(i), all)))
        .toList();
  }

  /** The sources that cannot be read now. */
  List<String> silent(ChainId chain) {
    List<Boolean> answers = askedAll(source -> answers(source, chain));
    return IntStream.range(0, sources.size())
        .filter(i -> !answers.get(i))
        .mapToObj(sources::get)
        .toList();
  }

  /**
   * Whether anybody may show a checkpoint of a chain, believed or not.
   *
   * @param silent sources that are not asked again
   */
  boolean isShown(ChainId chain, Collection<String> silent) {
    return askedAll(source -> !silent.contains(source) && shows(source, chain)).contains(true);
  }

  private boolean shows(String source, ChainId chain) {
    try {
      return of(source, chain).file("checkpoint") != null;
    } catch (UnreadableLogException unreadable) {
      return true; // it may have one
    }
  }

  /** The answers of all sources, in their order, asked side by side. */
  private <T> List<T> askedAll(Function<String, T> question) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<T>> answers =
          sources.stream()
              .map(source -> CompletableFuture.supplyAsync(() -> question.apply(source), threads))
              .toList();
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }

  private boolean answers(String source, ChainId chain) {
    try {
      byte[] _ = of(source, chain).file("checkpoint");
      return true;
    } catch (UnreadableLogException away) {
      return false;
    }
  }

  private static long size(PublishedLog log, BiPredicate<SignedCheckpoint, PublishedLog> believed) {
    try {
      byte[] file = log.file("checkpoint");
      SignedCheckpoint signed = file == null ? null : SignedCheckpoint.parse(file);
      return signed != null && believed.test(signed, log) ? signed.checkpoint().size() : 0;
    } catch (UnreadableLogException | MalformedException useless) {
      return 0; // nothing to be believed, or nothing that proves it
    }
  }

  private PublishedLog of(String source, ChainId chain) {
    if (source.startsWith("http://") || source.startsWith("https://")) {
      HttpLog log = new HttpLog(http, URI.create(source), chain);
      return path -> fetched(log, path);
    }
    Path directory = Path.of(source).resolve(chain.value());
    return path -> read(directory.resolve(path));
  }

  private static byte @Nullable [] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException unreadable) {
      throw new UnreadableLogException(file + ": " + unreadable, unreadable);
    }
  }

  private static byte @Nullable [] fetched(HttpLog log, String path) {
    for (int attempt = 1; ; attempt++) {
      try {
        return log.file(path);
      } catch (UnreadableLogException failed) {
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw failed;
        }
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
