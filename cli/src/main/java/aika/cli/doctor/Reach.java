package aika.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether somebody listens somewhere. */
interface Reach {
  /** Longer than a connection across the world takes. */
  int CONNECT_MILLIS_MAX = 2_000;

  boolean listens(String host, int port);

  /** Connects, and says nothing. */
  static boolean real(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS_MAX);
      return true;
    } catch (IOException | IllegalArgumentException nobody) {
      return false;
    }
  }
}
