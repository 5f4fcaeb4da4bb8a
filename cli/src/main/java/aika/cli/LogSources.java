package aika.cli;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where published logs are: gateways ({@code http://host:port}, below {@code /chains/<chain>/}) and
 * directories that hold the same files, {@code <chain>/checkpoint} and so on. Of several, the first
 * that has a chain's checkpoint is asked for that chain.
 */
final class LogSources implements AutoCloseable {
  /** Larger than any file: 256 entries of 65,535 bytes. */
  private static final long FILE_BYTES_MAX = 17_000_000;

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final List<String> sources;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(WAIT).build();

  LogSources(List<String> sources) {
    this.sources = sources;
  }

  PublishedLog of(ChainId chain) {
    return sources.stream()
        .map(source -> of(source, chain))
        .filter(log -> log.file("checkpoint") != null)
        .findFirst()
        .orElse(path -> null);
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

  /**
   * The source with the largest checkpoint of a chain; those that cannot be read are passed over.
   *
   * @param believed whether a checkpoint counts
   */
  PublishedLog newest(ChainId chain, Predicate<SignedCheckpoint> believed) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Long>> sizes =
          sources.stream()
              .map(source ->
                  CompletableFuture.supplyAsync(() -> size(of(source, chain), believed), threads))
              .toList();
      int best = -1;
      for (int i = 0; i < sizes.size(); i++) {
        if (sizes.get(i).join() > (best < 0 ? 0 : sizes.get(best).join())) {
          best = i;
        }
      }
      return best < 0 ? path -> null : of(sources.get(best), chain);
    }
  }

  /** The sources that cannot be read now. */
  List<String> silent(ChainId chain) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Boolean>> answers =
          sources.stream()
              .map(source -> CompletableFuture.supplyAsync(() -> answers(source, chain), threads))
              .toList();
      List<String> silent = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        if (!answers.get(i).join()) {
          silent.add(sources.get(i));
        }
      }
      return silent;
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

  private static long size(PublishedLog log, Predicate<SignedCheckpoint> believed) {
    try {
      byte[] file = log.file("checkpoint");
      SignedCheckpoint signed = file == null ? null : SignedCheckpoint.parse(file);
      return signed != null && believed.test(signed) ? signed.checkpoint().size() : 0;
    } catch (UnreadableLogException | MalformedException useless) {
      return 0;
    }
  }

  private PublishedLog of(String source, ChainId chain) {
    if (source.startsWith("http://") || source.startsWith("https://")) {
      String base = source.replaceAll("/+$", "") + "/chains/" + chain + '/';
      return path -> fetched(URI.create(base + path));
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

  private byte @Nullable [] fetched(URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(WAIT).build();
    IOException last = new IOException("not asked");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        HttpResponse<byte[]> answer =
            http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), FILE_BYTES_MAX));
        if (answer.statusCode() == OK) {
          return answer.body();
        }
        if (answer.statusCode() == NOT_FOUND) {
          return null;
        }
        last = new IOException("HTTP status " + answer.statusCode());
      } catch (IOException failed) {
        last = failed;
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new UnreadableLogException("interrupted", stop);
      }
    }
    throw new UnreadableLogException(uri + ": " + last.getMessage(), last);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
