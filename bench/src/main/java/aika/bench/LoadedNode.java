package aika.bench;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.order.Chain;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node, the people who pay each other on it, and its books. */
final class LoadedNode implements AutoCloseable {
  private final BenchNode node;
  private final Progress progress;
  private final Workers signers;
  private final Workers submitters;
  private final Load load;
  private final Residents residents;
  private long waiting;

  /**
   * @param node is closed with this
   */
  LoadedNode(BenchNode node, int accounts, int threads, int inFlight, Progress progress) {
    this.node = node;
    this.progress = progress;
    signers = new Workers("sign-", Runtime.getRuntime().availableProcessors());
    submitters = new Workers("submit-", threads);
    load = new Load(node, submitters, inFlight);
    progress.phase("keys", accounts);
    residents = new Residents(accounts, node.municipalities(), signers);
  }

  BenchNode node() {
    return node;
  }

  void openAccounts() {
    int count = residents.count();
    progress.phase("open accounts", 2L * count);
    byte[][] opens = new byte[count][];
    byte[][] issues = new byte[count][];
    signers.each(
        count,
        i -> {
          opens[i] = residents.open(i, node.registrar());
          issues[i] = residents.issue(i, node.issuers());
        });
    for (byte[][] orders : List.of(opens, issues)) {
      load.run(
          count, Load.FULL, progress, (i, window) -> window.submit(orders[i], null, index -> {}));
    }
    settle();
  }

  /** So many transfers, with their sends signed. */
  Transfers sign(int count, long seed) {
    return new Transfers(residents, count, seed, signers);
  }

  /** Signs the receives of what has been sent, and the sends of so many transfers more. */
  Transfers sign(Transfers sent, int count, long seed) {
    progress.phase("sign orders", 1);
    sent.signReceives(signers);
    return sign(count, seed);
  }

  /**
   * Receives the one and sends the other as fast as it goes. What it sent can be received after
   * {@link #list}.
   *
   * @return seconds until all of it was settled
   */
  double stage(String name, Transfers receiving, Transfers sending) {
    int sends = sending.count();
    int count = sends + receiving.count();
    progress.phase(name, count);
    long start = System.nanoTime();
    load.run(
        count,
        Load.FULL,
        progress,
        (i, window) -> {
          int sendsBefore = (int) ((long) i * sends / count);
          int sendsAfter = (int) ((i + 1L) * sends / count);
          if (sendsAfter > sendsBefore) {
            window.submit(
                sending.send(sendsBefore), null, index -> sending.sent(sendsBefore, index));
          } else {
            int receive = i - sendsBefore;
            window.submit(receiving.receive(receive), receiving.id(receive), index -> {});
          }
        });
    waiting += sends - receiving.count();
    settle();
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Sends the one and receives as many of the other at a steady rate.
   *
   * @param perSecond sends, and as many receives
   * @return for every send, ns from when it was due to its answer
   */
  long[] steady(String name, Transfers receiving, Transfers sending, double perSecond) {
    int count = sending.count();
    progress.phase(name, 2L * count);
    long[] nanos = new long[count];
    long start = System.nanoTime();
    double ordersPerSecond = 2 * perSecond;
    load.run(
        2 * count,
        ordersPerSecond,
        progress,
        (i, window) -> {
          int transfer = i / 2;
          if (i % 2 == 0) {
            long due = Load.due(start, i, ordersPerSecond);
            window.submit(
                sending.send(transfer),
                null,
                index -> {
                  nanos[transfer] = System.nanoTime() - due;
                  sending.sent(transfer, index);
                });
          } else {
            window.submit(receiving.receive(transfer), receiving.id(transfer), index -> {});
          }
        });
    settle();
    list();
    return nanos;
  }

  /** Receives what is still open, so that the books can be checked. */
  void receiveFrom(Transfers sent, int first) {
    int count = sent.count() - first;
    progress.phase("receive the rest", count);
    sent.signReceives(signers);
    load.run(
        count,
        Load.FULL,
        progress,
        (i, window) -> window.submit(sent.receive(first + i), sent.id(first + i), index -> {}));
    waiting -= count;
    settle();
    list();
  }

  /** Receives all of these while nobody follows: what is decided waits to be settled. */
  void receiveUnfollowed(Transfers sent) {
    node.unfollow();
    progress.phase("receive, and nobody follows", sent.count());
    sent.signReceives(signers);
    load.run(
        sent.count(),
        Load.FULL,
        progress,
        (i, window) -> window.submit(sent.receive(i), sent.id(i), index -> {}));
    waiting -= sent.count();
    load.await("approval", () -> chains().allMatch(c -> c.approvedSize() == c.size()));
  }

  /** How much is held, in transfers: those not settled yet. */
  long unsettled() {
    return chains().mapToLong(chain -> chain.head().holds().minor()).sum()
        / Residents.AMOUNT.minor();
  }

  Residents residents() {
    return residents;
  }

  /** Waits until all that was received is approved and settled: only open sends hold money. */
  void settle() {
    long expected = waiting * Residents.AMOUNT.minor();
    load.await(
        "settlement",
        () -> chains().mapToLong(chain -> chain.head().holds().minor()).sum() == expected);
  }

  /** Waits until everything is approved and the pending list has seen it. */
  void list() {
    load.await("approval", () -> chains().allMatch(c -> c.approvedSize() == c.size()));
    load.await("listing", () -> chains().allMatch(c -> node.pending().seen(c.id()) == c.size()));
  }

  private Stream<Chain> chains() {
    return node.municipalities().stream().map(node.shard()::chain);
  }

  /** Nothing has appeared and nothing is lost: on no chain, and not between them. */
  void checkConservation() {
    progress.phase("check conservation", residents.count());
    Map<ChainId, Long> balances = new LinkedHashMap<>();
    for (int i = 0; i < residents.count(); i++) {
      Chain chain = node.shard().chain(residents.id(i).chain());
      Row.Account account = chain.get(new Key.OfAccount(residents.id(i)));
      if (account == null || account.openHolds() != 0) {
        throw new BenchException("account " + residents.id(i) + " is not as it should be");
      }
      balances.merge(chain.id(), account.balance().minor(), Long::sum);
    }
    long clearing = 0;
    for (Chain chain : chains().toList()) {
      Row.Head head = chain.head();
      if (!head.totals().conserved()
          || chain.halted()
          || !head.holds().equals(Money.ZERO)
          || head.balances().minor() != balances.getOrDefault(chain.id(), 0L)) {
        throw new BenchException("money is missing on " + chain.id() + ": " + head);
      }
      clearing += head.clearing().minor();
    }
    long all = balances.values().stream().mapToLong(Long::longValue).sum();
    if (clearing != 0 || all != residents.count() * Residents.FUNDS.minor()) {
      throw new BenchException("money is missing between the chains");
    }
  }

  @Override
  public void close() {
    submitters.close();
    signers.close();
    node.close();
  }
}
