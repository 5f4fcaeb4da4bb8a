package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happened around some transfers or chains, in plain words: time, who, what. A run that failed
 * is made again with a diary that is open to what the failure is about.
 */
final class Diary {
  static final int LINES_MAX = 40;

  /** Writes nothing. */
  static final Diary CLOSED = new Diary(Set.of(), Set.of(), false);

  private static final Pattern SUBJECT =
      Pattern.compile("\\b([A-Z][A-Za-z]+(?:-[A-Za-z0-9]+)?)(?::(\\d+)| leaf (\\d+))?");

  private final Set<TransferId> transfers;
  private final Set<ChainId> chains;
  private final boolean open;
  private final ArrayDeque<String> about = new ArrayDeque<>();
  private final ArrayDeque<String> last = new ArrayDeque<>();

  private Diary(Set<TransferId> transfers, Set<ChainId> chains, boolean open) {
    this.transfers = transfers;
    this.chains = chains;
    this.open = open;
  }

  /** About the transfers that a failure names, else about the chains that it names. */
  static Diary about(String failure, Set<ChainId> known) {
    Set<TransferId> transfers = new HashSet<>();
    Set<ChainId> chains = new HashSet<>();
    Matcher found = SUBJECT.matcher(failure);
    while (found.find()) {
      String name = String.valueOf(found.group(1));
      known.stream()
          .filter(chain -> chain.value().equals(name))
          .findFirst()
          .ifPresent(chain -> {
            if (found.group(2) != null) {
              transfers.add(new TransferId(chain, Long.parseLong(found.group(2))));
            } else {
              chains.add(chain);
            }
          });
    }
    return new Diary(transfers, transfers.isEmpty() ? chains : Set.of(), true);
  }

  /** The last lines about the subject; without any, the last ones about anything. */
  List<String> lines() {
    return List.copyOf(about.isEmpty() ? last : about);
  }

  /** A leaf is written. */
  void leaf(World world, ChainId chain, Entry entry) {
    if (!open) {
      return;
    }
    List<TransferId> of = transfers(chain, entry);
    boolean subject = chains.contains(chain) || of.stream().anyMatch(transfers::contains);
    write(world, subject, "the chain of " + chain, () -> words(chain, entry, of));
  }

  private List<TransferId> transfers(ChainId chain, Entry entry) {
    List<TransferId> found = new ArrayList<>();
    TransferId own = new TransferId(chain, entry.index());
    if (entry.leaf().offer(own, entry.hash()) != null) {
      found.add(own);
    }
    Leaf.Decision decision = entry.leaf().decision();
    if (decision != null) {
      found.add(decision.transfer());
    }
    if (entry.leaf() instanceof Leaf.Executed executed
        && executed.order().order() instanceof Order.Cancel cancel) {
      found.add(cancel.transfer());
    }
    if (entry.leaf() instanceof Leaf.Settled settled) {
      settled.ended().forEach(ended -> found.add(new TransferId(chain, ended.hold())));
    }
    return found;
  }

  private String words(ChainId chain, Entry entry, List<TransferId> of) {
    long index = entry.index();
    Offer offer = entry.leaf().offer(new TransferId(chain, index), entry.hash());
    String what =
        switch (entry.leaf()) {
          case Leaf.Genesis genesis -> "begins";
          case Leaf.Sealed sealed -> "seals block " + sealed.height() + " of term " + sealed.term();
          case Leaf.Elected elected ->
              "elects term " + elected.term() + "; " + elected.standings().size() + " stood";
          case Leaf.Recorded recorded ->
              "records " + recorded.origin() + " up to leaf " + recorded.size();
          case Leaf.Recovered recovered -> "its recovery quorum decides";
          case Leaf.Conflicting conflicting ->
              "believes " + conflicting.origin() + " no more: it signed two histories";
          case Leaf.Settled settled -> settled(settled, of);
          case Leaf.Executed executed when offer == null ->
              "accepts "
                  + executed.order().order().kind()
                  + " "
                  + names(of)
                  + "by "
                  + executed.order().order().account();
          case Leaf.Executed executed -> offered(offer);
          case Leaf.Paid paid when offer != null -> offered(offer);
          case Leaf.Paid paid -> "pays";
          case Leaf.Concluded concluded -> "ends " + names(of) + "as " + concluded.kind().text();
        };
    return "leaf " + index + ": " + what;
  }

  private static String offered(Offer offer) {
    return offer.from()
        + " sends "
        + offer.amount()
        + " to "
        + offer.to()
        + ", held until "
        + clock(offer.validUntil());
  }

  private String settled(Leaf.Settled leaf, List<TransferId> of) {
    StringBuilder out = new StringBuilder("settles");
    for (int i = 0; i < of.size(); i++) {
      if (transfers.isEmpty() || transfers.contains(of.get(i))) {
        out.append(' ').append(of.get(i)).append(" as ").append(leaf.ended().get(i).kind().text());
      }
    }
    return out.append(", as ").append(leaf.from()).append(" decided").toString();
  }

  private static String names(List<TransferId> of) {
    StringBuilder out = new StringBuilder();
    of.forEach(transfer -> out.append(transfer).append(' '));
    return out.toString();
  }

  /** A chain refuses what it was asked. */
  void refused(World world, ChainId chain, Action action, Reason reason) {
    if (!open) {
      return;
    }
    List<TransferId> of =
        switch (action) {
          case Action.Submit submit when submit.order().order() instanceof Order.Decide decide ->
              List.of(decide.transfer());
          case Action.Submit submit when submit.order().order() instanceof Order.Cancel cancel ->
              List.of(cancel.transfer());
          case Action.Conclude conclude -> List.of(conclude.transfer());
          case Action.Settle settle ->
              settle.items().stream().map(item -> new TransferId(chain, item.hold())).toList();
          default -> List.of();
        };
    boolean subject = chains.contains(chain) || of.stream().anyMatch(transfers::contains);
    write(
        world,
        subject,
        "the chain of " + chain,
        () -> "refuses " + words(action) + " " + names(of) + "(" + reason + ")");
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.Submit submit -> submit.order().order().kind();
      case Action.Conclude conclude -> "to end as " + conclude.kind().text();
      case Action.RecordCheckpoint record ->
          "to record " + record.origin() + " up to leaf " + record.checkpoint().size();
      case Action.Settle settle -> "to settle by " + settle.from();
      case Action.Seal seal -> "to seal";
      case Action.Genesis genesis -> "to begin";
      case Action.Recover recover -> "a recovery";
      case Action.Convict convict -> "a proof against " + convict.origin();
    };
  }

  /** A chain's tree is approved. */
  void approved(World world, ChainId chain, long size) {
    String who = "the seats of " + chain;
    write(world, chains.contains(chain), who, () -> "approve all leaves below " + size);
  }

  /** Something happens to an actor. */
  void happens(World world, Actor actor, String what) {
    boolean subject =
        chains.stream().anyMatch(chain -> isOf(actor, chain))
            || transfers.stream().anyMatch(transfer -> isOf(actor, transfer.origin()));
    write(world, subject, actor.name, () -> what);
  }

  private static boolean isOf(Actor actor, ChainId chain) {
    return actor.name.endsWith(" " + chain);
  }

  private void write(World world, boolean subject, String who, Supplier<String> what) {
    if (open) {
      String line = clock(world.now()) + "  " + who + "  " + what.get();
      keep(last, line);
      if (subject) {
        keep(about, line);
      }
    }
  }

  private static void keep(ArrayDeque<String> lines, String line) {
    lines.add(line);
    if (lines.size() > LINES_MAX) {
      lines.remove();
    }
  }

  /** Virtual time since the start. */
  private static String clock(long time) {
    Duration since = Duration.ofMillis(time - Timeline.START);
    return String.format(
        Locale.ROOT,
        "%d:%02d:%02d.%03d",
        since.toHours(),
        since.toMinutesPart(),
        since.toSecondsPart(),
        since.toMillisPart());
  }
}
