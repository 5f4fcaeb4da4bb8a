package aika.sinks.mongo;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one step writes: the facts of its leaves and approvals, put together by document. */
final class Batch {
  /** A step reads no further leaf when it has this many documents. */
  static final int DOCUMENTS_MAX = 1_000;

  private final Map<String, Facts> transfers = new LinkedHashMap<>();
  private final Map<String, Facts> blocks = new LinkedHashMap<>();
  private final Map<String, Facts> chains = new LinkedHashMap<>();
  private final Set<AccountId> people = new LinkedHashSet<>();

  Facts transfer(TransferId id) {
    return transfers.computeIfAbsent(id.toString(), Facts::new);
  }

  Facts block(ChainId chain, long height) {
    return blocks.computeIfAbsent(chain.value() + ":" + height, Facts::new);
  }

  Facts chain(ChainId chain) {
    return chains.computeIfAbsent(chain.value(), Facts::new);
  }

  void person(AccountId account) {
    people.add(account);
  }

  Map<String, Facts> transfers() {
    return transfers;
  }

  Map<String, Facts> blocks() {
    return blocks;
  }

  Map<String, Facts> chains() {
    return chains;
  }

  Set<AccountId> people() {
    return people;
  }

  boolean isFull() {
    return transfers.size() >= DOCUMENTS_MAX;
  }
}
