package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.TestKeys;
import aika.core.log.Cosignature;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.MlDsa44;
import aika.core.note.VerifierKey;
import aika.core.transfer.Reference.Person;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Has people stand, and compares every election with the {@link ReferenceTerm}. */
final class RandomElections {
  private final Choices pick;
  private final Map<ChainId, Integer> seen = new HashMap<>();
  private int elected;

  RandomElections(Choices pick) {
    this.pick = pick;
  }

  /** How many elections had candidates enough. */
  int elected() {
    return elected;
  }

  /** With a new key, or now and then one that another has. */
  void stand() {
    AccountId account = pick.anybody(one -> !one.closed && !term(one.id.chain()).stands(one.id));
    ReferenceTerm term = term(account.chain());
    boolean signs = pick.signs(account);
    byte[] key =
        pick.random.nextInt(8) > 0
            ? Arrays.copyOf(TestKeys.seed(pick.newWord()), MlDsa44.PUBLIC_KEY_BYTES)
            : Arrays.copyOf(pick.any(term.keys(), any -> true), MlDsa44.PUBLIC_KEY_BYTES);
    byte[] possession = new byte[MlDsa44.SIGNATURE_BYTES];
    Order order = new Order.Stand(pick.fed.header(), account, key, possession);
    Applied applied = pick.fed.submit(order);
    follow(); // it stands in the term that sits after the block that was full
    VerifierKey seat = new VerifierKey(name(account), Cosignature.TYPE, key);
    if (pick.check(order.kind(), signs && term.mayStand(account, seat), applied)) {
      term.stand(account, seat);
    }
  }

  private ReferenceTerm term(ChainId chain) {
    return pick.reference.term(chain);
  }

  private static String name(AccountId account) {
    return TestFederation.ID + '/' + account;
  }

  /** What the chains sealed since; before the reference learns what came after it. */
  void follow() {
    for (ChainId chain : Reference.CHAINS) {
      List<Entry> entries = pick.fed.chain(chain).entries();
      for (Entry entry : entries.subList(seen.getOrDefault(chain, 0), entries.size())) {
        switch (entry.leaf()) {
          case Leaf.Elected next -> compare(next, term(chain));
          case Leaf.Sealed _ -> assertTrue(term(chain).sealed(), () -> chain + " elects nobody");
          default -> {}
        }
      }
      seen.put(chain, entries.size());
    }
  }

  private void compare(Leaf.Elected next, ReferenceTerm term) {
    assertTrue(term.ends(), "a term ends too early");
    List<Leaf.Ranked> standings =
        term.end(this::isEligible).stream()
            .map(score ->
                new Leaf.Ranked(
                    name(score.account()), score.counterparties(), Money.ofMinor(score.total())))
            .toList();
    assertEquals(standings, next.standings());
    assertEquals(term.seats(), next.seats().keys());
    assertEquals(term.number(), next.term());
    elected += standings.size() >= ReferenceTerm.LENGTH.seats() ? 1 : 0;
  }

  private boolean isEligible(AccountId account) {
    Person person = pick.reference.people.get(account);
    return person != null && !person.closed && !person.frozen;
  }
}
