package aika.core.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.transfer.RandomOrders;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Chains that look evidence up in each other's rows write what a cosigner writes that has only the
 * logs, with a proof for each citation, and that forgets the rows it may forget.
 */
final class ReplicaModelTest {
  private static final int STEPS = 1_200;

  private record Logs(TestFederation fed) implements Origins {
    @Override
    public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
      return fed.chain(tree.origin()).proof(index, tree.size());
    }

    @Override
    public List<Hash> consistency(long oldSize, Row.Recorded tree) {
      return Proofs.consistency(oldSize, tree.size(), fed.chain(tree.origin()).tree());
    }

    @Override
    public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
      return fed.chain(origin).tree().root(checkpoint.size()).equals(checkpoint.root());
    }
  }

  @ParameterizedTest
  @CsvSource({"11, SIBLINGS", "12, CARRIED"})
  void replicasAgree(long seed, TestFederation.Between between) {
    System.out.println("seed " + seed + " " + between);
    RandomOrders orders = new RandomOrders(seed, between, 1);
    for (int i = 0; i < STEPS; i++) {
      orders.step();
    }
    TestFederation fed = orders.federation();
    for (TestChain chain : fed.chains()) {
      Replica replica = new Replica(chain.id(), fed.directory(), TestKeys.CHEAP, new Logs(fed));
      for (Entry entry : chain.entries()) {
        replica.execute(entry.bytes());
        if (entry.leaf() instanceof Leaf.Sealed) {
          replica.forgetRows();
        }
      }
      assertEquals(chain.head(), replica.state().head(), () -> "seed " + seed);
    }
  }
}
