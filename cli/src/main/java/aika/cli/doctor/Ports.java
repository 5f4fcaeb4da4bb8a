package aika.cli.doctor;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** Whether a program could listen at a port. */
interface Ports {
  enum State {
    FREE,
    TAKEN,
    /** The system does not let this user have it. */
    FORBIDDEN,
    /** The address is not one of this machine. */
    NO_ADDRESS
  }

  State look(String host, int port);

  /** Listens for a moment to find out. */
  static State real(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return State.NO_ADDRESS;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // connections that just ended do not matter
      probe.bind(address);
      return State.FREE;
    } catch (BindException refused) {
      String why = String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
      return why.contains("permission")
          ? State.FORBIDDEN
          : why.contains("cannot assign") ? State.NO_ADDRESS : State.TAKEN;
    } catch (IOException refused) {
      return State.TAKEN;
    }
  }
}
