package aika.cli.doctor;

import aika.node.config.Chain;
import aika.node.config.PeersFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The commands that let other machines reach the named chains. Whether a firewall does so already
 * only an administrator can see, so nobody looks, and nothing is run.
 */
final class FirewallCheck implements Check {
  static final String UFW = "ufw";
  static final String FIREWALLD = "firewall-cmd";
  static final Set<String> PROGRAMS = Set.of(UFW, FIREWALLD);

  private final List<Chain> chains;
  private final List<PeersFile> peers;
  private final boolean certificates;
  private final Machine machine;

  /**
   * @param peers of the nodes that have several machines
   * @param certificates whether other nodes come to the node ports only
   */
  FirewallCheck(List<Chain> chains, List<PeersFile> peers, boolean certificates, Machine machine) {
    this.chains = chains;
    this.peers = List.copyOf(peers);
    this.certificates = certificates;
    this.machine = machine;
  }

  @Override
  public String name() {
    return "firewall";
  }

  @Override
  public Said title() {
    return new Said("Firewall", "ファイアウォール");
  }

  @Override
  public List<Result> results() {
    SortedMap<Integer, String> ports = new TreeMap<>();
    for (Chain chain : chains) {
      if (!certificates) {
        ports.put(chain.http(), chain.id().value());
      }
      ports.put(chain.nodePort(), chain.id() + " node");
    }
    List<String> commands = commands(ports, between());
    String list = ports.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
    list +=
        between().stream()
            .map(door -> ", %d (from %s only)".formatted(door.port, door.from))
            .collect(Collectors.joining());
    Said how =
        commands.isEmpty()
            ? new Said(
                "Neither ufw nor firewalld was found. If something else guards this machine, let TCP"
                    + " in at "
                    + list
                    + '.',
                "ufw も firewalld も見つかりません。ほかのファイアウォールがあれば、TCP の " + list + " を許可してください。")
            : new Said(
                "To let other machines reach the node, an administrator types:",
                "ほかの機械から届くようにするには、管理者が次を実行します：");
    Said said =
        certificates ? new Said(plain().en() + ' ' + how.en(), plain().ja() + how.ja()) : how;
    return List.of(
        new Result.Skipped(
            new Said(
                "Not looked at, and nothing was changed: that takes an administrator.",
                "管理者でないと調べられないので、調べも変えもしていません。"),
            new Advice(said, commands)));
  }

  /** Where people are served without TLS nobody else has to come. */
  private Said plain() {
    String list =
        chains.stream()
            .map(chain -> String.valueOf(chain.http()))
            .collect(Collectors.joining(", "));
    return new Said(
        "The HTTP port (%s) is reached by the proxy that speaks TLS, and by nobody else."
            .formatted(list),
        "HTTP のポート（%s）に届く必要があるのは TLS のプロキシーだけです。".formatted(list));
  }

  /**
   * What only one other machine needs.
   *
   * @param from its address
   */
  private record Door(int port, String from) {
    private String family() {
      return from.contains(":") ? "ipv6" : "ipv4";
    }
  }

  /** The machines of a node reach each other, and nobody else reaches them there [PEER-4]. */
  private List<Door> between() {
    List<Door> doors = new ArrayList<>();
    for (PeersFile file : peers) {
      PeersFile.Peer self = file.peers().get(file.self());
      new TreeMap<>(file.peers())
          .forEach((name, peer) -> {
            if (self != null && !name.equals(file.self()) && !Hosts.isLoopback(peer.host())) {
              doors.add(new Door(self.port(), Hosts.address(peer.host())));
            }
          });
    }
    return doors;
  }

  private List<String> commands(SortedMap<Integer, String> ports, List<Door> between) {
    List<String> commands = new ArrayList<>();
    switch (machine.kind()) {
      case WINDOWS -> {
        ports.forEach((port, what) ->
            commands.add(
                "New-NetFirewallRule -DisplayName \"Aika %s %d\" -Direction Inbound -LocalPort %d -Protocol TCP -Action Allow"
                    .formatted(what, port, port)));
        between.forEach(door ->
            commands.add(
                "New-NetFirewallRule -DisplayName \"Aika peer %s\" -Direction Inbound -LocalPort %d -RemoteAddress %s -Protocol TCP -Action Allow"
                    .formatted(door.from, door.port, door.from)));
      }
      case LINUX -> {
        if (machine.programs().contains(UFW)) {
          ports.forEach((port, what) ->
              commands.add("sudo ufw allow %d/tcp comment 'Aika %s'".formatted(port, what)));
          between.forEach(door ->
              commands.add(
                  "sudo ufw allow proto tcp from %s to any port %d comment 'Aika peer'"
                      .formatted(door.from, door.port)));
        } else if (machine.programs().contains(FIREWALLD)) {
          ports
              .keySet()
              .forEach(port ->
                  commands.add("sudo firewall-cmd --permanent --add-port=%d/tcp".formatted(port)));
          between.forEach(door ->
              commands.add(
                  "sudo firewall-cmd --permanent --add-rich-rule='rule family=\"%s\" source address=\"%s\" port port=\"%d\" protocol=\"tcp\" accept'"
                      .formatted(door.family(), door.from, door.port)));
          commands.add("sudo firewall-cmd --reload");
        }
      }
      case MAC, OTHER -> {} // which program asks there depends on more than the system
    }
    return commands;
  }
}
