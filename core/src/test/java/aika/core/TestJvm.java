package aika.core;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Tells JVMs that test on one machine at the same time apart, so that each looks for ports in a
 * range of its own. Surefire's number of a fork would not do: of two forks of a module, after a
 * module with four, one may be the first and the other the third.
 */
public final class TestJvm {
  /** Of the listener that a JVM keeps for as long as it lives; below all ports that tests use. */
  private static final int FIRST_PORT = 9_900;

  private static @Nullable ServerSocket listener;

  private TestJvm() {}

  /**
   * This JVM's own number, from 0, which no other one has meanwhile.
   *
   * @throws IllegalStateException when there are {@code most} others
   */
  public static synchronized int number(int most) {
    ServerSocket own = listener;
    for (int free = 0; own == null && free < most; free++) {
      own = listen(FIRST_PORT + free);
    }
    listener = own;
    int number = own == null ? most : own.getLocalPort() - FIRST_PORT;
    if (number >= most) {
      throw new IllegalStateException("more than " + most + " JVMs test at the same time");
    }
    return number;
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
