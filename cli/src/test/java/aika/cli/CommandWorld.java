package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.Account;
import aika.client.AikaClient;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.order.Answer;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** A real node of the demo's federation, accounts with keys of their own, and a terminal. */
record CommandWorld(Path directory, Path data, KeyFiles files, Node node, Residents residents)
    implements AutoCloseable {

  static CommandWorld start(Path directory) throws InterruptedException {
    return start(directory, federation -> federation);
  }

  /**
   * @param change of the demo's federation, before its file is written
   */
  static CommandWorld start(Path directory, UnaryOperator<Federation> change)
      throws InterruptedException {
    Path data = directory.resolve("data");
    KeyFiles files = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationTemplate template = FederationTemplate.demo();
    PlannedKeys.make(template, files);
    FederationFile file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), change.apply(template.federation(files)));
    NodeSettings settings =
        new NodeSettings(data, "127.0.0.1", FreeOffset.find(), StoreSettings.standard());
    Node node = new Node(settings, file, files);
    Residents residents = new Residents(node, files);
    residents.ensure();
    return new CommandWorld(directory, data, files, node, residents);
  }

  @Override
  public void close() {
    node.close();
  }

  /** What a command printed, and how it ended. */
  record Ran(int code, String out, String err) {
    Ran expect(int expected) {
      assertEquals(expected, code, this::toString);
      return this;
    }

    Ran says(String... parts) {
      for (String part : parts) {
        assertTrue((out + err).contains(part), () -> part + " is not in " + this);
      }
      return this;
    }
  }

  static Ran aika(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  /** Signed with the account's key. */
  Ran signed(AccountId who, String command, String... more) {
    return aika(arguments(who, keyOf(who), gateway(who.chain()), command, more));
  }

  String[] arguments(AccountId who, Path key, String gateway, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--gateway", gateway, "--federation", node.federation().id()));
    arguments.addAll(List.of("--as", who.toString(), "--key", key.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  Path keyOf(AccountId who) {
    return directory.resolve(who.local() + ".key");
  }

  static byte[] seed(int fill) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    Arrays.fill(seed, (byte) fill);
    return seed;
  }

  void open(AccountId account, int fill) throws IOException {
    Files.writeString(keyOf(account), Base64.getEncoder().encodeToString(seed(fill)) + "\n");
    HeldKey registrar = files.registrars(municipality(account.chain())).getFirst();
    SignedNote opening =
        Wallet.of(node.federation().id(), account, seed(fill))
            .opening()
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    executed(SignedOrder.of(opening));
  }

  void issue(AccountId to, String amount) {
    List<HeldKey> issuers = files.issuers(municipality(to.chain()));
    Order order = new Order.Issue(residents.header("issue to " + to), to, Money.of(amount));
    SignedNote note =
        SignedNote.sign(
                order.text(), issuers.get(0).key().name(), Ed25519.TYPE, issuers.get(0).signer())
            .signedBy(issuers.get(1).key().name(), Ed25519.TYPE, issuers.get(1).signer());
    executed(SignedOrder.of(note));
  }

  private void executed(SignedOrder order) {
    assertTrue(node.shard().submit(order, null) instanceof Answer.Accepted);
  }

  private Municipality municipality(ChainId id) {
    return node.federation().municipality(id.value()).orElseThrow();
  }

  /** Komatsu's. */
  String gateway() {
    return gateway(Residents.KOMATSU);
  }

  String gateway(ChainId chain) {
    return "http://localhost:" + municipality(chain).http();
  }

  Account account(AccountId id) {
    try (AikaClient client = AikaClient.at(URI.create(gateway(id.chain())))) {
      return client.account(id);
    }
  }
}
