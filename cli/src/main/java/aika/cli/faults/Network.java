package aika.cli.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces of Linux on a bridge of their own, one for each machine of the laboratory, all
 * made and removed by this. Nothing of it reaches another network. Needs root and iproute2.
 */
final class Network implements AutoCloseable {
  private static final String BRIDGE = "aika-lab";
  private static final String PREFIX = "aika-lab-";
  private static final String SUBNET = "10.213.77.";
  private static final int FIRST = 10;

  /** Taken while the laboratory is open; the system gives it back however its process ends. */
  private static final int SIGN_PORT = 1;

  /** More than any laboratory has. */
  private static final int MACHINES_MAX = 64;

  /** On the way of a {@linkplain #detour detour}, each way. */
  private static final int DELAY_MILLIS = 100;

  private static final int LOST_PERCENT = 5;

  /** A link-layer address that nobody has: what is sent there is lost without a word. */
  private static final String NOBODY = "02:00:00:00:00:ff";

  private final int machines;
  private @Nullable ServerSocket held;

  /**
   * @throws LabException when another laboratory is open, or the kernel refuses
   */
  Network(int machines) {
    this.machines = machines;
    removeLeftovers();
    try {
      ip("link", "add", BRIDGE, "type", "bridge");
      ip("addr", "add", SUBNET + "1/24", "dev", BRIDGE);
      ip("link", "set", BRIDGE, "up");
      held = sign();
      for (int i = 0; i < machines; i++) {
        add(i);
      }
    } catch (LabException refused) {
      close();
      throw refused;
    }
  }

  /** Why there can be no such network here; empty when there can. */
  static Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("network namespaces are of Linux");
    }
    try {
      ip("netns", "add", PREFIX + "try");
      ip("netns", "del", PREFIX + "try");
      return Optional.empty();
    } catch (LabException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /** The bridge's end of a machine's link. */
  private static String outer(int machine) {
    return "aika-v" + machine;
  }

  /** Where a detour to a machine begins. */
  private static String near(int machine) {
    return "aika-p" + machine;
  }

  private void add(int machine) {
    String outer = outer(machine);
    ip("netns", "add", name(machine));
    ip("link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", name(machine));
    ip("link", "set", outer, "master", BRIDGE, "up");
    ip("-n", name(machine), "addr", "add", address(machine) + "/24", "dev", "eth0");
    ip("-n", name(machine), "link", "set", "eth0", "up");
    ip("-n", name(machine), "link", "set", "lo", "up");
  }

  private static String name(int machine) {
    return PREFIX + machine;
  }

  String address(int machine) {
    return SUBNET + (FIRST + machine);
  }

  /** The command that runs this one on a machine. */
  List<String> on(int machine, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name(machine)));
    whole.addAll(command);
    return whole;
  }

  /** From now on these two machines hear nothing of each other. */
  void cut(int one, int other) {
    neighbour(one, other, "replace", "lladdr", NOBODY, "nud", "permanent");
    neighbour(other, one, "replace", "lladdr", NOBODY, "nud", "permanent");
  }

  void join(int one, int other) {
    neighbour(one, other, "del");
    neighbour(other, one, "del");
  }

  /** A longer way to one machine, until it is closed. */
  static final class Detour implements AutoCloseable {
    private final int machine;
    private final Process carrier;

    private Detour(int machine, Process carrier) {
      this.machine = machine;
      this.carrier = carrier;
    }

    @Override
    public void close() {
      carrier.destroyForcibly();
      ip("link", "del", near(machine));
      ip("link", "set", outer(machine), "master", BRIDGE);
    }
  }

  /**
   * From now on what this machine says and hears is {@value #DELAY_MILLIS} ms on its way, and
   * {@value #LOST_PERCENT} of a hundred packets are lost.
   *
   * @param compiled where the program may be made that carries it
   */
  Detour detour(int machine, Path compiled) {
    String near = near(machine);
    String far = "aika-q" + machine;
    List<String> command =
        List.of(
            Compiled.SLOW_LINK.in(compiled).toString(),
            outer(machine),
            near,
            Integer.toString(DELAY_MILLIS),
            Integer.toString(LOST_PERCENT));
    ip("link", "add", near, "type", "veth", "peer", "name", far);
    try {
      ip("link", "set", far, "master", BRIDGE, "up");
      ip("link", "set", near, "up");
      ip("link", "set", outer(machine), "nomaster");
      return new Detour(machine, carrier(command));
    } catch (LabException failed) {
      ip("link", "set", outer(machine), "master", BRIDGE);
      ip("link", "del", near);
      throw failed;
    }
  }

  /** Once it carries. */
  private static Process carrier(List<String> command) {
    try {
      Process carrier = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader said = carrier.inputReader(StandardCharsets.UTF_8);
      String first = said.readLine();
      if (!"ready".equals(first)) {
        throw new LabException("a link cannot be made slow: " + first);
      }
      return carrier;
    } catch (IOException failed) {
      throw new LabException("a link cannot be made slow: " + failed.getMessage(), failed);
    }
  }

  private void neighbour(int at, int of, String what, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("-n", name(at), "neigh", what, address(of), "dev", "eth0"));
    arguments.addAll(List.of(more));
    ip(arguments.toArray(String[]::new));
  }

  /**
   * A port of the bridge's own address, which nobody but the laboratory of that bridge listens at.
   */
  private static ServerSocket sign() {
    try {
      return new ServerSocket(SIGN_PORT, 1, InetAddress.getByName(SUBNET + "1"));
    } catch (IOException taken) {
      throw new LabException("another laboratory is open: " + taken.getMessage(), taken);
    }
  }

  private static void checkClosed() {
    if (isThere(BRIDGE)) {
      try (ServerSocket _ = sign()) {
        // nobody's any more
      } catch (IOException failed) {
        throw new LabException("the laboratory's address: " + failed.getMessage(), failed);
      }
    }
  }

  /** What a laboratory left that was killed: the nodes of it still run. */
  private static void removeLeftovers() {
    checkClosed();
    // first, since a namespace takes its end of a link away some time after it is gone itself
    for (int machine = 0; machine < MACHINES_MAX; machine++) {
      for (String link : List.of(near(machine), outer(machine))) {
        if (isThere(link)) {
          ip("link", "del", link);
        }
      }
    }
    for (String line : ip("netns", "list").lines().toList()) {
      String name = line.split(" ", 2)[0];
      if (name.startsWith(PREFIX)) {
        for (String process : ip("netns", "pids", name).lines().toList()) {
          ProcessHandle.of(Long.parseLong(process.strip())).ifPresent(Network::end);
        }
        ip("netns", "del", name);
      }
    }
    if (isThere(BRIDGE)) {
      ip("link", "del", BRIDGE);
    }
  }

  private static boolean isThere(String link) {
    return Files.exists(Path.of("/sys/class/net", link));
  }

  private static void end(ProcessHandle left) {
    if (left.destroyForcibly()) {
      ProcessHandle _ = left.onExit().join();
    }
  }

  private static String ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /**
   * Runs a short command of the system, also to undo what was begun when the thread is interrupted.
   *
   * @return what it printed
   * @throws LabException when it cannot be started or fails, with what it printed
   */
  static String run(List<String> command) {
    String shown = shown(command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.onExit().join().exitValue() != 0) {
        throw new LabException(shown + ": " + said);
      }
      return said;
    } catch (IOException failed) {
      throw new LabException(shown + ": " + failed.getMessage(), failed);
    }
  }

  /** As somebody would type it. */
  private static String shown(List<String> command) {
    int main = command.indexOf(Machine.MAIN);
    String typed = String.join(" ", command.subList(main + 1, command.size()));
    return main < 0 ? typed : "aika " + typed;
  }

  @Override
  public void close() {
    List<LabException> failures = new ArrayList<>();
    for (int i = 0; i < machines; i++) {
      if (isThere(outer(i))) {
        tried(failures, "link", "del", outer(i));
      }
      if (Files.exists(Path.of("/run/netns", name(i)))) {
        tried(failures, "netns", "del", name(i));
      }
    }
    ServerSocket sign = held;
    if (sign != null) {
      try {
        sign.close();
      } catch (IOException failed) {
        failures.add(new LabException("the laboratory's address: " + failed.getMessage(), failed));
      }
    }
    if (isThere(BRIDGE)) {
      tried(failures, "link", "del", BRIDGE);
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private static void tried(List<LabException> failures, String... arguments) {
    try {
      ip(arguments);
    } catch (LabException failed) {
      failures.add(failed);
    }
  }
}
