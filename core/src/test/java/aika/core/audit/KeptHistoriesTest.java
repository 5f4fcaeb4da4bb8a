package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.DivergedException;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Reason;
import aika.core.ledger.TestKeys;
import aika.core.log.Frontier;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.Authorization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** [NBR-19] What a history that Komatsu gave up proves to those who execute Kanazawa's chain. */
final class KeptHistoriesTest extends TwoHistories {
  private Replica replica(Map<ChainId, PublishedFiles> published) {
    return replica(
        new PublishedOrigins(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain))));
  }

  private Replica replica(PublishedOrigins origins) {
    return new Replica(
        KANAZAWA,
        fed.directory(),
        new Authorization(fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP),
        origins,
        (level, index, hash) -> {},
        new MemoryState(),
        new Frontier());
  }

  /** New seats sign what is proven to them, and that is what was done in good faith, too. */
  @Test
  void aChainThatReceivedOnAGivenUpHistoryIsExecutedWhereThatIsKept() {
    TransferId forged = branch.send(a, b, "30.00");
    final TransferId declined = branch.send(a, b, "2.00");
    TransferId back = fed.send(b, a, "7.00");
    showBranch();
    final long received = decide(forged, true);
    decide(declined, false);
    settledByBranch(back);
    conflict();
    recover();
    record(KOMATSU, KANAZAWA, 1);
    Map<ChainId, PublishedFiles> published = published();
    Replica without = replica(published);
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    assertThrows(DivergedException.class, () -> leaves.forEach(without::execute));
    assertTrue(without.size() < received);
    keep(published);
    Replica replica = replica(published);
    leaves.forEach(replica::execute);
    assertEquals(kanazawa.tree().root(leaves.size()), replica.frontier().root());
  }

  private void proves(boolean expected, Map<ChainId, PublishedFiles> published) {
    Replica replica = replica(published);
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    if (expected) {
      leaves.forEach(replica::execute);
    } else {
      assertThrows(DivergedException.class, () -> leaves.forEach(replica::execute));
    }
  }

  /** What nobody approved is no evidence, whoever keeps it. */
  @Test
  void aKeptHistoryThatNobodyApprovedProvesNothing() {
    Map<ChainId, PublishedFiles> published = received();
    proves(true, published);
    PublishedFiles few =
        new PublishedFiles(branch, KOMATSU, PublishedFiles.leaves(branch.chain(KOMATSU)), 3);
    byte[] unsigned = Objects.requireNonNull(few.files.get("checkpoint"));
    komatsu(published)
        .replaceAll((path, file) ->
            path.startsWith("given-up/") && path.endsWith("/checkpoint") ? unsigned : file);
    proves(false, published);
  }

  /** Its name is part of what is proven: who keeps it can be asked for nothing else by it. */
  @Test
  void aKeptHistoryWithAnotherNameProvesNothing() {
    Map<ChainId, PublishedFiles> published = received();
    String other = "0".repeat(64);
    String name = GivenUpFiles.name(approved(branch).checkpoint());
    Map<String, byte[]> files = komatsu(published);
    Map.copyOf(files)
        .forEach((path, file) -> {
          if (path.contains(name)) {
            files.remove(path);
            files.put(path.replace(name, other), file);
          }
        });
    proves(false, published);
  }

  /** Who signs what is new takes nothing new of it; what was approved before stays proven. */
  @Test
  void nothingNewIsRecordedOfAKeptHistory() {
    kanazawa.seal(fed.now());
    PublishedFiles before = PublishedFiles.of(fed, kanazawa);
    Map<ChainId, PublishedFiles> published = received();
    proves(true, published);
    published.put(KANAZAWA, before); // its seats have not approved the record yet
    DivergedException diverged =
        assertThrows(DivergedException.class, () -> executed(published, true));
    assertEquals(Reason.NOT_APPROVED, diverged.reason());
    executed(published, false);
  }

  private void executed(Map<ChainId, PublishedFiles> published, boolean signing) {
    PublishedOrigins origins =
        new PublishedOrigins(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)));
    Replica replica = replica(origins);
    if (signing) {
      origins.executing(KANAZAWA, replica::size);
    }
    PublishedFiles.leaves(kanazawa).forEach(replica::execute);
  }

  /** Of several places that have it, one that is right is enough. */
  @Test
  void placesThatLieHideNothing() {
    Map<ChainId, PublishedFiles> published = received();
    Map<String, byte[]> good = komatsu(published);
    Map<String, byte[]> damaged = new HashMap<>(good);
    damaged.replaceAll((path, file) ->
        path.startsWith("given-up/") && path.contains("tile/") ? new byte[file.length] : file);
    Map<String, byte[]> crowd = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3 * GivenUpFiles.MAX; i++) {
      names.add("%064x".formatted(i));
    }
    crowd.put(GivenUpFiles.LIST, GivenUpFiles.list(names));
    PublishedLog dead =
        path -> {
          throw new UnreadableLogException(path + ": nobody answers", null);
        };
    PublishedLog joined =
        GivenUpFiles.joined(good::get, List.of(dead, crowd::get, damaged::get, good::get));
    executed(published, joined);
    PublishedLog twice = GivenUpFiles.joined(joined, List.of(damaged::get, joined));
    executed(published, twice);
    PublishedLog none = GivenUpFiles.joined(good::get, List.of(crowd::get, damaged::get));
    assertThrows(DivergedException.class, () -> executed(published, none));
    PublishedLog away = GivenUpFiles.joined(good::get, List.of(dead));
    assertThrows(OriginUnreachableException.class, () -> executed(published, away));
  }

  private void executed(Map<ChainId, PublishedFiles> published, PublishedLog komatsu) {
    Replica replica =
        replica(
            new PublishedOrigins(
                fed.directory(),
                CHEAP,
                chain ->
                    chain.equals(KOMATSU)
                        ? komatsu
                        : Objects.requireNonNull(published.get(chain))));
    PublishedFiles.leaves(kanazawa).forEach(replica::execute);
  }

  /** As many names of one place count as the limit says. */
  @Test
  void sixteenNamesOfAPlaceCount() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < GivenUpFiles.MAX; i++) {
      names.add("%064x".formatted(i));
    }
    assertEquals(names, GivenUpFiles.names(GivenUpFiles.list(names)));
    List<String> more = new ArrayList<>(names);
    more.add("f".repeat(64));
    assertEquals(names, GivenUpFiles.names(GivenUpFiles.list(more)));
  }
}
