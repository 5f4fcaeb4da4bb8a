package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.MlDsa44;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ends blocks, and with them terms: who stands, who is elected, and who is seated otherwise. */
final class Terms {
  private final Directory directory;

  Terms(Directory directory) {
    this.directory = directory;
  }

  /** */
  Applied stand(Turn turn, Action.Submit submit, Order.Stand order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return Accounts.refused(denied);
    }
    if (turn.head().closed()) {
      return Applied.refused(Reason.CHAIN_CLOSED, turn.chain().value());
    }
    long term = turn.head().term();
    if (account.standing().candidacy() == term) {
      return Applied.refused(Reason.STANDS_ALREADY, "in term " + term);
    }
    List<AccountId> others = candidates(turn.state(), term);
    if (others.size() >= Row.Candidates.MAX) {
      return Applied.refused(
          Reason.TOO_MANY_CANDIDATES, Row.Candidates.MAX + " stand in term " + term);
    }
    VerifierKey seat = order.seat();
    if (used(turn.state(), turn.head(), others, seat)) {
      return Applied.refused(Reason.SEAT_KEY_USED, seat.toString());
    }
    Draft draft = new Draft(turn);
    draft.put(account.with(account.standing().standingIn(term)));
    draft.put(new Row.Candidate(order.account(), term, seat, draft.index(), 0, Money.ZERO));
    List<AccountId> all = new ArrayList<>(others);
    all.add(order.account());
    draft.put(new Row.Candidates(term, all));
    draft.addOrder(submit, null);
    return draft.accept();
  }

  private static List<AccountId> candidates(LedgerState state, long term) {
    Row.Candidates row = state.get(new Key.OfCandidates());
    return row == null || row.term() != term ? List.of() : row.accounts();
  }

  private static boolean used(
      LedgerState state, Row.Head head, List<AccountId> others, VerifierKey seat) {
    Row.Term sitting = state.get(new Key.OfTerm(head.term()));
    return sitting != null && sitting.seats().keys().stream().anyMatch(key -> same(key, seat))
        || others.stream().anyMatch(other -> same(candidate(state, other).seat(), seat));
  }

  private static boolean same(VerifierKey one, VerifierKey other) {
    return Arrays.equals(one.publicKey(), other.publicKey());
  }

  private static Row.Candidate candidate(LedgerState state, AccountId account) {
    Row.Candidate candidate = state.get(new Key.OfCandidate(account));
    if (candidate == null) {
      throw new BrokenInvariantException("no candidate " + account);
    }
    return candidate;
  }

  /** A completed transfer counts for whoever of its parties stands in this term. */
  static void count(Draft draft, AccountId account, AccountId counterparty, Money amount) {
    long term = draft.incumbency().term();
    if (draft.account(account).standing().candidacy() != term) {
      return;
    }
    Row.Candidate candidate = draft.get(new Key.OfCandidate(account));
    if (candidate == null) {
      throw new BrokenInvariantException("no candidate " + account);
    }
    Row.Met met = draft.get(new Key.OfMet(account, counterparty));
    boolean known = met != null && met.term() == term;
    Money room = Policy.MONEY_MAX.minus(candidate.total());
    draft.put(
        new Row.Candidate(
            account,
            term,
            candidate.seat(),
            candidate.index(),
            candidate.counterparties() + (known ? 0 : 1),
            candidate.total().plus(amount.compareTo(room) < 0 ? amount : room)));
    if (!known) {
      draft.put(new Row.Met(account, counterparty, term));
    }
  }

  /** */
  Applied seal(Turn turn, Action.Seal seal) {
    Row.Head head = turn.head();
    if (seal.height() != head.height() + 1 || head.sealed()) {
      return Applied.refused(Reason.SEAL_STALE, "height " + seal.height());
    }
    Draft draft = new Draft(turn);
    Row.Incumbency sits = head.incumbency();
    Row.Incumbency next = sits;
    if (sits.endsWith(turn.policy().term(), seal.height(), turn.time())) {
      Seats elected = elect(turn, draft);
      // the term begins behind the seal, which is its predecessor's last
      draft.put(new Row.Term(elected, draft.index() + 1, false));
      next = new Row.Incumbency(elected.term(), elected.hash(), seal.height(), turn.time());
    }
    seal(turn, draft, sits, next.seats());
    draft.seat(next);
    return draft.acceptSeal();
  }

  private static void seal(Turn turn, Draft draft, Row.Incumbency sits, Hash nextSeats) {
    Row.Totals totals = draft.totals();
    draft.add(
        new Leaf.Sealed(
            turn.time(),
            turn.head().height() + 1,
            turn.head().blockStart(),
            sits.term(),
            sits.seats(),
            nextSeats,
            totals.issued(),
            totals.balances(),
            totals.holds(),
            totals.clearing()));
  }

  private record Standing(VerifierKey seat, Leaf.Ranked ranked) {}

  /** The next term's seats; too few candidates keep those who sit. */
  private Seats elect(Turn turn, Draft draft) {
    long term = turn.head().term();
    Row.Term sitting = turn.get(new Key.OfTerm(term));
    if (sitting == null) {
      throw new BrokenInvariantException("nobody sits in term " + term);
    }
    List<Standing> standings = turn.chain().municipal() ? residents(turn) : representatives(turn);
    int seats = turn.policy().term().seats();
    List<VerifierKey> keys =
        standings.size() < seats
            ? sitting.seats().keys()
            : standings.stream().limit(seats).map(Standing::seat).toList();
    Seats elected = new Seats(term + 1, keys);
    List<Leaf.Ranked> ranked = standings.stream().map(Standing::ranked).toList();
    draft.add(new Leaf.Elected(turn.time(), elected, ranked));
    return elected;
  }

  private static List<Standing> residents(Turn turn) {
    return candidates(turn.state(), turn.head().term()).stream()
        .map(account -> candidate(turn.state(), account))
        .filter(candidate -> mayStand(turn, candidate))
        .sorted(Row.Candidate.BEST_FIRST)
        .map(one -> standing(one.seat(), one.counterparties(), one.total()))
        .toList();
  }

  private static boolean mayStand(Turn turn, Row.Candidate candidate) {
    Row.Account account = turn.account(candidate.account());
    return account != null && !account.standing().closed() && !account.standing().frozen();
  }

  private static Standing standing(VerifierKey seat, long counted, Money total) {
    return new Standing(seat, new Leaf.Ranked(seat.name(), counted, total));
  }

  private record Anchored(ChainId municipality, long leaves, List<VerifierKey> seats) {}

  /**
   * Of each municipality that anchored leaves in this term, its first representative; then
   * the second ones, and so on: no municipality fills a continent's seats while others anchor too.
   * Who names a key of others as its own gets a seat that nobody can sign for, and takes none away.
   */
  private List<Standing> representatives(Turn turn) {
    List<Anchored> municipalities = new ArrayList<>();
    for (Directory.Entry entry : directory.chains().values()) {
      Row.Latest latest = turn.get(new Key.OfLatest(entry.id()));
      long leaves = latest == null ? 0 : latest.leavesIn(turn.head().term());
      if (leaves > 0) {
        Row.Sitting sitting = turn.get(new Key.OfSitting(entry.id()));
        if (sitting != null && sitting.conflict()) {
          continue; // who signed two histories is not elected here
        }
        Seats seats = sitting == null ? entry.seats() : sitting.seats();
        municipalities.add(new Anchored(entry.id(), leaves, seats.keys()));
      }
    }
    municipalities.sort((one, other) ->
        one.leaves != other.leaves
            ? Long.compare(other.leaves, one.leaves)
            : one.municipality.compareTo(other.municipality));
    List<Standing> found = new ArrayList<>();
    for (int seat = 0; seat < Seats.SEATS_MAX; seat++) {
      for (Anchored one : municipalities) {
        if (seat < one.seats.size() && found.size() < Row.Candidates.MAX) {
          VerifierKey key = one.seats.get(seat);
          if (belongs(key, one.municipality)) {
            found.add(standing(key, one.leaves, Money.ZERO));
          }
        }
      }
    }
    return found;
  }

  /** What a corrupt municipality calls its seats must not disturb those of others. */
  private boolean belongs(VerifierKey key, ChainId municipality) {
    return key.name().startsWith(directory.origin(municipality) + '/')
        && key.publicKey().length <= MlDsa44.PUBLIC_KEY_BYTES;
  }

  /** */
  Applied recover(Turn turn, Action.Recover recover) {
    Recovery recovery = recover.recovery().recovery();
    Row.Head head = turn.head();
    if (!recovery.federation().equals(directory.federation())) {
      return Applied.refused(Reason.WRONG_FEDERATION, recovery.federation());
    }
    if (!recovery.chain().equals(turn.chain())) {
      return Applied.refused(Reason.WRONG_CHAIN, recovery.chain().value());
    }
    if (recovery.term() != head.term()) {
      return Applied.refused(Reason.TERM_OVER, "term " + head.term() + " sits");
    }
    Draft draft = new Draft(turn);
    Row.Incumbency sits = head.incumbency();
    switch (recovery) {
      case Recovery.Seat seat -> {
        Seats set = seat.set();
        // the seal of this very block is theirs: those before them may not be able to sign it
        draft.put(new Row.Term(set, head.blockStart(), true));
        sits = new Row.Incumbency(set.term(), set.hash(), head.height(), turn.time());
      }
      case Recovery.Close close -> {
        if (head.closed()) {
          return Applied.refused(Reason.CHAIN_CLOSED, turn.chain().value());
        }
        if (close.successor().equals(turn.chain()) || directory.find(close.successor()) == null) {
          return Applied.refused(Reason.UNKNOWN_CHAIN, close.successor().value());
        }
        draft.close();
      }
    }
    draft.add(new Leaf.Recovered(turn.time(), recover.recovery()));
    draft.seat(sits);
    seal(turn, draft, sits, sits.seats());
    return draft.acceptSeal();
  }
}
