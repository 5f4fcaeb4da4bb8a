package aika.client;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to follow (docs/spec/feed.md). Immutable: each method answers another query.
 *
 * @param from first leaf that is wanted
 * @param account only what concerns this account; null: everything
 * @param kinds only leaves of these kinds, as in {@code send}; empty: all kinds
 * @param approved a leaf comes when it is approved; otherwise as soon as it is durable
 */
public record FeedQuery(
    ChainId chain, long from, @Nullable AccountId account, Set<String> kinds, boolean approved) {
  public FeedQuery {
    kinds = Set.copyOf(kinds);
  }

  /** Everything, from the beginning. */
  public static FeedQuery of(ChainId chain) {
    return new FeedQuery(chain, 0, null, Set.of(), false);
  }

  public FeedQuery from(long leaf) {
    return new FeedQuery(chain, leaf, account, kinds, approved);
  }

  public FeedQuery account(AccountId only) {
    return new FeedQuery(chain, from, only, kinds, approved);
  }

  public FeedQuery kinds(String... only) {
    return new FeedQuery(chain, from, account, Set.of(only), approved);
  }

  public FeedQuery approvedOnly() {
    return new FeedQuery(chain, from, account, kinds, true);
  }

  /** Whether every leaf is wanted, so that none may be missing. */
  boolean isWhole() {
    return account == null && kinds.isEmpty();
  }

  String path() {
    StringBuilder path = new StringBuilder("/chains/" + chain + "/feed?from=" + from);
    Optional.ofNullable(account).ifPresent(only -> path.append("&account=").append(only));
    new TreeSet<>(kinds).forEach(kind -> path.append("&kind=").append(kind));
    return path.append(approved ? "&approved=true" : "").toString();
  }
}
