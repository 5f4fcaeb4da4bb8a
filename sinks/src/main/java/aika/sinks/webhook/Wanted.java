package aika.sinks.webhook;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Source;
import java.util.HashSet;
import java.util.Set;

/** Which leaves a hook posts. */
final class Wanted {
  private final Source source;
  private final WebhookSettings settings;
  private final Set<ChainId> known;

  Wanted(Source source, WebhookSettings settings) {
    this.source = source;
    this.settings = settings;
    known = new HashSet<>(source.chains());
  }

  boolean test(ChainId chain, Entry entry) {
    if (!settings.kinds().isEmpty() && !settings.kinds().contains(LeafText.kind(entry.leaf()))) {
      return false;
    }
    AccountId account = settings.account().orElse(null);
    return account == null
        || isOf(account, entry.leaf())
        || Event.of(chain, entry).stream().anyMatch(event -> concerns(account, event));
  }

  private static boolean isOf(AccountId account, Leaf leaf) {
    return leaf instanceof Leaf.Executed executed
        && executed.order().order().account().equals(account);
  }

  private boolean concerns(AccountId account, Event event) {
    return switch (event) {
      case Event.Opened opened -> opened.account().equals(account);
      case Event.Issued issued -> issued.account().equals(account);
      case Event.Sent sent -> sent.from().equals(account) || sent.to().equals(account);
      case Event.CancelAsked asked -> isParty(account, asked.transfer());
      case Event.Decided decided -> isParty(account, decided.transfer());
      case Event.Ended ended -> isParty(account, ended.transfer());
      case Event.Changed changed -> account.equals(changed.account());
      case Event.Recorded recorded -> false;
      case Event.Sealed sealed -> false;
    };
  }

  /** Only the send leaf names both parties; it may stand on a chain that is not here. */
  private boolean isParty(AccountId account, TransferId transfer) {
    ChainId origin = transfer.origin();
    return known.contains(origin)
        && transfer.index() < source.size(origin)
        && Event.of(origin, source.entry(origin, transfer.index())).stream()
            .anyMatch(event ->
                event instanceof Event.Sent sent
                    && (sent.from().equals(account) || sent.to().equals(account)));
  }
}
