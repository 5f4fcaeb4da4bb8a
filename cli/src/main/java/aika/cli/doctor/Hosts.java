package aika.cli.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names of machines. */
final class Hosts {
  private Hosts() {}

  /** Whether this names the machine itself; by its text, nobody is asked. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** Its address, which firewalls want; the name when nobody knows it. */
  static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException unknown) {
      return host;
    }
  }

  /** Whether both name the same machine, as far as names can tell. */
  static boolean areSame(String one, String other) {
    return address(one).equals(address(other));
  }
}
