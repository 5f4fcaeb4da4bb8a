package aika.node.gateway;

import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.VerifierKey;
import aika.node.config.Federation;
import aika.node.config.Municipality;
import aika.node.gateway.RepresentativesView.By;
import aika.node.gateway.RepresentativesView.Election;
import aika.node.gateway.RepresentativesView.Standing;
import aika.node.order.Chain;
import aika.node.store.Seal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads from a chain's state who sits, who stands and how terms began. */
final class Representatives {
  /** The leaf that seats others is followed by its block's seal. */
  private static final int FROM_THE_END = 2;

  private final Federation federation;

  Representatives(Federation federation) {
    this.federation = federation;
  }

  RepresentativesView view(Chain chain) {
    Row.Head head = chain.head();
    Row.Incumbency sits = head.incumbency();
    Row.Term term = term(chain, sits.term());
    Policy.Term rule = head.policy().term();
    Long until = rule.millis() > 0 ? (Long) (sits.since() + rule.millis()) : null;
    Long blocksLeft =
        rule.blocks() > 0
            ? (Long) Math.max(0, rule.blocks() - (head.height() - sits.height()))
            : null;
    Seats seats = term.seats();
    return new RepresentativesView(
        chain.id(),
        seats.term(),
        by(term),
        sits.since(),
        until,
        blocksLeft,
        rule.seats(),
        seats.quorum(),
        seats.keys(),
        chain.id().municipal() ? residents(chain, head) : municipalities(chain, head),
        elections(chain, seats.term()));
  }

  private static Row.Term term(Chain chain, long number) {
    Row.Term term = chain.get(new Key.OfTerm(number));
    if (term == null) {
      throw new IllegalStateException("nobody sits in term " + number + " of " + chain.id());
    }
    return term;
  }

  private static By by(Row.Term term) {
    return term.recovered() ? By.RECOVERY : term.first() == 0 ? By.FEDERATION_FILE : By.ELECTION;
  }

  /** In the order of an election that is held now. */
  private static List<Standing> residents(Chain chain, Row.Head head) {
    Row.Candidates all = chain.get(new Key.OfCandidates());
    if (all == null || all.term() != head.term()) {
      return List.of();
    }
    List<Row.Candidate> candidates = new ArrayList<>();
    all.accounts()
        .forEach(account -> {
          Row.Candidate candidate = chain.get(new Key.OfCandidate(account));
          Row.Account row = chain.get(new Key.OfAccount(account));
          Row.Standing standing = row == null ? null : row.at(head.time()).standing();
          if (candidate != null && standing != null && !standing.frozen() && !standing.closed()) {
            candidates.add(candidate);
          }
        });
    return candidates.stream()
        .sorted(Row.Candidate.BEST_FIRST)
        .map(one -> new Standing(one.account().toString(), one.counterparties(), one.total()))
        .toList();
  }

  /** Most leaves first: their representatives take turns in filling the seats. */
  private List<Standing> municipalities(Chain chain, Row.Head head) {
    List<Standing> found = new ArrayList<>();
    for (Municipality municipality : federation.municipalities()) {
      ChainId id = municipality.id();
      Row.Latest latest = chain.get(new Key.OfLatest(id));
      Row.Sitting sitting = chain.get(new Key.OfSitting(id));
      long leaves = latest == null ? 0 : latest.leavesIn(head.term());
      if (leaves > 0 && (sitting == null || !sitting.conflict())) {
        found.add(new Standing(id.value(), leaves, Money.ZERO));
      }
    }
    found.sort(Comparator.comparingLong(Standing::counted).reversed().thenComparing(Standing::who));
    return found;
  }

  private static List<Election> elections(Chain chain, long latest) {
    List<Election> found = new ArrayList<>();
    for (long n = latest; n > 1 && found.size() < RepresentativesView.ELECTIONS_MAX; n--) {
      Row.Term term = term(chain, n);
      Seal recovery = term.recovered() ? chain.sealAfter(term.first()) : null;
      long index = (recovery == null ? term.first() : recovery.size()) - FROM_THE_END;
      Leaf leaf = chain.entry(index).leaf();
      found.add(
          new Election(
              n,
              by(term),
              index,
              leaf.time(),
              term.seats().keys().stream().map(VerifierKey::name).toList(),
              leaf instanceof Leaf.Elected elected ? elected.standings() : List.of(),
              leaf instanceof Leaf.Recovered recovered
                  ? recovered.recovery().recovery().reason()
                  : ""));
    }
    return found;
  }
}
