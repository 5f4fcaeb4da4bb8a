package aika.sinks.analytics;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Posting;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.SinkException;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads approved leaves of one chain and writes the rows that they make. */
final class Facts {
  static final String SEND_PENDING = "send_pending";
  static final String COMPLETE = "complete";
  private static final String REDEEM = "redeem";

  private final Source source;
  private final ChainId chain;
  private final Calendar calendar;
  private final Anchors anchors;
  private final Batch batch;
  private final List<AccountId> opened = new ArrayList<>();
  private @Nullable Block block;
  private @Nullable Approval approval;
  private long events;

  Facts(Source source, ChainId chain, Calendar calendar, Anchors anchors, Batch batch) {
    this.source = source;
    this.chain = chain;
    this.calendar = calendar;
    this.anchors = anchors;
    this.batch = batch;
  }

  /**
   * Reads leaves from {@code from} below {@code to}, all of them approved.
   *
   * @param eventsMax no further leaf is read when they told more than this
   * @return the first leaf that was not read
   */
  long read(long from, long to, long eventsMax) {
    long index = from;
    while (index < to && events < eventsMax) {
      Entry entry = source.entry(chain, index);
      for (Event event : Event.of(chain, entry)) {
        write(event, entry);
        events++;
      }
      index++;
    }
    return index;
  }

  /** Accounts that were opened on these leaves. */
  List<AccountId> opened() {
    return opened;
  }

  private void write(Event event, Entry entry) {
    long leaf = entry.index();
    switch (event) {
      case Event.Opened e -> opened(e, leaf);
      case Event.Issued e -> issued(e.account(), e.amount(), e.time(), leaf);
      case Event.Changed e -> {
        if (e.what().equals(REDEEM) && e.account() != null && e.amount() != null) {
          issued(e.account(), e.amount().negated(), e.time(), leaf);
        }
      }
      case Event.Sent e -> sent(e);
      case Event.CancelAsked e -> {
        // The receiver's chain decides; its leaf tells.
      }
      case Event.Decided e -> decided(e, entry);
      case Event.Ended e -> ended(e, leaf);
      case Event.Recorded e -> recorded(e, leaf);
      case Event.Sealed e -> sealed(e, leaf);
    }
  }

  private void opened(Event.Opened e, long leaf) {
    opened.add(e.account());
    Rows row = batch.rows(Table.ACCOUNTS);
    row.text(e.account().toString()).text(chain.value()).time(e.time());
    row.day(calendar.day(e.time())).number(height(leaf)).number(leaf).end();
  }

  private void issued(AccountId account, Money amount, long time, long leaf) {
    Rows row = batch.rows(Table.ISSUES);
    row.text(account.toString()).text(chain.value()).number(amount.minor()).time(time);
    row.day(calendar.day(time)).number(height(leaf)).number(leaf).end();
  }

  private void sent(Event.Sent e) {
    long leaf = e.transfer().index();
    Rows row = batch.rows(Table.NEW_SENDS);
    transfer(row, e.transfer(), e.to().chain());
    row.id(e.order().value()).text(e.from().toString()).text(e.to().toString());
    row.number(e.amount().minor()).time(e.arrived()).time(e.time());
    row.day(calendar.day(e.time()))
        .number(calendar.hour(e.time()))
        .number(height(leaf))
        .time(e.validUntil());
    Anchors.Anchor listed = anchors.over(leaf);
    if (listed == null) {
      row.none().none().none().end();
    } else {
      row.time(listed.time()).number(listed.block()).number(listed.leaf()).end();
    }
  }

  private static void transfer(Rows row, TransferId id, ChainId destination) {
    row.text(id.origin().value()).number(id.index()).text(destination.value());
  }

  private void decided(Event.Decided e, Entry entry) {
    AccountId by = e.by();
    boolean received = e.kind() == OutcomeKind.RECEIVED;
    long done = received ? Math.max(approval(entry.index()).time(), e.time()) : e.time();
    Rows row = batch.rows(Table.NEW_DECISIONS);
    transfer(row, e.transfer(), chain);
    row.text(received ? COMPLETE : e.kind().text()).text(by == null ? null : by.toString());
    credit(row, by, entry.leaf());
    row.time(e.arrived()).time(e.time()).number(height(entry.index())).number(entry.index());
    (received ? row.time(done) : row.none()).day(calendar.day(done)).end();
  }

  /**
   * What the receiver got; it is all that a node knows which does not follow the sender's chain.
   */
  private static void credit(Rows row, @Nullable AccountId by, Leaf leaf) {
    for (Posting posting : leaf.postings()) {
      if (posting.account().equals(by) && posting.amount().isPositive()) {
        row.number(posting.amount().minor());
        return;
      }
    }
    row.none();
  }

  private void ended(Event.Ended e, long leaf) {
    Rows row = batch.rows(Table.NEW_ENDS);
    row.text(chain.value()).number(e.transfer().index()).time(e.time());
    row.number(height(leaf)).number(leaf).end();
  }

  private void recorded(Event.Recorded e, long leaf) {
    if (chain.municipal()) {
      return;
    }
    long first = anchors.list(e.origin(), e.size());
    Rows row = batch.rows(Table.ANCHORS);
    row.text(chain.value()).number(leaf).number(height(leaf)).text(e.origin().value());
    row.number(first).number(e.size()).time(e.time()).end();
    if (source.chains().contains(e.origin())) {
      list(e, first, leaf);
    }
  }

  /** Blocks that are not here yet find the anchor when their sends are written. */
  private void list(Event.Recorded e, long first, long leaf) {
    long here = Math.min(e.size(), source.approvedSize(e.origin()));
    long next = first;
    while (next < here) {
      Block listed = source.block(e.origin(), next);
      if (listed == null) {
        return;
      }
      Rows row = batch.rows(Table.NEW_LISTED);
      row.text(e.origin().value()).number(listed.height()).time(e.time());
      row.number(height(leaf)).number(leaf).end();
      next = listed.size();
    }
  }

  private void sealed(Event.Sealed e, long leaf) {
    Rows row = batch.rows(Table.BLOCKS);
    row.text(chain.value()).number(e.height()).number(e.first()).number(leaf);
    row.number(leaf + 1 - e.first()).time(e.time()).day(calendar.day(e.time()));
    row.time(approval(leaf).time()).end();
  }

  private long height(long leaf) {
    Block known = block;
    if (known == null || known.size() <= leaf) {
      known = source.block(chain, leaf);
      block = known;
    }
    if (known == null) {
      throw missing("block", leaf);
    }
    return known.height();
  }

  private Approval approval(long leaf) {
    Approval known = approval;
    if (known == null || known.size() <= leaf) {
      known = source.approval(chain, leaf);
      approval = known;
    }
    if (known == null) {
      throw missing("approval", leaf);
    }
    return known;
  }

  private SinkException missing(String what, long leaf) {
    return new SinkException(
        SinkException.Kind.FAILED,
        "the node has no %s of leaf %d of %s".formatted(what, leaf, chain),
        null);
  }
}
