package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.Entry;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Damaged files of an origin delay a cosigner; they condemn nobody who cites that origin. */
class PublishedOriginsTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  private final TestFederation fed = TestFederation.standard();
  private final Map<ChainId, PublishedFiles> published = new HashMap<>();
  private final TestChain kanazawa = fed.chain(KANAZAWA);

  private PublishedOriginsTest() {
    AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
    AccountId b = fed.open(KANAZAWA, "bbbb");
    for (int i = 0; i < 3; i++) { // several checkpoints of Komatsu are recorded
      TransferId transfer = fed.send(a, b, "20.00");
      fed.receive(b, transfer);
    }
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
  }

  private PublishedOrigins origins() {
    return new PublishedOrigins(
        fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)));
  }

  /** Executes all of Kanazawa; where an origin is unreadable, the true files come back. */
  private int delays(Map<String, byte[]> whole) {
    Replica replica = new Replica(KANAZAWA, fed.directory(), TestKeys.CHEAP, origins());
    int delays = 0;
    for (Entry entry : kanazawa.entries()) {
      try {
        replica.execute(entry.bytes());
      } catch (OriginUnreachableException damaged) {
        delays++;
        files().putAll(whole);
        replica.execute(entry.bytes());
      }
    }
    assertEquals(kanazawa.entries().size(), replica.size());
    return delays;
  }

  private Map<String, byte[]> files() {
    return Objects.requireNonNull(published.get(KOMATSU)).files;
  }

  @Test
  void eachDamagedFileIsReadAgain() {
    Map<String, byte[]> whole = Map.copyOf(files());
    assertEquals(0, delays(whole));
    int delayed = 0;
    for (Map.Entry<String, byte[]> file : whole.entrySet()) {
      byte[] bytes = file.getValue();
      for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 60)) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 0x20;
        files().put(file.getKey(), damaged);
        delayed += delays(whole);
        files().putAll(whole);
      }
    }
    assertTrue(delayed > 60, delayed + " delays");
  }

  @Test
  void aCheckpointThatWasNeverApprovedIsNotDelayed() {
    long size = fed.chain(KOMATSU).head().blockStart();
    String origin = fed.directory().origin(KOMATSU);
    PublishedOrigins origins = origins();
    assertFalse(
        origins.approved(
            KOMATSU,
            new Checkpoint(origin, size, Hash.of(new byte[Hash.BYTES], 0)),
            fed.directory().entry(KOMATSU).seats()));
    assertFalse( // no block ends there
        origins.approved(
            KOMATSU,
            new Checkpoint(origin, size - 1, fed.chain(KOMATSU).tree().root(size - 1)),
            fed.directory().entry(KOMATSU).seats()));
    Row.Recorded tree = new Row.Recorded(KOMATSU, size, fed.chain(KOMATSU).tree().root(size));
    assertEquals(List.of(), origins.consistency(size, tree));
  }
}
