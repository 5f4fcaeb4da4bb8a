package aika.core;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tells JVMs that test on one machine at the same time apart, so that each looks for ports in a
 * range of its own. Surefire's number of a fork would not do: of two forks of a module, after a
 * module with four, one may be the first and the other the third.
 */
public final class TestJvm {
  /** Of the listener that a JVM keeps for as long as it lives; below all ports that tests use. */
  private static final int FIRST_PORT = 3_900;

  private static @Nullable ServerSocket listener;

  private TestJvm() {}

  /**
   * This JVM's own number, less than {@code most}, which no other one has meanwhile; any when there
   * are as many others, as of another checkout: then its ranges are shared.
   */
  public static synchronized int number(int most) {
    ServerSocket own = listener;
    for (int free = 0; own == null && free < most; free++) {
      own = listen(FIRST_PORT + free);
    }
    listener = own;
    return own == null
        ? ThreadLocalRandom.current().nextInt(most)
        : (own.getLocalPort() - FIRST_PORT) % most;
  }

  private static @Nullable ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (BindException taken) {
      return null;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
