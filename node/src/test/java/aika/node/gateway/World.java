package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.TestJvm;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.register.PersonName;
import aika.node.register.Register;
import aika.node.sink.SinkMaker;
import aika.node.sink.Stores;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A real node with the demo's federation on free ports, A with 1,000.00 in Komatsu, B and C. */
final class World implements AutoCloseable {
  /** As many as the module has at the same time. */
  private static final int FORKS = 4;

  static final String KOMATSU = "Asia-Komatsu";
  static final String KANAZAWA = "Asia-Kanazawa";
  static final String ASIA = "Asia";
  static final String EUROPE = "Europe";
  static final String DEFAULT = "Default";

  final Node node;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final KeyFiles keys;

  World(Path data) {
    this(data, new Stores(System::currentTimeMillis));
  }

  World(Path data, SinkMaker maker) {
    this(data, maker, federation -> federation);
  }

  /**
   * @param changed makes the demo's federation another one
   */
  World(Path data, SinkMaker maker, UnaryOperator<Federation> changed) {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile file =
        FederationFile.write(
            data.resolve(FederationFile.NAME),
            changed.apply(FederationTemplate.demo().federation(keys)));
    int offset = freeOffset(file.federation());
    NodeSettings settings = new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard());
    node = new Node(settings, file, keys, maker);
  }

  /** One node of several. */
  World(NodeSettings settings, FederationFile file, KeyFiles keys) {
    this.keys = keys;
    node = new Node(settings, file, keys);
  }

  /**
   * JVMs that test at the same time look in ranges of their own, below the ports that a system
   * gives to whoever connects: such a one would be taken from a node that is not listening yet.
   */
  static int freeOffset(Federation federation) {
    SecureRandom random = new SecureRandom();
    int first = 3_000 + 1_900 * TestJvm.number(FORKS); // with towns 976 above continents, none meet
    for (int attempt = 0; attempt < 100; attempt++) {
      int offset = first + random.nextInt(900);
      boolean free =
          federation
              .chains()
              .allMatch(chain ->
                  free(chain.http() + offset)
                      && free(chain.node().orElse(chain.http() + 18_000) + offset));
      if (free) {
        return offset;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** For another gateway of the same node. */
  Gateway.Parts parts() {
    return new Gateway.Parts(
        "127.0.0.1",
        node.federation(),
        node.chains(),
        node.followers(),
        node.sinks(),
        node.payments(),
        new Meters(),
        node.approver(),
        node.answering(),
        chain -> List.of(),
        chain -> List.of(),
        null);
  }

  aika.node.config.Chain chain(String name) {
    return node.federation().chain(ChainId.of(name)).orElseThrow();
  }

  int port(String gateway) {
    return chain(gateway).http();
  }

  URI uri(String gateway, String path) {
    return URI.create("http://localhost:" + port(gateway) + path);
  }

  /** A person of the register whose key is in the counter wallet. */
  AccountId person(String municipality, String name) {
    Register register = Objects.requireNonNull(node.registers().get(ChainId.of(municipality)));
    AccountId account = register.reserve(PersonName.of(name)).account();
    byte[] key = node.wallet().open(account);
    Order order = new Order.Open(header(), account, key);
    opened(order, node.wallet().sign(order).note(), municipality);
    register.opened(account);
    return account;
  }

  /** Somebody with a key of their own and no name. */
  record Holder(AccountId account, Signer signer) {
    SignedOrder sign(Order order) {
      return SignedOrder.of(
          SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer));
    }
  }

  Holder holder(String municipality, String local) {
    Signer signer = Ed25519.signer(Ed25519.generate(new SecureRandom()));
    Holder holder = new Holder(new AccountId(ChainId.of(municipality), local), signer);
    Order order = new Order.Open(header(), holder.account, signer.publicKey());
    opened(order, holder.sign(order).note(), municipality);
    return holder;
  }

  private void opened(Order order, SignedNote signed, String municipality) {
    HeldKey registrar = keys.registrars(municipality(municipality)).getFirst();
    accepted(signed.signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer()));
    assertTrue(row(order.account()).hasKey(((Order.Open) order).publicKey()));
  }

  /** Announces a new key, as of a holder who lost the old one. */
  Signer announce(AccountId account) {
    Signer other = Ed25519.signer(Ed25519.generate(new SecureRandom()));
    Order recover = new Order.RecoverKey(header(), account, other.publicKey());
    HeldKey registrar = keys.registrars(municipality(account.chain().value())).getFirst();
    accepted(
        SignedNote.sign(recover.text(), account.toString(), Ed25519.TYPE, other)
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer()));
    return other;
  }

  void issue(AccountId to, String amount) {
    accepted(issuing(to, amount, keys.issuers(municipality(to.chain().value()))));
  }

  /** So many times; each is a leaf. */
  void issue(AccountId to, String amount, int times) {
    List<HeldKey> issuers = keys.issuers(municipality(to.chain().value()));
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      SignedOrder order = SignedOrder.of(issuing(to, amount, issuers));
      answers.add(node.shard().submitAsync(order, null));
    }
    for (CompletableFuture<Answer> one : answers) {
      Answer answer = node.shard().await(one);
      assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
    }
  }

  private SignedNote issuing(AccountId to, String amount, List<HeldKey> issuers) {
    Order order = new Order.Issue(header(), to, Money.of(amount));
    HeldKey one = issuers.get(0);
    HeldKey two = issuers.get(1);
    return SignedNote.sign(order.text(), one.key().name(), Ed25519.TYPE, one.signer())
        .signedBy(two.key().name(), Ed25519.TYPE, two.signer());
  }

  private void accepted(SignedNote note) {
    Answer answer = node.shard().submit(SignedOrder.of(note), null);
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }

  Municipality municipality(String name) {
    return node.federation().municipality(name).orElseThrow();
  }

  Order.Header header() {
    long notAfter = (System.currentTimeMillis() / 1000 + 100) * 1000;
    return new Order.Header(node.federation().id(), new OrderId(UUID.randomUUID()), notAfter);
  }

  Row.Account row(AccountId account) {
    return Objects.requireNonNull(ledger(account.chain()).get(new Key.OfAccount(account)));
  }

  Chain ledger(ChainId chain) {
    return node.shard().chain(chain);
  }

  Money balance(AccountId account) {
    return row(account).balance();
  }

  /** Leaves that people's orders made: what a refused request must not change. */
  long orders() {
    long orders = 0;
    for (Chain chain : node.shard().chains()) {
      if (chain.id().municipal()) {
        for (long i = 0; i < chain.size(); i++) {
          orders += chain.entry(i).leaf() instanceof Leaf.Executed ? 1 : 0;
        }
      }
    }
    return orders;
  }

  void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      long seen = node.shard().changes().version();
      if (condition.getAsBoolean()) {
        return;
      }
      assertTrue(System.nanoTime() < deadline, "timed out");
      node.shard().changes().await(seen, 1_000);
    }
  }

  /** An answer with its JSON. */
  record Reply(int status, HttpResponse<byte[]> http, Map<String, @Nullable Object> json) {
    Reply expect(int expected) {
      assertEquals(expected, status, this::toString);
      return this;
    }

    @Nullable Object at(String... names) {
      Object value = json;
      for (String name : names) {
        value = ((Map<?, ?>) Objects.requireNonNull(value)).get(name);
      }
      return value;
    }

    String text(String... names) {
      return String.valueOf(at(names));
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse("");
    }

    @Override
    public String toString() {
      return status + " " + new String(http.body(), StandardCharsets.UTF_8);
    }
  }

  Reply post(String gateway, String path, String json) throws Exception {
    return post(gateway, path, "application/json", json, Map.of());
  }

  Reply post(
      String gateway, String path, String contentType, String body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(gateway, path))
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    headers.forEach(request::header);
    return send(request.build());
  }

  Reply get(String gateway, String path) throws Exception {
    return get(gateway, path, Map.of());
  }

  Reply get(String gateway, String path, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(gateway, path)).timeout(Duration.ofSeconds(30)).GET();
    headers.forEach(request::header);
    return send(request.build());
  }

  byte[] bytes(String gateway, String path) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(HttpRequest.newBuilder(uri(gateway, path)).build(), BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode(), () -> path + " " + answer.statusCode());
    return answer.body();
  }

  Reply send(HttpRequest request) throws Exception {
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    String type = answer.headers().firstValue("content-type").orElse("");
    boolean json = type.contains("json") && !request.method().equals("HEAD");
    return new Reply(
        answer.statusCode(), answer, json ? Json.object(answer.body()) : new LinkedHashMap<>());
  }

  @Override
  public void close() {
    node.close();
    http.close();
  }

  /** What its representatives would have signed if they had approved two histories. */
  ConflictProof twoHistories(String of) {
    return ConflictProof.of(approved(of, (byte) 1), approved(of, (byte) 2));
  }

  private SignedCheckpoint approved(String name, byte fill) {
    aika.node.config.Chain of = chain(name);
    byte[] root = new byte[Hash.BYTES];
    root[0] = fill;
    Checkpoint checkpoint = new Checkpoint(node.federation().id() + "/" + name, 7, Hash.of(root));
    List<NoteSignature> lines = new ArrayList<>();
    for (HeldKey seat : keys.seats(of)) {
      long time = System.currentTimeMillis() / 1000;
      lines.add(Cosignature.sign(checkpoint, seat.key().name(), time, seat.signer()));
    }
    HeldKey log = keys.log(of);
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, log.signer()).withSignatures(lines);
  }
}
