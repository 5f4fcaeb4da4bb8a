package aika.core.note;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads changed texts with a parser of outside bytes: it returns or refuses, in time and without
 * much memory, and what it returns is written again as the same bytes.
 *
 * <p>A case is made from its number alone. The suite makes the same ones each time; {@code
 * -Daika.fuzz.seconds=60} goes on for so long with each parser, from another number each time, and
 * {@code -Daika.fuzz.seed=N} begins with case N, which a failure names.
 */
public final class Fuzz {
  private static final int CASES_MAX = 20_000;

  /** Also on a busy machine. */
  private static final int CASES_MIN = 50;

  private static final double SECONDS = 0.4;
  private static final long HANGS_MILLIS = 10_000;
  private static final int INPUT_BYTES_MAX = 300_000;
  private static final int CHANGES_MAX = 5;
  private static final long ALLOCATED_MAX = 64L << 20;

  private static final @Nullable Long SEED = Long.getLong("aika.fuzz.seed");
  private static final @Nullable Integer LONG_SECONDS = Integer.getInteger("aika.fuzz.seconds");

  /** What breaks readers: line ends, signs, invalid and overlong UTF-8, a surrogate, a BOM. */
  private static final List<byte[]> BITS =
      List.of(
          bytes("00"),
          bytes("0a"),
          bytes("0d"),
          bytes("0d0a"),
          bytes("0a0a"),
          bytes("20"),
          bytes("09"),
          bytes("ff"),
          bytes("80"),
          bytes("c080"),
          bytes("c3"),
          bytes("eda080"),
          bytes("efbbbf"),
          bytes("f4908080"),
          bytes("e28094"),
          bytes("2d"),
          bytes("2b"),
          bytes("3d"),
          bytes("3a"),
          bytes("2f"),
          bytes("7e"),
          bytes("22"),
          bytes("5c"),
          bytes("7b"),
          bytes("5b"));

  private static final List<String> NUMBERS =
      List.of(
          "",
          "0",
          "-0",
          "-1",
          "00",
          "1e9",
          "1e999999999",
          "0x10",
          "255",
          "256",
          "65535",
          "65536",
          "2147483647",
          "2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "99999999999999999999999999999999",
          "٣",
          "１");

  private final String what;
  private final List<byte[]> corpus;
  private Class<? extends RuntimeException> refusal = MalformedException.class;
  private int casesMax = CASES_MAX;

  /** Reads bytes; returns them as they are written again, or null where nobody writes them. */
  @FunctionalInterface
  public interface Reader {
    byte @Nullable [] read(byte[] bytes) throws Exception;
  }

  /** Reads a text; returns it as it is written again, or null where nobody writes it. */
  @FunctionalInterface
  public interface TextReader {
    @Nullable String read(String text) throws Exception;
  }

  private Fuzz(String what, List<byte[]> corpus) {
    this.what = what;
    this.corpus = corpus;
  }

  /** Starts from these, which the reader must take. */
  public static Fuzz of(String what, List<byte[]> corpus) {
    return new Fuzz(what, List.copyOf(corpus));
  }

  /** Starts from these, which the reader must take. */
  public static Fuzz of(String what, String... corpus) {
    return of(what, Arrays.stream(corpus).map(text -> text.getBytes(UTF_8)).toList());
  }

  /** The reader says no with this, not with a {@link MalformedException}. */
  public Fuzz refusingWith(Class<? extends RuntimeException> type) {
    refusal = type;
    return this;
  }

  /** For a reader that is too slow for as many cases as others get. */
  public Fuzz cases(int max) {
    casesMax = max;
    return this;
  }

  /** Like {@link #run}, with texts, some of which have no UTF-8. */
  public void runTexts(TextReader reader) {
    run(bytes -> {
      String utf8 = new String(bytes, UTF_8);
      String text =
          utf8.indexOf('\ufffd') < 0
              ? utf8
              : new String(bytes, ISO_8859_1).replace('\u00ed', '\ud800');
      String again = reader.read(text);
      if (again != null && !again.equals(text)) {
        throw new AssertionError("written again as " + again);
      }
      return null;
    });
  }

  /** Reads the corpus and then changed texts, until the cases or the time are used up. */
  public void run(Reader reader) {
    Run run = new Run(reader);
    Thread thread = Thread.ofPlatform().daemon().name("fuzz " + what).start(run);
    try {
      while (thread.isAlive()) {
        long before = run.number;
        thread.join(HANGS_MILLIS);
        if (thread.isAlive() && run.number == before) {
          fail(run.told("does not end within " + HANGS_MILLIS + " ms"));
        }
      }
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
    if (run.failure != null) {
      fail(run.failure, run.cause);
    }
  }

  private final class Run implements Runnable {
    private final Reader reader;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private volatile byte[] input = {};
    private volatile long number;
    private volatile @Nullable String failure;
    private volatile @Nullable Throwable cause;

    Run(Reader reader) {
      this.reader = reader;
    }

    @Override
    public void run() {
      for (byte[] valid : corpus) {
        input = valid;
        if (!reads(valid) && failure == null) {
          failure = told("refuses what is valid");
        }
        if (failure != null) {
          return;
        }
      }
      boolean everNew = LONG_SECONDS != null && SEED == null;
      long first = SEED != null ? SEED : everNew ? System.nanoTime() : 1;
      double seconds = LONG_SECONDS != null ? LONG_SECONDS : SECONDS;
      long end = System.nanoTime() + (long) (seconds * 1e9);
      long cases = LONG_SECONDS != null ? Long.MAX_VALUE : casesMax;
      long taken = 0;
      for (long done = 0; done < cases && (done < CASES_MIN || System.nanoTime() < end); done++) {
        number = first + done;
        input = changed(new SplittableRandom(number));
        taken += reads(input) ? 1 : 0;
        if (failure != null) {
          return;
        }
      }
      System.out.printf(
          "%s: cases %d to %d of changed texts, %d taken%n", what, first, number, taken);
    }

    /** Whether the reader takes it. */
    private boolean reads(byte[] bytes) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      try {
        byte[] again = reader.read(bytes.clone());
        if (again != null && !Arrays.equals(again, bytes)) {
          failure = told("is written again as " + shown(again));
        }
        return true;
      } catch (Throwable thrown) {
        if (!thrown.getClass().equals(refusal)) {
          failure = told("throws " + thrown);
          cause = thrown;
        }
        return false;
      } finally {
        long more = threads.getCurrentThreadAllocatedBytes() - allocated;
        if (more > ALLOCATED_MAX + 1_000L * bytes.length && failure == null) {
          failure = told("takes " + more + " bytes of memory");
        }
      }
    }

    String told(String fault) {
      return "%s: %s%ninput: %s%nrepeat with -Daika.fuzz.seed=%d"
          .formatted(what, fault, shown(input), number);
    }
  }

  private static String shown(byte[] bytes) {
    byte[] start = bytes.length > 4_000 ? Arrays.copyOf(bytes, 4_000) : bytes;
    return bytes.length
        + " bytes, base64 "
        + Base64.getEncoder().encodeToString(start)
        + "\n"
        + new String(start, UTF_8);
  }

  private byte[] changed(SplittableRandom random) {
    byte[] bytes = any(random);
    int changes = 1 + random.nextInt(random.nextInt(CHANGES_MAX) + 1);
    for (int i = 0; i < changes && bytes.length < INPUT_BYTES_MAX; i++) {
      bytes = change(bytes, random);
    }
    return bytes;
  }

  private byte[] any(SplittableRandom random) {
    return corpus.get(random.nextInt(corpus.size())).clone();
  }

  private byte[] change(byte[] bytes, SplittableRandom random) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + 1 + random.nextInt(1 << random.nextInt(1, 7)));
    return switch (random.nextInt(15)) {
      case 0 -> flipped(bytes, random);
      case 1 -> joined(bytes, 0, at, bytes, to, bytes.length); // deletes
      case 2 -> joined(bytes, 0, to, bytes, at, bytes.length); // duplicates
      case 3 -> swapped(bytes, at, to, random);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> inserted(bytes, at, randomBytes(random));
      case 6, 7 -> inserted(bytes, at, BITS.get(random.nextInt(BITS.size())));
      case 8 -> {
        byte[] other = any(random);
        yield joined(bytes, 0, at, other, random.nextInt(other.length + 1), other.length);
      }
      case 9, 10 -> numbered(bytes, random);
      case 11, 12, 13 -> lines(bytes, any(random), random);
      default -> repeated(bytes, at, to, random);
    };
  }

  private static byte[] flipped(byte[] bytes, SplittableRandom random) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] swapped(byte[] bytes, int at, int to, SplittableRandom random) {
    int length = to - at;
    int other = random.nextInt(bytes.length - length + 1);
    for (int i = 0; i < length; i++) {
      byte one = bytes[at + i];
      bytes[at + i] = bytes[other + i];
      bytes[other + i] = one;
    }
    return bytes;
  }

  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[1 + random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A number that stands there becomes another. */
  private static byte[] numbered(byte[] bytes, SplittableRandom random) {
    int from = random.nextInt(bytes.length + 1);
    while (from < bytes.length && !digit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && digit(bytes[to])) {
      to++;
    }
    byte[] number = NUMBERS.get(random.nextInt(NUMBERS.size())).getBytes(UTF_8);
    return joined(joined(bytes, 0, from, number, 0, number.length), bytes, to);
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Deletes, duplicates, swaps or replaces whole lines. */
  private static byte[] lines(byte[] bytes, byte[] other, SplittableRandom random) {
    List<byte[]> lines = split(bytes);
    List<byte[]> others = split(other);
    if (lines.isEmpty() || others.isEmpty()) {
      return other;
    }
    int at = random.nextInt(lines.size());
    int to = random.nextInt(lines.size());
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(to, lines.get(at));
      case 2 -> lines.add(to, lines.remove(at));
      case 3 -> lines.set(at, others.get(random.nextInt(others.size())));
      default -> lines.add(at, others.get(random.nextInt(others.size())));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static List<byte[]> split(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || i == bytes.length - 1) {
        lines.add(Arrays.copyOfRange(bytes, from, i + 1));
        from = i + 1;
      }
    }
    return lines;
  }

  /** The same span very often. */
  private static byte[] repeated(byte[] bytes, int at, int to, SplittableRandom random) {
    byte[] span = Arrays.copyOfRange(bytes, at, to);
    byte[] many = new byte[span.length * (1 << random.nextInt(11))];
    for (int i = 0; i < many.length; i++) {
      many[i] = span[i % span.length];
    }
    return inserted(bytes, at, many);
  }

  private static byte[] inserted(byte[] bytes, int at, byte[] more) {
    return joined(joined(bytes, 0, at, more, 0, more.length), bytes, at);
  }

  private static byte[] joined(byte[] first, byte[] then, int from) {
    return joined(first, 0, first.length, then, from, then.length);
  }

  private static byte[] joined(byte[] one, int from, int to, byte[] other, int start, int end) {
    byte[] all = new byte[to - from + end - start];
    System.arraycopy(one, from, all, 0, to - from);
    System.arraycopy(other, start, all, to - from, end - start);
    return all;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
