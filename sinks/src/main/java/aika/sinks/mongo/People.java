package aika.sinks.mongo;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.sinks.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** The names that are written: in the collection {@code people} and nowhere else [MONGO-13]. */
final class People {
  /** Names that were just written are not written again; so many are remembered. */
  private static final int REMEMBERED_MAX = 10_000;

  private static final int DELETIONS_MAX = 1_000;

  private final Names names;
  private final Predicate<ChainId> ours;

  @SuppressWarnings("serial")
  private final Map<AccountId, String> written =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, String> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /**
   * @param ours municipalities whose people this node knows; other nodes may write the others
   */
  People(Names names, Predicate<ChainId> ours) {
    this.names = names;
    this.ours = ours;
  }

  /** The names of these people that are not known to be written. */
  Map<AccountId, String> fresh(Set<AccountId> accounts) {
    Map<AccountId, String> fresh = new LinkedHashMap<>();
    for (AccountId account : accounts) {
      Optional<String> name = ours.test(account.chain()) ? names.of(account) : Optional.empty();
      if (name.isPresent() && !name.get().equals(written.get(account))) {
        fresh.put(account, name.get());
      }
    }
    written.putAll(fresh);
    return fresh;
  }

  void clear() {
    written.clear();
  }

  void forget(AccountId account) {
    written.remove(account);
  }

  /** Names may have been erased while the sink was not there to hear of it. */
  void forgetErased(Store store) {
    List<String> erased = new ArrayList<>();
    for (Document person : store.people().find()) {
      if (fault(person) != null) {
        erased.add(person.getString("_id"));
      }
      if (erased.size() == DELETIONS_MAX) {
        store.deleteNames(erased);
        erased.clear();
      }
    }
    store.deleteNames(erased);
  }

  /** What is wrong with a document of {@code people}; null when nothing is. Never a name. */
  @Nullable String fault(Document person) {
    String text = String.valueOf(person.get("_id"));
    try {
      AccountId account = AccountId.of(text);
      if (!ours.test(account.chain())) {
        return null;
      }
      Optional<String> name = names.of(account);
      if (name.isEmpty()) {
        return "has a name that the register does not give";
      }
      return name.get().equals(person.get("name")) ? null : "has another name in the register";
    } catch (MalformedException noAccount) {
      return "is not an account: " + noAccount.getMessage();
    }
  }
}
