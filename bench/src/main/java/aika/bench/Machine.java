package aika.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a measurement ran on; numbers of two machines do not compare, ratios do.
 *
 * @param loadAverage of the last minute when the measurement began, which tells whether others used
 *     the machine; negative where unknown
 * @param ed25519 the provider that checks the orders' signatures
 */
public record Machine(
    int cores,
    String cpu,
    long memoryBytes,
    long heapBytesMax,
    double loadAverage,
    String os,
    String jdk,
    String ed25519) {

  static Machine here() {
    OperatingSystemMXBean os = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        os.getAvailableProcessors(),
        cpuModel(),
        os.getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        os.getSystemLoadAverage(),
        System.getProperty("os.name") + ' ' + System.getProperty("os.version"),
        System.getProperty("java.vm.vendor") + ' ' + Runtime.version(),
        provider());
  }

  private static String cpuModel() {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try (Stream<String> lines = Files.lines(info)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
      } catch (IOException unreadable) {
        return System.getProperty("os.arch");
      }
    }
    return System.getProperty("os.arch");
  }

  private static String provider() {
    try {
      return Signature.getInstance("Ed25519").getProvider().toString();
    } catch (NoSuchAlgorithmException none) {
      throw new IllegalStateException("this JDK has no Ed25519", none);
    }
  }

  /** For people, without the JDK. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%d cores, %s, %.0f GiB, heap %.1f GiB, %s",
        cores,
        cpu,
        gib(memoryBytes),
        gib(heapBytesMax),
        os);
  }

  private static double gib(long bytes) {
    return bytes / (double) (1L << 30);
  }

  void write(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("machine");
    out.writeNumberField("cores", cores);
    out.writeStringField("cpu", cpu);
    out.writeNumberField("memoryBytes", memoryBytes);
    out.writeNumberField("heapBytesMax", heapBytesMax);
    out.writeNumberField("loadAverage", loadAverage);
    out.writeStringField("os", os);
    out.writeStringField("jdk", jdk);
    out.writeStringField("ed25519", ed25519);
    out.writeEndObject();
  }
}
