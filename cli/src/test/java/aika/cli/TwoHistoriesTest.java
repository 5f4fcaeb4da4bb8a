package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.bench.Progress;
import aika.client.AikaClient;
import aika.client.Official;
import aika.client.Result;
import aika.client.Wallet;
import aika.core.audit.FederationAudit;
import aika.core.audit.GivenUpFiles;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Cosignature;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.Decision;
import aika.node.Node;
import aika.node.NodeException;
import aika.node.NodeSettings;
import aika.node.backup.Backup;
import aika.node.backup.Restoring;
import aika.node.config.DurableFile;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.mirror.HttpLog;
import aika.node.mirror.KeptHistories;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.store.StoreSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Komatsu's representatives approve two histories, one seen by Asia and one by Kanazawa. The walk
 * of docs/spec/recovery.md, with real nodes and the runbook's commands, up to the last transfer.
 */
@Timeout(300)
final class TwoHistoriesTest {
  private static final ChainId ASIA = ChainId.of("Asia");
  private static final ChainId KOMATSU = Residents.KOMATSU;
  private static final ChainId KANAZAWA = Residents.KANAZAWA;
  private static final AccountId PAYER = AccountId.of("Asia-Komatsu/payer");
  private static final AccountId RECEIVER = AccountId.of("Asia-Kanazawa/receiver");
  private static final Signer KEEPER = Ed25519.signer(CommandWorld.seed(9));

  @TempDir Path directory;

  private final Map<ChainId, Node> nodes = new HashMap<>();
  private int offset;
  private Path data;
  private KeyFiles keys;
  private FederationFile file;
  private Wallet payer;
  private Wallet receiver;
  private @Nullable Result last;

  @AfterEach
  void stopAll() {
    nodes.values().forEach(Node::close);
  }

  @BeforeEach
  void makeFederation() throws InterruptedException {
    offset = FreeOffset.find();
    data = directory.resolve("data");
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationTemplate template = FederationTemplate.demo();
    PlannedKeys.make(template, keys);
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), withQuorum(template.federation(keys)));
    payer = Wallet.of(file.federation().id(), PAYER, CommandWorld.seed(1));
    receiver = Wallet.of(file.federation().id(), RECEIVER, CommandWorld.seed(2));
  }

  private static Federation withQuorum(Federation all) {
    VerifierKey key = new VerifierKey(keeper(all.id()), Ed25519.TYPE, KEEPER.publicKey());
    List<Municipality> changed = new ArrayList<>();
    for (Municipality one : all.municipalities()) {
      changed.add(
          new Municipality(
              one.id(),
              one.name(),
              one.http(),
              one.node(),
              one.mongo(),
              one.issuers(),
              one.registrars(),
              one.log(),
              one.representatives(),
              one.id().equals(KOMATSU)
                  ? Optional.of(new Directory.Quorum(1, List.of(key)))
                  : one.recovery()));
    }
    return new Federation(
        all.id(), all.root(), all.block(), all.limits(), all.term(), all.continents(), changed);
  }

  private static String keeper(String federation) {
    return federation + '/' + KOMATSU + "/recovery-1";
  }

  // ------------------------------------------------------------------------------ nodes

  private Path home(ChainId chain) {
    return data.resolve("nodes").resolve(chain.value());
  }

  private Node start(ChainId chain) {
    Node node = starting(chain);
    var _ = node.outdated(); // whoever runs it starts it again when it asks for that
    return node;
  }

  /** Nobody asks it yet whether it has to be started again. */
  private Node starting(ChainId chain) {
    NodeSettings settings =
        new NodeSettings(
            home(chain), "127.0.0.1", offset, StoreSettings.standard(), Set.of(chain), Map.of());
    Node node = new Node(settings, file, keys);
    nodes.put(chain, node);
    return node;
  }

  private void stop(ChainId chain) {
    Objects.requireNonNull(nodes.remove(chain)).close();
  }

  private Chain chain(ChainId at, ChainId chain) {
    return Objects.requireNonNull(Objects.requireNonNull(nodes.get(at)).chains().find(chain));
  }

  private String gateway(ChainId chain) {
    return "http://localhost:"
        + file.federation().shifted(offset).chain(chain).orElseThrow().http();
  }

  private void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, () -> what + ", and not " + last);
      Thread.sleep(20);
    }
  }

  /** All that Komatsu has is approved, and {@code at} has it. */
  private void copied(ChainId at) throws Exception {
    await(
        at + " has all of Komatsu's leaves",
        () -> {
          Chain own = chain(KOMATSU, KOMATSU);
          return own.approvedSize() == own.size()
              && chain(at, KOMATSU).approvedSize() == own.size();
        });
  }

  private boolean inConflict(ChainId at) {
    Row.Sitting row = chain(at, at).get(new Key.OfSitting(KOMATSU));
    return row != null && row.conflict();
  }

  // ------------------------------------------------------------------------------ people

  private Result submit(ChainId at, SignedOrder order) {
    try (AikaClient client = AikaClient.at(URI.create(gateway(at)))) {
      return client.submit(order);
    }
  }

  private Result.Accepted accepted(ChainId at, SignedOrder order) {
    return assertInstanceOf(Result.Accepted.class, submit(at, order));
  }

  private Official official(HeldKey held) {
    return Official.of(file.federation().id(), held.key().name(), held.signer());
  }

  private void open(Wallet wallet) {
    ChainId chain = wallet.account().chain();
    Municipality municipality = file.federation().municipality(chain.value()).orElseThrow();
    Official registrar = official(keys.registrars(municipality).getFirst());
    accepted(chain, registrar.complete(wallet.opening()));
  }

  private TransferId send(Wallet from, AccountId to, String amount) {
    ChainId at = from.account().chain();
    return accepted(at, from.send(to, Money.of(amount))).transfers().getFirst().id();
  }

  /** Without the gateway, which sends nothing to a node that is away. */
  private TransferId ordered(String amount) {
    SignedOrder order = payer.send(RECEIVER, Money.of(amount));
    Answer answer = Objects.requireNonNull(nodes.get(KOMATSU)).shard().submit(order, null);
    return new TransferId(KOMATSU, assertInstanceOf(Answer.Accepted.class, answer).index());
  }

  /** The same order until it is there to be received. */
  private void receive(Wallet wallet, TransferId transfer) throws Exception {
    SignedOrder order = wallet.receive(transfer);
    await(
        transfer + " is received",
        () -> submit(wallet.account().chain(), order) instanceof Result.Accepted);
  }

  private Money balance(AccountId account) {
    return Objects.requireNonNull(
            chain(account.chain(), account.chain()).get(new Key.OfAccount(account)))
        .balance();
  }

  private Row.@Nullable Hold hold(TransferId transfer) {
    return chain(transfer.origin(), transfer.origin()).get(new Key.OfHold(transfer.index()));
  }

  private Row.Hold.@Nullable Status status(TransferId transfer) {
    Row.Hold hold = hold(transfer);
    return hold == null ? null : hold.status();
  }

  // ------------------------------------------------------------------------------ the walk

  /** Kanazawa is away: Asia sees this history. */
  private List<TransferId> oneHistory(TransferId owed) throws Exception {
    stop(KANAZAWA);
    start(KOMATSU);
    List<TransferId> sent = List.of(ordered("10.00"), ordered("11.00"));
    receive(payer, owed);
    copied(ASIA);
    try (AikaClient client = AikaClient.at(URI.create(gateway(ASIA)))) {
      Files.write(chosen(), client.checkpoint(KOMATSU).encode());
    }
    stop(KOMATSU);
    stop(ASIA);
    return sent;
  }

  private Path chosen() {
    return directory.resolve("chosen.note");
  }

  /** Asia is away: Kanazawa sees another one, and a longer one, which begins with the same. */
  private TransferId anotherHistory(Path before) throws Exception {
    DurableFile.deleteTree(home(KOMATSU));
    Files.move(before, home(KOMATSU));
    start(KANAZAWA);
    start(KOMATSU);
    TransferId sent = send(payer, RECEIVER, "20.00");
    for (int i = 0; i < 20; i++) {
      send(payer, RECEIVER, "0.01");
    }
    copied(KANAZAWA);
    receive(receiver, sent);
    stop(KOMATSU);
    return sent;
  }

  private Path decision(List<HeldKey> seats) throws Exception {
    List<VerifierKey> seated = seats.stream().map(HeldKey::key).toList();
    String federation = file.federation().id();
    Recovery seat = new Recovery.Seat(federation, KOMATSU, 1, seated, "two histories");
    SignedNote note = SignedNote.sign(seat.text(), keeper(federation), Ed25519.TYPE, KEEPER);
    return Files.write(directory.resolve("decision.note"), note.encode());
  }

  private List<HeldKey> newSeats() {
    List<HeldKey> held = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Signer signer = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
      String name = file.federation().id() + '/' + KOMATSU + "/rescue-" + i;
      held.add(new HeldKey(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
    }
    return held;
  }

  private CommandWorld.Ran restore(Path branch, Path decision) {
    return restored(KOMATSU, "--branch", branch.toString(), "--decision", decision.toString());
  }

  private CommandWorld.Ran restored(ChainId chain, String... how) {
    List<String> command = new ArrayList<>(List.of("restore", chain.value()));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of("--port-offset", Integer.toString(offset)));
    command.addAll(List.of("--accept-missing", "--accept-loss"));
    command.addAll(List.of(how));
    return CommandWorld.aika(command.toArray(String[]::new));
  }

  /** [REC-7, NBR-5, NBR-7, NBR-8] */
  @Test
  void theChosenHistoryGoesOnEverywhere() throws Exception {
    start(ASIA);
    start(KANAZAWA);
    start(KOMATSU);
    open(payer);
    open(receiver);
    Municipality komatsu = file.federation().municipality(KOMATSU.value()).orElseThrow();
    List<HeldKey> issuers = keys.issuers(komatsu);
    accepted(
        KOMATSU,
        official(issuers.get(1))
            .complete(official(issuers.get(0)).issuing(PAYER, Money.of("100.00"))));
    receive(receiver, send(payer, RECEIVER, "5.00"));
    TransferId owed = send(receiver, PAYER, "2.00");
    await(
        "Komatsu has what Kanazawa sent",
        () -> chain(KOMATSU, KANAZAWA).approvedSize() > owed.index());
    copied(ASIA);
    copied(KANAZAWA);
    stop(KOMATSU);
    Path before = directory.resolve("before");
    DurableFile.copyTree(home(KOMATSU), before);

    List<TransferId> sent = oneHistory(owed);
    TransferId taken = anotherHistory(before);

    // 1: the two histories meet, and nothing of Komatsu is believed any more
    start(ASIA);
    await("Kanazawa has the conflict", () -> inConflict(KANAZAWA));
    await("Asia has the conflict", () -> inConflict(ASIA));

    // 2, 3: the quorum decides for what Asia has
    List<HeldKey> seats = newSeats();
    Path decision = decision(seats);
    Path forged = directory.resolve("forged.note");
    Files.writeString(forged, Files.readString(decision).replace("two histories", "no reason"));
    restore(chosen(), forged).expect(1).says("BAD_SIGNATURE", "recovery quorum of Asia-Komatsu");
    restore(decision, decision).expect(1).says("is no checkpoint that a chain of this federation");
    restored(KANAZAWA, "--decision", decision.toString()).expect(1).says("is for Asia-Komatsu");
    restore(chosen(), decision).expect(0).says("Asia-Komatsu  ");
    Node back = start(KOMATSU);
    assertFalse(Files.exists(home(KOMATSU).resolve(Decision.FILE)), "it is written");
    seats.forEach(back.approver()::hold);
    await(
        "the new seats approve",
        () ->
            chain(KOMATSU, KOMATSU).approvedSize() > 0
                && chain(KOMATSU, KOMATSU).approvedSize() == chain(KOMATSU, KOMATSU).size());
    assertEquals(2, chain(KOMATSU, KOMATSU).head().term());

    // 4: Kanazawa copies the chosen history in the place of the other one
    Objects.requireNonNull(nodes.get(KANAZAWA)).outdated().get(90, TimeUnit.SECONDS);
    stop(KANAZAWA);
    foundWhileItStarts();
    start(KANAZAWA);
    copied(KANAZAWA);

    // 5: every transfer of the chosen history ends
    Money received = Money.of("3.00").plus(Money.of("20.00")); // 5.00 less 2.00; and what was taken
    for (TransferId one : sent) {
      if (one.equals(taken)) {
        SignedOrder again = receiver.receive(one);
        assertInstanceOf(Result.Refused.class, submit(KANAZAWA, again), "another has its number");
      } else {
        receive(receiver, one);
        received = received.plus(Objects.requireNonNull(hold(one)).offer().amount());
      }
    }
    assertEquals(received, balance(RECEIVER));
    await("what Komatsu decided is settled", () -> status(owed) == Row.Hold.Status.SETTLED);
    for (TransferId one : sent) {
      Row.Hold.Status end = one.equals(taken) ? Row.Hold.Status.REFUNDED : Row.Hold.Status.SETTLED;
      await(one + " has ended", () -> status(one) == end);
    }
    TransferId fresh = send(payer, RECEIVER, "1.00");
    receive(receiver, fresh);
    await("fresh transfers go on", () -> status(fresh) == Row.Hold.Status.SETTLED);
    assertFalse(inConflict(KANAZAWA));

    // what Kanazawa did in good faith is still proven to new seats, and after a restore
    long size = chain(KANAZAWA, KANAZAWA).approvedSize();
    assertTrue(executed(directory.resolve("new-seat")) >= size);
    moved();
    Path backup = directory.resolve("backup");
    CommandWorld.aika("backup", "--data", home(KANAZAWA).toString(), "--to", backup.toString())
        .expect(0);
    stop(KANAZAWA);
    restored(KANAZAWA).expect(0);
    assertKept(home(KANAZAWA));
    DurableFile.deleteTree(home(KANAZAWA));
    DurableFile.deleteTree(home(KANAZAWA).resolveSibling(KANAZAWA + ".before-1"));
    restored(KANAZAWA, "--from", backup.toString()).expect(0);
    start(KANAZAWA);
    assertEquals(received, balance(RECEIVER).minus(Money.of("1.00")));
    assertTrue(executed(directory.resolve("newer-seat")) >= size);
    decidedOnce(decision);
  }

  /** As if it had not been found before. */
  private void foundWhileItStarts() throws Exception {
    Path noted = home(KANAZAWA).resolve("mirror/given-up").resolve(KOMATSU.value());
    Files.delete(noted);
    Node starting = starting(KANAZAWA);
    await("Kanazawa finds it", () -> Files.exists(noted));
    starting.outdated().get(90, TimeUnit.SECONDS);
    stop(KANAZAWA);
  }

  /** [NBR-19] Builds Kanazawa elsewhere, as its move does from what the old node gives. */
  private void moved() {
    Path comes = directory.resolve("comes");
    Backup backup =
        new Backup(home(KANAZAWA), Objects.requireNonNull(nodes.get(KANAZAWA)).chains(), List.of());
    backup.histories(comes);
    long came = backup.log(chain(KANAZAWA, KANAZAWA), comes, (chain, done, total) -> {});
    Path made = directory.resolve("made");
    LogSources others = new LogSources(List.of(gateway(ASIA), gateway(KOMATSU)));
    try (MoveCommand.Sources sources =
            new MoveCommand.Sources(file.directory(), KANAZAWA, comes, others);
        Progress progress = Terminal.progress()) {
      assertEquals(came, MoveCommand.build(NodeHome.open(data), KANAZAWA, made, sources, progress));
    }
    assertKept(made);
  }

  private static void assertKept(Path node) {
    byte[] list = Objects.requireNonNull(new KeptHistories(node).file(KOMATSU, GivenUpFiles.LIST));
    assertEquals(1, GivenUpFiles.names(list).size());
  }

  /** Executes Kanazawa from nothing but what its gateway publishes. */
  private long executed(Path into) {
    Ed25519 ed25519 = new Ed25519(1);
    try (HttpClient http = HttpClient.newHttpClient()) {
      long leaves =
          Restoring.restore(
                  into.resolve("shard"),
                  file.directory(),
                  new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
                  List.of(KANAZAWA),
                  Map.of(),
                  chain -> new HttpLog(http, URI.create(gateway(KANAZAWA)), chain),
                  new KeptHistories(into),
                  StoreSettings.standard(),
                  (chain, done, total) -> {})
              .getOrDefault(KANAZAWA, 0L);
      assertKept(into);
      return leaves;
    }
  }

  /** The same decision once more changes nothing; another one for that term comes too late. */
  private void decidedOnce(Path decision) throws Exception {
    stop(KOMATSU);
    Path note = home(KOMATSU).resolve(Decision.FILE);
    Files.copy(decision, note);
    start(KOMATSU);
    assertFalse(Files.exists(note));
    assertEquals(2, chain(KOMATSU, KOMATSU).head().term());
    stop(KOMATSU);
    Files.copy(decision(newSeats()), note);
    NodeException late = assertThrows(NodeException.class, () -> start(KOMATSU));
    assertEquals(Reason.TERM_OVER, late.refusal().reason());
    assertTrue(Files.exists(note), "it is not lost");
  }
}
