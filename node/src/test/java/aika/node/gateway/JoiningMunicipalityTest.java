package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.NodeSettings;
import aika.node.config.DisplayName;
import aika.node.config.Federation;
import aika.node.config.FederationException;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.Joining;
import aika.node.config.KeyFiles;
import aika.node.config.KeyType;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A municipality joins a federation that runs [FED-18 to FED-21]. */
@Timeout(180)
final class JoiningMunicipalityTest {
  private static final String KAGA = "Asia-Kaga";

  @TempDir Path data;

  private World start(FederationFile file, KeyFiles keys, int offset) {
    NodeSettings settings = new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard());
    return new World(settings, file, keys);
  }

  private static Hash began(World world, String chain) {
    return assertInstanceOf(Leaf.Genesis.class, world.ledger(ChainId.of(chain)).entry(0).leaf())
        .federationFile();
  }

  @Test
  void whoWasThereGoesOnAndTheNewOnePaysAndIsPaid() throws Exception {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile first =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    int offset = World.freeOffset(first.federation());
    AccountId a;
    String open;
    try (World world = start(first, keys, offset)) {
      a = world.person(KOMATSU, "A");
      world.person(World.KANAZAWA, "B");
      world.issue(a, "1000.00");
      open =
          world
              .post(KOMATSU, "/send", send("A", "B", World.KANAZAWA, "10.00"))
              .expect(200)
              .text("transfer");
      world.post(KOMATSU, "/send", send("A", "K", KAGA, "1.00")).expect(404); // nobody knows it yet
    }
    FederationFile later =
        first.join(
            new Joining(
                ChainId.of(KAGA), new DisplayName("加賀市", "Kaga"), 2_005, 20_005, Optional.empty()),
            keys,
            keys.root(first.federation()));
    assertEquals(later, FederationFile.read(later.path()));
    try (World world = start(later, keys, offset)) {
      assertEquals(first.hash(), began(world, KOMATSU));
      assertEquals(later.hash(), began(world, KAGA));
      AccountId k = world.person(KAGA, "K");
      String id =
          world.post(KOMATSU, "/send", send("A", "K", KAGA, "200.00")).expect(200).text("transfer");
      receive(world, KAGA, "K", id);
      receive(world, World.KANAZAWA, "B", open); // what was sent before
      assertEquals(Money.of("200.00"), world.balance(k));
      String back =
          world.post(KAGA, "/send", send("K", "A", KOMATSU, "50.00")).expect(200).text("transfer");
      receive(world, KOMATSU, "A", back);
      assertEquals(Money.of("840.00"), world.balance(a));
      for (String transfer : new String[] {id, open, back}) {
        world.await(() -> status(world, transfer).equals("complete"));
      }
    }
    refused(first, keys, offset); // there is no way back
    refused(forged(first), keys, offset);
    start(later, keys, offset).close();
  }

  private void refused(FederationFile file, KeyFiles keys, int offset) {
    FederationException refused =
        assertThrows(FederationException.class, () -> start(file, keys, offset).close());
    assertTrue(
        String.valueOf(refused.getMessage()).contains("put that one back"), refused::toString);
  }

  /** Says that it continues the first, under a root of its own. */
  private FederationFile forged(FederationFile first) {
    KeyFiles others = new KeyFiles(data.resolve("others"), new SecureRandom());
    Federation own = first.federation();
    Federation theirs =
        new Federation(
            own.id(),
            others.key("root", KeyType.ED25519, own.id()),
            own.block(),
            own.limits(),
            own.term(),
            own.continents(),
            own.municipalities());
    FederationFile other = new FederationFile(data.resolve("forged.yaml"), theirs, first.hash());
    return other.join(
        new Joining(
            ChainId.of("Asia-Mint"), new DisplayName("造", "Mint"), 2_007, 20_007, Optional.empty()),
        others,
        others.root(theirs));
  }

  private static String status(World world, String transfer) {
    try {
      return world.get(KOMATSU, "/transfers/" + transfer).expect(200).text("status");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static void receive(World world, String at, String who, String transfer)
      throws Exception {
    world
        .post(at, "/receive", "{\"receiver\":\"" + who + "\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
  }

  private static String send(String from, String to, String municipality, String amount) {
    return "{\"sender\":\"%s\",\"receiver\":\"%s\",\"receiver_municipality\":\"%s\",\"amount\":\"%s\"}"
        .formatted(from, to, municipality, amount);
  }
}
