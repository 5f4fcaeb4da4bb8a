package aika.core.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An origin that cannot be read now delays a replica; it does not condemn the chain. */
class OriginUnreachableTest {
  private final TestFederation fed = TestFederation.standard();
  private boolean reachable = true;

  private final class Logs implements Origins {
    private TestChain chain(ChainId origin) {
      if (!reachable) {
        throw new OriginUnreachableException(origin + " does not answer");
      }
      return fed.chain(origin);
    }

    @Override
    public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
      return chain(tree.origin()).proof(index, tree.size());
    }

    @Override
    public List<Hash> consistency(long oldSize, Row.Recorded tree) {
      return Proofs.consistency(oldSize, tree.size(), chain(tree.origin()).tree());
    }

    @Override
    public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
      return chain(origin).tree().root(checkpoint.size()).equals(checkpoint.root());
    }
  }

  @Test
  void theSameLeafIsExecutedOnceTheOriginAnswers() {
    AccountId a = fed.open(TestFederation.KOMATSU, "aaaa", "100.00");
    AccountId b = fed.open(TestFederation.KANAZAWA, "bbbb");
    TransferId transfer = fed.send(a, b, "20.00");
    fed.receive(b, transfer);
    TestChain kanazawa = fed.chain(TestFederation.KANAZAWA);
    kanazawa.seal(fed.now());
    Replica replica = new Replica(kanazawa.id(), fed.directory(), TestKeys.CHEAP, new Logs());
    for (Entry entry : kanazawa.entries()) {
      reachable = false;
      long size = replica.size();
      try {
        replica.execute(entry.bytes());
      } catch (OriginUnreachableException delayed) {
        assertEquals(size, replica.size(), "nothing changed");
        assertThrows(
            OriginUnreachableException.class, () -> replica.execute(entry.bytes()), "still");
        reachable = true;
        replica.execute(entry.bytes());
      }
      assertEquals(size + 1, replica.size());
    }
    Execution.Sealed sealed = replica.sealed(kanazawa.id(), replica.size());
    assertNotNull(sealed);
    assertEquals(kanazawa.root(), sealed.root());
  }
}
