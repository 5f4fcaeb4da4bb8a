package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.Node;
import aika.node.order.Chain;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same transfer is received by two requests, neither of which sees the other's leaf. */
@ExtendWith(SharedWorld.class)
class ReceivedTwiceTest {
  private static final int REQUESTS = 2;
  private static final Set<TransferState> RECEIVED =
      EnumSet.of(TransferState.RECEIVE_PENDING, TransferState.COMPLETE);

  private final World world;

  ReceivedTwiceTest(SharedWorld.Town town) {
    world = town.world;
  }

  /**
   * Holds each thread at one of its looks at the clock until all have come. A receive looks at it
   * for the header of its order, after it found the transfer undecided.
   */
  private static final class MeetingClock implements LongSupplier {
    private final CountDownLatch all = new CountDownLatch(REQUESTS);
    private final Map<Thread, Integer> looks = new ConcurrentHashMap<>();
    private final int meeting;

    MeetingClock(int meeting) {
      this.meeting = meeting;
    }

    @Override
    public long getAsLong() {
      if (looks.merge(Thread.currentThread(), 1, Integer::sum) == meeting) {
        all.countDown();
        try {
          assertTrue(all.await(30, TimeUnit.SECONDS), "the other request did not come so far");
        } catch (InterruptedException stopped) {
          throw new AssertionError(stopped);
        }
      }
      return System.currentTimeMillis();
    }
  }

  private Payments payments(Meters meters, LongSupplier clock) {
    Node node = world.node;
    return new Payments(
        node.federation(),
        node.chains(),
        node.followers(),
        new Counter(node.registers(), node.wallet(), node.tokens(), node.repeats()),
        node.neighbours(),
        meters,
        clock,
        new SecureRandom());
  }

  /** Somebody at the counter of Kanazawa. */
  private Caller counter() {
    return new Caller(
        world.chain(KANAZAWA),
        InetAddress.getLoopbackAddress(),
        Map.of(
            "host", List.of("localhost:" + world.port(KANAZAWA)),
            "content-type", List.of("application/json")));
  }

  private TransferId approvedSend(String sender, String receiver, String amount) throws Exception {
    String json =
        "{\"sender\":\"%s\",\"receiver\":\"%s\",\"receiver_municipality\":\"%s\",\"amount\":%s}"
            .formatted(sender, receiver, KANAZAWA, amount);
    TransferId transfer =
        TransferId.of(world.post(KOMATSU, "/send", json).expect(200).text("transfer"));
    world.await(() -> world.ledger(transfer.origin()).approvedSize() > transfer.index());
    return transfer;
  }

  private long receives(TransferId transfer, AccountId receiver) {
    Chain chain = world.ledger(receiver.chain());
    long found = 0;
    for (long i = 0; i < chain.size(); i++) {
      found +=
          chain.entry(i).leaf() instanceof Leaf.Executed executed
                  && executed.order().order() instanceof Order.Decide decide
                  && decide.transfer().equals(transfer)
              ? 1
              : 0;
    }
    return found;
  }

  private List<TransferView> atOnce(int meeting, ReceiveRequest request) throws Exception {
    Meters meters = new Meters();
    Payments payments = payments(meters, new MeetingClock(meeting));
    List<TransferView> views = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(REQUESTS)) {
      Callable<Received> receive = () -> payments.receive(request, counter());
      for (Future<Received> answer : threads.invokeAll(Collections.nCopies(REQUESTS, receive))) {
        Received received = answer.get();
        assertEquals(1, received.results().size());
        views.add(assertInstanceOf(Received.Taken.class, received.results().getFirst()).view());
      }
    }
    String counted = meters.prometheus();
    assertTrue(
        counted.contains("aika_orders_seconds_count{kind=\"receive\",result=\"refused\"} 1"),
        () -> "both must have been ordered:\n" + counted);
    return views;
  }

  private void checkOnce(List<TransferView> views, TransferId transfer, AccountId receiver) {
    int repeated = 0;
    for (TransferView view : views) {
      assertEquals(transfer, view.id());
      assertTrue(RECEIVED.contains(view.state()), () -> view.state().text());
      repeated += view.repeated() ? 1 : 0;
    }
    assertEquals(1, repeated, "one is the first and the other a repeat");
    assertEquals(1, receives(transfer, receiver));
    assertEquals(views.getFirst().amount(), world.balance(receiver));
  }

  @Test
  void oneTransferByItsId() throws Exception {
    AccountId twin = world.person(KANAZAWA, "Twin");
    TransferId transfer = approvedSend("A", "Twin", "33.01");
    checkOnce(atOnce(1, new ReceiveRequest("Twin", null, null, transfer, false)), transfer, twin);
  }

  @Test
  void whateverWaits() throws Exception {
    AccountId doubled = world.person(KANAZAWA, "Double");
    TransferId transfer = approvedSend("A", "Double", "33.02");
    // its first look at the clock is for what is not expired
    checkOnce(atOnce(2, new ReceiveRequest("Double", null, null, null, false)), transfer, doubled);
  }
}
