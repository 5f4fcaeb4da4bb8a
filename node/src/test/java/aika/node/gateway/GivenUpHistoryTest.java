package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import aika.core.ledger.Action;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.order.Answer;
import aika.node.order.Chain;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The receiver's chain has received a send of a history of Komatsu that was given up; another send
 * has its number now.
 */
final class GivenUpHistoryTest {
  @TempDir Path data;

  /** [E-9] */
  @Test
  void whatWasReceivedOfAnotherHistoryIsNoReceipt() throws Exception {
    try (World world = new World(data)) {
      AccountId a = world.person(KOMATSU, "A");
      AccountId b = world.person(KANAZAWA, "B");
      world.issue(a, "100.00");
      String send =
          "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"%s\",\"amount\":7}"
              .formatted(KANAZAWA);
      TransferId transfer =
          TransferId.of(world.post(KOMATSU, "/send", send).expect(200).text("transfer"));
      receiveAnother(world, transfer, b);
      assertEquals(Money.of("7.00"), world.balance(b));

      World.Reply told = world.get(KOMATSU, "/transfers/" + transfer).expect(200);
      assertEquals("cancelled", told.text("status"), told::toString);
      assertEquals("given_up_history", told.text("decided_by"), told::toString);
      String receive = "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(transfer);
      World.Reply again = world.post(KANAZAWA, "/receive", receive);
      assertEquals(Reason.ALREADY_DECIDED.name(), again.text("code"), again::toString);
      assertEquals(Money.of("7.00"), world.balance(b));
      world.await(() -> world.balance(a).equals(Money.of("100.00"))); // refunded
    }
  }

  /** Kanazawa records and receives a send that is like this one, but was made a moment before. */
  private static void receiveAnother(World world, TransferId transfer, AccountId b) {
    Chain komatsu = world.ledger(transfer.origin());
    int index = (int) transfer.index();
    Leaf.Executed sent = assertInstanceOf(Leaf.Executed.class, komatsu.entry(index).leaf());
    Leaf another =
        new Leaf.Executed(
            sent.time(), sent.arrived() - 1, sent.cited(), sent.postings(), sent.order());
    byte[] leaf = LeafText.encode(another);
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < index; i++) {
      tree.append(komatsu.entry(i).hash());
    }
    tree.append(Merkle.leafHash(leaf));
    long size = tree.size();
    Checkpoint branch =
        new Checkpoint(world.node.federation().id() + "/" + KOMATSU, size, tree.root());
    accepted(world, b, new Action.RecordCheckpoint(transfer.origin(), 1, branch, List.of(), null));
    Order receive = new Order.Decide(world.header(), b, transfer, true);
    Action.Proof proof = new Action.Proof(leaf, Proofs.inclusion(index, size, tree));
    accepted(
        world,
        b,
        new Action.Submit(
            world.node.wallet().sign(receive),
            world.row(b).publicKey(),
            System.currentTimeMillis(),
            new Action.Citation(index, size, proof)));
  }

  private static void accepted(World world, AccountId at, Action action) {
    Answer answer = world.node.shard().await(world.node.shard().submit(at.chain(), action));
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }
}
