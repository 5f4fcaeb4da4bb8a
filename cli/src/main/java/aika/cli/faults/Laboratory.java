package aika.cli.faults;

import aika.client.AikaClient;
import aika.client.Result;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.config.Chain;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.config.NeighboursFile;
import aika.node.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A federation on machines of its own: municipalities on two continents, the continents' main
 * chains, and in each municipality somebody whom the neighbours pay.
 */
final class Laboratory implements AutoCloseable {
  /** Room for a run of hours. */
  private static final Money ISSUED = Money.of("500000.00");

  private static final String ACCOUNT = "resident";
  private static final int CLOCK_SECONDS_OFF_MAX = 60;
  private static final List<String> TOWNS =
      List.of("Asia-Komatsu", "Asia-Kanazawa", "Europe-Paris", "Asia-Hakusan", "Europe-Lyon");
  private static final List<String> CONTINENTS = List.of("Asia", "Europe", "Default");

  private static final String HEAD =
      """
      federation: laboratory.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024 }
        Europe: { name: { ja: ヨーロッパ, en: Europe }, http: 1025 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, default: true }
      municipalities:
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2009, node: 20009 }
      """;

  private final Path data;
  private final Network network;
  private final FederationFile file;
  private final KeyFiles keys;
  private final Path compiled;
  private final List<Municipality> towns;
  private final List<Machine> machines = new ArrayList<>();
  private final Metrics metrics = new Metrics();
  private final Optional<Peers> peers;

  /**
   * @param directory new
   */
  Laboratory(Path directory, Size size) throws IOException {
    data = directory.resolve("aika");
    compiled = directory;
    Path template = Files.writeString(directory.resolve("template.yaml"), template(size.towns()));
    aika("init", data.toString(), "--template", template.toString());
    file = FederationFile.read(data.resolve(FederationFile.NAME));
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    List<String> names = TOWNS.subList(0, size.towns());
    towns = names.stream().map(this::municipality).toList();
    network = new Network(size.machines() + CONTINENTS.size());
    try {
      Municipality first = towns.getFirst();
      peers = size.peers() == 1 ? Optional.empty() : Optional.of(peers(directory, first, size));
      List<String> alone =
          new ArrayList<>(peers.isEmpty() ? names : names.subList(1, towns.size()));
      alone.addAll(CONTINENTS);
      alone.forEach(node -> add(node, node, directory, data));
      Files.writeString(data.resolve(NeighboursFile.NAME), neighbours());
      if (peers.isPresent()) {
        secure(alone);
        peers.get().equip(neighbours());
      }
    } catch (IOException | RuntimeException failed) {
      network.close();
      throw failed;
    }
  }

  private Municipality municipality(String name) {
    return file.federation().municipality(name).orElseThrow();
  }

  private Machine add(String name, String node, Path directory, Path own) {
    Machine machine = new Machine(name, node, machines.size(), network, own, directory);
    machines.add(machine);
    return machine;
  }

  private Peers peers(Path directory, Municipality town, Size size) {
    String node = town.id().value();
    List<Machine> several = new ArrayList<>();
    for (int peer = 1; peer <= size.peers(); peer++) {
      String name = node + '-' + peer;
      several.add(add(name, node, directory, directory.resolve(name)));
    }
    return new Peers(town, several, metrics);
  }

  /** Peers on machines of their own need certificates, and then their neighbours do too. */
  private void secure(List<String> alone) {
    List<String> renew = new ArrayList<>(List.of("certificate", "renew"));
    renew.addAll(alone);
    renew.addAll(List.of("--data", data.toString(), "--to"));
    renew.add(data.resolve(TlsFiles.DIRECTORY).toString());
    aika(renew.toArray(String[]::new));
    Machine first = peers.orElseThrow().machines().getFirst();
    aika(
        "federation",
        "kit",
        first.node(),
        "--data",
        data.toString(),
        "--to",
        first.data().toString());
  }

  private static String template(int towns) {
    StringBuilder out = new StringBuilder(HEAD);
    for (int i = 0; i < towns; i++) {
      String name = TOWNS.get(i);
      out.append(
          "  %s: { name: { ja: %s, en: %2$s }, http: %d, node: %d }%n"
              .formatted(name, name.substring(name.indexOf('-') + 1), 2000 + i, 20000 + i));
    }
    return out.toString();
  }

  private String neighbours() {
    StringBuilder out = new StringBuilder();
    file.federation()
        .chains()
        .filter(chain -> !isOfPeers(chain.id()))
        .forEach(chain -> out.append(line(chain)));
    return out.toString();
  }

  /** Whether several machines order this chain; which of them leads is told by gossip. */
  boolean isOfPeers(ChainId chain) {
    return peers.filter(several -> several.town().id().equals(chain)).isPresent();
  }

  private String line(Chain chain) {
    String address = machinesOf(chain).getFirst().address();
    String place =
        peers.isEmpty()
            ? "http://" + address + ':' + chain.http()
            : "https://" + address + ':' + chain.nodePort();
    return chain.id() + ": " + place + "\n";
  }

  /** Where people reach a chain, on each machine of its node. */
  private List<URI> gateways(Chain chain) {
    return machinesOf(chain).stream()
        .map(machine -> URI.create("http://" + machine.address() + ':' + chain.http()))
        .toList();
  }

  private List<Machine> machinesOf(Chain chain) {
    String name = chain.id().value();
    String node = name.startsWith("Default") ? "Default" : name;
    return machines.stream().filter(one -> one.node().equals(node)).toList();
  }

  /** Runs another {@code aika} to its end. */
  void aika(String... arguments) {
    String _ = Network.run(Machine.java(List.of(arguments)));
  }

  Path data() {
    return data;
  }

  /** Where small programs may be made. */
  Path compiled() {
    return compiled;
  }

  Network network() {
    return network;
  }

  List<Machine> machines() {
    return machines;
  }

  /** The municipalities' machines. */
  List<Machine> towns() {
    return towns.stream().flatMap(town -> machinesOf(town).stream()).toList();
  }

  /** Those of municipalities that have one only. */
  List<Machine> alone() {
    return towns.stream()
        .filter(town -> !isOfPeers(town.id()))
        .flatMap(town -> machinesOf(town).stream())
        .toList();
  }

  /** The machines that are one node together, if there are such. */
  Optional<Peers> peers() {
    return peers;
  }

  /** All of a continent and its municipalities. */
  List<Machine> continent(String continent) {
    return machines.stream().filter(one -> one.node().startsWith(continent)).toList();
  }

  /** Starts every node, and opens an account with money in each municipality. */
  void start() throws InterruptedException, IOException {
    machines.forEach(Machine::begin);
    for (Machine machine : machines) {
      machine.awaitReady();
    }
    if (peers.isPresent()) {
      peers.get().awaitBegun();
    }
    towns.forEach(this::open);
  }

  private void open(Municipality town) {
    Wallet wallet = wallet(town);
    HeldKey registrar = keys.registrars(town).getFirst();
    List<HeldKey> issuers = keys.issuers(town);
    Order issue = new Order.Issue(header(), wallet.account(), ISSUED);
    try (AikaClient client = AikaClient.at(gateways(town))) {
      accepted(client, SignedOrder.of(signed(wallet.opening(), registrar)));
      HeldKey first = issuers.getFirst();
      SignedNote note =
          SignedNote.sign(issue.text(), first.key().name(), Ed25519.TYPE, first.signer());
      accepted(client, SignedOrder.of(signed(note, issuers.get(1))));
      accepted(client, wallet.autoReceive(ISSUED));
    }
  }

  private static SignedNote signed(SignedNote note, HeldKey by) {
    return note.signedBy(by.key().name(), Ed25519.TYPE, by.signer());
  }

  private Order.Header header() {
    long notAfter = System.currentTimeMillis() + Wallet.DELIVERY.toMillis();
    OrderId id = new OrderId(UUID.randomUUID());
    return new Order.Header(file.federation().id(), id, notAfter / 1_000 * 1_000);
  }

  private static void accepted(AikaClient client, SignedOrder order) {
    if (!(client.submit(order) instanceof Result.Accepted)) {
      throw new LabException(order.order().kind() + " was not accepted");
    }
  }

  private Wallet wallet(Municipality town) {
    byte[] seed = new byte[32];
    seed[0] = (byte) town.http();
    return Wallet.of(file.federation().id(), new AccountId(town.id(), ACCOUNT), seed);
  }

  /** In each municipality somebody who pays somebody in the next one. */
  List<Payer> payers() {
    List<Payer> payers = new ArrayList<>();
    for (int i = 0; i < towns.size(); i++) {
      Municipality own = towns.get(i);
      Municipality next = towns.get((i + 1) % towns.size());
      payers.add(new Payer(gateways(own), wallet(own), wallet(next).account()));
    }
    return payers;
  }

  /** Audits what every node publishes itself. */
  void audit() throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("audit", "--federation", file.path().toString()));
    for (Chain chain : file.federation().chains().toList()) {
      URI source =
          isOfPeers(chain.id()) ? peers.orElseThrow().gateway() : gateways(chain).getFirst();
      arguments.add(source.toString());
    }
    aika(arguments.toArray(String[]::new));
  }

  /**
   * Checks that a machine knows how far its clock is from the others', so long that a process which
   * was given another clock has it.
   *
   * @throws LabException when it tells something else
   */
  void checkClock(Machine machine, long seconds) throws InterruptedException {
    Chain chain = file.federation().chain(ChainId.of(machine.node())).orElseThrow();
    URI gateway = URI.create("http://" + machine.address() + ':' + chain.http());
    double[] told = Metrics.figures(metrics.of(gateway), "aika_clock_apart_seconds").toArray();
    if (told.length != 1 || Math.abs(told[0] - seconds) > CLOCK_SECONDS_OFF_MAX) {
      throw new LabException(
          "the clock of %s was set %d s ahead, and it tells %s"
              .formatted(machine.name(), seconds, Arrays.toString(told)));
    }
  }

  @Override
  public void close() {
    try {
      machines.forEach(Machine::close);
      metrics.close();
    } finally {
      network.close();
    }
  }
}
