package aika.cli.faults;

import aika.node.config.DurableFile;
import aika.node.config.Municipality;
import aika.node.config.NeighboursFile;
import aika.node.config.PeersFile;
import aika.node.wallet.WalletLock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Machines that are one municipality's node together (docs/spec/peers.md): what each of them needs,
 * and which one leads.
 */
final class Peers {
  private static final int PORT = 4001;
  private static final int WALLET_KEY_BYTES = 32;
  private static final Duration LEADER_MAX = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 20;

  /** Entries; a chain that nobody uses still seals its blocks. */
  private static final int BEHIND_MAX = 20;

  /** Below it the runbook goes on with the next machine. */
  private static final int CLOSE_MAX = 100;

  /** A row of {@code aika peers list} about a machine that is heard. */
  private static final Pattern BEHIND =
      Pattern.compile("^(\\S+).* (\\d{1,18}) behind", Pattern.MULTILINE);

  private final Municipality town;
  private final List<Machine> machines;
  private final Metrics metrics;
  private final Map<Machine, Integer> ids = new HashMap<>();
  private int lastId;

  /**
   * @param machines the first is peer 1
   */
  Peers(Municipality town, List<Machine> machines, Metrics metrics) {
    this.town = town;
    this.metrics = metrics;
    this.machines = List.copyOf(machines);
    machines.forEach(machine -> ids.put(machine, ++lastId));
  }

  Municipality town() {
    return town;
  }

  List<Machine> machines() {
    return machines;
  }

  // ------------------------------------------------------------------------- what they need

  /**
   * Gives every machine what a peer of a new node has: the kit that lies on the first one, where
   * the neighbours are, the wallet's key and {@code peers.yaml}.
   */
  void equip(String neighbours) throws IOException {
    byte[] walletKey = walletKey();
    Path kit = machines.getFirst().data();
    for (Machine machine : machines) {
      if (!machine.data().equals(kit)) {
        DurableFile.copyTree(kit, machine.data());
      }
      Files.writeString(machine.data().resolve(NeighboursFile.NAME), neighbours);
      DurableFile.writePrivate(machine.own().resolve(WalletLock.KEY_FILE), walletKey);
    }
    tellPeers(true);
  }

  /** A key file as {@code docs/spec/counter-wallet.md}, CW-2 has it. */
  private static byte[] walletKey() {
    byte[] key = new byte[WALLET_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    String text = "aika/wallet-key/v1 " + Base64.getEncoder().encodeToString(key) + '\n';
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void tellPeers(boolean isNew) throws IOException {
    for (Machine self : machines) {
      StringBuilder text = new StringBuilder(isNew ? "new: true\n" : "");
      text.append("this: ").append(id(self)).append("\npeers:\n");
      for (Machine peer : machines) {
        text.append(
            "  %s: { address: \"%s:%d\", gateways: { %s: \"%s\" } }%n"
                .formatted(id(peer), peer.address(), PORT, town.id(), gateway(peer)));
      }
      Files.writeString(self.own().resolve(PeersFile.NAME), text);
    }
  }

  private String id(Machine machine) {
    return String.valueOf(ids.get(machine));
  }

  private URI gateway(Machine machine) {
    return URI.create("http://" + machine.address() + ':' + town.http());
  }

  /** Waits until the new node has begun on all of them. */
  void awaitBegun() throws InterruptedException, IOException {
    awaitOne();
    tellPeers(false);
  }

  /**
   * Waits until they {@linkplain #areOne are one}.
   *
   * @throws LabException when they do not come to it
   */
  void awaitOne() throws InterruptedException {
    long deadline = System.nanoTime() + LEADER_MAX.toNanos();
    while (!areOne()) {
      if (System.nanoTime() > deadline) {
        throw new LabException(town.id() + " is not one on its machines: " + said());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Waits until this one follows again, as operators wait between two machines of an upgrade: until
   * {@code aika peers list} on it says so.
   *
   * @throws LabException when it does not come to it
   */
  void awaitFollows(Machine started) throws InterruptedException {
    long deadline = System.nanoTime() + LEADER_MAX.toNanos();
    String shown = list(started);
    while (!isClose(shown, id(started))) {
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "%s does not follow for %d s: %s"
                .formatted(started.name(), LEADER_MAX.toSeconds(), shown));
      }
      Thread.sleep(POLL_MILLIS);
      shown = list(started);
    }
  }

  /** What it refuses is shown too: while it begins to lead it does not answer operators. */
  private static String list(Machine machine) {
    try {
      return machine.aika("peers", "list", "--data", machine.own().toString());
    } catch (LabException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  /**
   * Whether a list shows this one as close enough to the one that leads.
   *
   * @param shown as in {@code 2 * 10.0.0.2:4001 stands by 1 behind / …}
   */
  private static boolean isClose(String shown, String id) {
    return BEHIND
        .matcher(shown)
        .results()
        .anyMatch(row -> row.group(1).equals(id) && Long.parseLong(row.group(2)) < CLOSE_MAX);
  }

  /** Puts an empty machine in the place of this one, under a new name, as operators do it. */
  void replace(Machine lost) throws InterruptedException, IOException {
    Machine leader = awaitLeader(without(lost));
    String data = leader.own().toString();
    leader.aika("peers", "remove", id(lost), "--data", data);
    DurableFile.deleteTree(lost.own());
    leader.aika("peers", "copy", "--data", data, "--to", lost.own().toString());
    Path key = lost.own().resolve(WalletLock.KEY_FILE);
    DurableFile.writePrivate(key, Files.readAllBytes(leader.own().resolve(WalletLock.KEY_FILE)));
    ids.put(lost, ++lastId);
    tellPeers(false);
    lost.start();
    leader.aika("peers", "add", id(lost), "--data", data);
  }

  // ----------------------------------------------------------------------------- who leads

  /** The gateway of the machine that leads. */
  URI gateway() throws InterruptedException {
    return gateway(awaitLeader(machines));
  }

  /**
   * Waits until one of these answers people.
   *
   * @throws LabException when none does
   */
  Machine awaitLeader(List<Machine> some) throws InterruptedException {
    long deadline = System.nanoTime() + LEADER_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      for (Machine machine : some) {
        if (leads(metrics.of(gateway(machine)))) {
          return machine;
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new LabException(
        "nobody leads in %s for %d s: %s".formatted(town.id(), LEADER_MAX.toSeconds(), said()));
  }

  private String said() {
    return String.join("; ", machines.stream().map(Machine::said).toList());
  }

  /** All but this one. */
  List<Machine> without(Machine one) {
    return machines.stream().filter(machine -> machine != one).toList();
  }

  /** Whether exactly one leads, and hears from all others that they have what it has. */
  boolean areOne() throws InterruptedException {
    List<String> leaders = new ArrayList<>();
    for (Machine machine : machines) {
      String told = metrics.of(gateway(machine));
      if (leads(told)) {
        leaders.add(told);
      }
    }
    return leaders.size() == 1
        && Metrics.figures(leaders.getFirst(), "aika_peer_behind{")
                .filter(behind -> behind <= BEHIND_MAX)
                .count()
            == machines.size();
  }

  private static boolean leads(String metrics) {
    return Metrics.figures(metrics, "aika_peer_leads ").anyMatch(leads -> leads == 1);
  }
}
