package aika.node.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A state in a file: a line {@code index number} for each entry, which begins with its number.
 * Lines reach the file in batches of random size, so a killed process leaves some behind, and a
 * torn last line counts as not durable.
 */
final class NumberFile implements Replicated {
  private final Path file;
  private final Random random;
  private final StringBuilder unwritten = new StringBuilder();
  private final List<Long> numbers = new ArrayList<>();
  private final long appliedIndex;
  private long lastIndex = -1;
  private int untilWritten;

  NumberFile(Path file, Random random) throws IOException {
    this.file = file;
    this.random = random;
    String text = Files.exists(file) ? Files.readString(file) : "";
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    Files.writeString(file, whole);
    for (String line : whole.lines().toList()) {
      int blank = line.indexOf(' ');
      lastIndex = Long.parseLong(line.substring(0, blank));
      numbers.add(Long.parseLong(line.substring(blank + 1)));
    }
    appliedIndex = lastIndex;
  }

  static byte[] entry(long number, Random random) {
    String padding = "x".repeat(random.nextInt(16 * 1024));
    return (number + " " + padding).getBytes(StandardCharsets.UTF_8);
  }

  synchronized List<Long> numbers() {
    return List.copyOf(numbers);
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public synchronized byte[] apply(long index, byte[] entry) {
    String text = new String(entry, StandardCharsets.UTF_8);
    long number = Long.parseLong(text.substring(0, text.indexOf(' ')));
    numbers.add(number);
    lastIndex = index;
    unwritten.append(index).append(' ').append(number).append('\n');
    if (untilWritten-- == 0) {
      untilWritten = random.nextInt(30);
      write();
    }
    return Long.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized CompletableFuture<Long> checkpoint() {
    write();
    return CompletableFuture.completedFuture(lastIndex);
  }

  private void write() {
    try {
      Files.writeString(file, unwritten, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    unwritten.setLength(0);
  }
}
