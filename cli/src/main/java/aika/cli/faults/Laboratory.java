package aika.cli.faults;

import aika.client.AikaClient;
import aika.client.Result;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A federation on machines of its own: municipalities on two continents, the continents' main
 * chains, and in each municipality somebody whom the neighbours pay.
 */
final class Laboratory implements AutoCloseable {
  static final int TOWNS_MIN = 2;
  static final int TOWNS_MAX = 5;

  /** Room for a run of hours. */
  private static final Money ISSUED = Money.of("500000.00");

  private static final String ACCOUNT = "resident";
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
  private final List<Machine> towns = new ArrayList<>();
  private final List<Machine> machines = new ArrayList<>();

  /**
   * @param directory new
   * @param towns how many municipalities
   */
  Laboratory(Path directory, int towns) throws IOException {
    data = directory.resolve("aika");
    Path template = Files.writeString(directory.resolve("template.yaml"), template(towns));
    aika("init", data.toString(), "--template", template.toString());
    file = FederationFile.read(data.resolve(FederationFile.NAME));
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    network = new Network(towns + CONTINENTS.size());
    List<String> names = new ArrayList<>(TOWNS.subList(0, towns));
    names.addAll(CONTINENTS);
    for (String name : names) {
      Path output = directory.resolve(name + ".output");
      machines.add(new Machine(name, machines.size(), network, data, output));
    }
    this.towns.addAll(machines.subList(0, towns));
    Files.writeString(data.resolve(NeighboursFile.NAME), neighbours());
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
    file.federation().chains().forEach(chain -> out.append(line(chain)));
    return out.toString();
  }

  private String line(Chain chain) {
    return chain.id() + ": " + gateway(chain) + "\n";
  }

  private URI gateway(Chain chain) {
    String name = chain.id().value();
    String node = name.startsWith("Default") ? "Default" : name;
    return URI.create("http://" + network.address(machine(node).number()) + ':' + chain.http());
  }

  private Machine machine(String node) {
    return machines.stream().filter(one -> one.node().equals(node)).findFirst().orElseThrow();
  }

  /** Runs another {@code aika} to its end. */
  void aika(String... arguments) {
    String _ = Network.run(Machine.java(List.of(arguments)));
  }

  Path data() {
    return data;
  }

  Network network() {
    return network;
  }

  List<Machine> machines() {
    return machines;
  }

  /** The municipalities' machines. */
  List<Machine> towns() {
    return towns;
  }

  /** All of a continent and its municipalities. */
  List<Machine> continent(String continent) {
    return machines.stream().filter(one -> one.node().startsWith(continent)).toList();
  }

  /** Starts every node, and opens an account with money in each municipality. */
  void start() throws InterruptedException {
    machines.forEach(Machine::begin);
    for (Machine machine : machines) {
      machine.awaitReady();
    }
    for (Machine town : towns) {
      open(municipality(town));
    }
  }

  private Municipality municipality(Machine town) {
    return file.federation().municipality(town.node()).orElseThrow();
  }

  private void open(Municipality town) {
    Wallet wallet = wallet(town);
    HeldKey registrar = keys.registrars(town).getFirst();
    List<HeldKey> issuers = keys.issuers(town);
    Order issue = new Order.Issue(header(), wallet.account(), ISSUED);
    try (AikaClient client = AikaClient.at(gateway(town))) {
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
      Municipality own = municipality(towns.get(i));
      Municipality next = municipality(towns.get((i + 1) % towns.size()));
      payers.add(new Payer(gateway(own), wallet(own), wallet(next).account()));
    }
    return payers;
  }

  /** Audits what every node publishes itself. */
  void audit() {
    List<String> arguments =
        new ArrayList<>(List.of("audit", "--federation", file.path().toString()));
    file.federation().chains().forEach(chain -> arguments.add(gateway(chain).toString()));
    aika(arguments.toArray(String[]::new));
  }

  @Override
  public void close() {
    try {
      machines.forEach(Machine::close);
    } finally {
      network.close();
    }
  }
}
