package aika.cli.faults;

import aika.client.ClientException;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One fault under load, and afterwards: every acknowledged payment complete, every balance exactly
 * what the acknowledged payments make of it, and an audit of what all nodes publish.
 */
final class Experiment {
  private static final Duration GOES_ON_MAX = Duration.ofMinutes(2);
  private static final Duration ENDS_MAX = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 100;

  private final Laboratory lab;
  private final Random random;
  private final Duration held;

  Experiment(Laboratory lab, Random random, Duration held) {
    this.lab = lab;
    this.random = random;
    this.held = held;
  }

  /**
   * @throws LabException when a rule is broken
   */
  Outcome run(Fault fault) throws InterruptedException, IOException {
    Injection injection = new Injection(lab, random, held);
    if (!fault.quiet) {
      try (Load load = new Load()) {
        load.start();
        String where = injection.inject(fault);
        return load.ended(fault, where);
      }
    }
    try (Load before = new Load()) {
      before.start();
      Outcome _ = before.ended(fault, "");
      before.copied();
    }
    String where = injection.inject(fault);
    try (Load after = new Load()) {
      after.start();
      return after.ended(fault, where);
    }
  }

  /** All payers, from their first payment to the end of their last one. */
  private final class Load implements AutoCloseable {
    private final List<Payer> payers = lab.payers();
    private final Map<AccountId, Money> balances = new HashMap<>();

    void start() throws InterruptedException {
      for (Payer payer : payers) {
        balances.put(payer.account(), balance(payer));
      }
      payers.forEach(Payer::start);
      goOn("before anything was done");
      payers.forEach(Payer::silent); // from here on it counts
    }

    private void goOn(String when) throws InterruptedException {
      for (Payer payer : payers) {
        if (!payer.goesOn(GOES_ON_MAX)) {
          String failure = payer.failure();
          throw new LabException(
              failure == null
                  ? "%s: no payment is accepted within %d s %s"
                      .formatted(payer.account(), GOES_ON_MAX.toSeconds(), when)
                  : failure);
        }
      }
    }

    Outcome ended(Fault fault, String where) throws InterruptedException {
      long healed = System.nanoTime();
      goOn("after the fault");
      for (Payer payer : payers) {
        payer.finish();
        String failure = payer.failure();
        if (failure != null) {
          throw new LabException(failure);
        }
        if (concerns(fault, payer) && fault.isOfPeers() && payer.again() > 0) {
          throw new LabException(
              "%s: %d orders were not brought through by the SDK alone"
                  .formatted(payer.account(), payer.again()));
        }
      }
      for (Payer payer : payers) {
        for (TransferId transfer : payer.acknowledged()) {
          await(transfer + " is not complete", () -> payer.isComplete(transfer));
        }
      }
      Duration end = Duration.ofNanos(System.nanoTime() - healed);
      for (Payer payer : payers) {
        await(payer.account() + " has another balance", () -> balance(payer).equals(due(payer)));
      }
      if (lab.peers().isPresent()) {
        Peers peers = lab.peers().get();
        await(peers.town().id() + ": not one of its machines leads", peers::areOne);
      }
      lab.audit();
      return new Outcome(
          fault,
          where,
          payers.stream().mapToInt(payer -> payer.acknowledged().size()).sum(),
          payers.stream().mapToInt(Payer::again).sum(),
          silent(fault),
          end);
    }

    /** Who is served by other machines than those that are broken does not count. */
    private boolean concerns(Fault fault, Payer payer) {
      return !fault.isOfPeers() || lab.isOfPeers(payer.account().chain());
    }

    private Duration silent(Fault fault) {
      return payers.stream()
          .filter(payer -> concerns(fault, payer))
          .map(Payer::silent)
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }

    private static Money balance(Payer payer) {
      return payer.client().account(payer.account()).balance();
    }

    /** What the account must have: each acknowledged payment once, and nothing else. */
    private Money due(Payer payer) {
      Money due = balances.getOrDefault(payer.account(), Money.ZERO).minus(paid(payer));
      for (Payer other : payers) {
        due = other.to().equals(payer.account()) ? due.plus(paid(other)) : due;
      }
      return due;
    }

    private static Money paid(Payer payer) {
      return Money.ofMinor(Payer.AMOUNT.minor() * payer.acknowledged().size());
    }

    /** Waits until other nodes' copies have all that each payer's chain has. */
    void copied() throws InterruptedException {
      for (int i = 0; i < payers.size(); i++) {
        Payer payer = payers.get(i);
        Payer next = payers.get((i + 1) % payers.size());
        ChainId chain = payer.account().chain();
        await(
            "the copies of " + chain + " are behind",
            () ->
                payer
                    .client()
                    .checkpoint(chain)
                    .checkpoint()
                    .equals(next.client().checkpoint(chain).checkpoint()));
      }
    }

    @Override
    public void close() {
      payers.forEach(Payer::close);
    }
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private static void await(String otherwise, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + ENDS_MAX.toNanos();
    List<String> said = new ArrayList<>();
    while (!holds(condition, said)) {
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "%s %d s after the fault%s"
                .formatted(
                    otherwise,
                    ENDS_MAX.toSeconds(),
                    said.isEmpty() ? "" : " (" + said.getLast() + ")"));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** A node that does not answer now is asked again. */
  private static boolean holds(Condition condition, List<String> said) throws InterruptedException {
    try {
      return condition.holds();
    } catch (ClientException away) {
      said.add(away.toString());
      return false;
    }
  }
}
