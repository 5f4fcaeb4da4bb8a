package aika.core.transfer;

import aika.core.ledger.Policy;
import aika.core.money.AccountId;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who represents a chain, and whose votes count for whom, as docs/spec/execution.md says it (X-34
 * to ): it shares no code with the chains. Amounts are in minor units.
 */
final class ReferenceTerm {
  static final Policy.Term LENGTH = new Policy.Term(3, 15, 0);

  private static final int CANDIDATES_MAX = 100;
  private static final int THE_LAST_BLOCK = -1;

  /** A candidate's score when the term ended. */
  record Score(AccountId account, int counterparties, long total) {}

  private static final class Candidate {
    final VerifierKey seat;
    final Set<AccountId> met = new HashSet<>();
    long total;

    Candidate(VerifierKey seat) {
      this.seat = seat;
    }
  }

  private final Map<AccountId, Candidate> candidates = new TreeMap<>();
  private long number = 1;
  private long blocks;
  private List<VerifierKey> seats;

  ReferenceTerm(List<VerifierKey> seats) {
    this.seats = seats;
  }

  long number() {
    return number;
  }

  List<VerifierKey> seats() {
    return seats;
  }

  boolean stands(AccountId account) {
    return candidates.containsKey(account);
  }

  /** Of those who sit and those who stand. */
  List<byte[]> keys() {
    return Stream.concat(seats.stream(), candidates.values().stream().map(one -> one.seat))
        .map(VerifierKey::publicKey)
        .toList();
  }

  /** Whether somebody who may order can stand with this key. */
  boolean mayStand(AccountId account, VerifierKey seat) {
    return !stands(account)
        && candidates.size() < CANDIDATES_MAX
        && keys().stream().noneMatch(key -> Arrays.equals(key, seat.publicKey()));
  }

  void stand(AccountId account, VerifierKey seat) {
    candidates.put(account, new Candidate(seat));
  }

  /** Counts for whoever stands, and for nobody else. */
  void count(AccountId account, AccountId counterparty, long amount) {
    @Nullable Candidate candidate = candidates.get(account);
    if (candidate != null) {
      candidate.met.add(counterparty);
      long room = Policy.MONEY_MAX.minor() - candidate.total;
      candidate.total += Math.min(amount, room);
    }
  }

  /** A block was sealed; answers whether the term should have gone on until here. */
  boolean sealed() {
    blocks++;
    return blocks < LENGTH.blocks();
  }

  /** Whether the open block is the term's last. */
  boolean ends() {
    return blocks + 1 == LENGTH.blocks();
  }

  /** Ends the term before its last block is sealed. Answers the scores, the first first. */
  List<Score> end(Predicate<AccountId> eligible) {
    List<Score> scores = new ArrayList<>();
    candidates.forEach((account, one) -> {
      if (eligible.test(account)) {
        scores.add(new Score(account, one.met.size(), one.total));
      }
    });
    scores.sort(
        Comparator.comparingInt((Score score) -> -score.counterparties)
            .thenComparingLong(score -> -score.total)
            .thenComparing(score -> score.account.toString()));
    if (scores.size() >= LENGTH.seats()) {
      List<VerifierKey> elected = new ArrayList<>();
      for (Score score : scores.subList(0, LENGTH.seats())) {
        candidates.computeIfPresent(
            score.account,
            (account, one) -> {
              elected.add(one.seat);
              return one;
            });
      }
      seats = elected;
    }
    candidates.clear();
    number++;
    blocks = THE_LAST_BLOCK;
    return scores;
  }
}
