package aika.cli.doctor;

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
}
