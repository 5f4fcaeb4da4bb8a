package aika.core.audit;

import aika.core.approval.LifeReceipt;
import aika.core.approval.LifeReceipt.Part;
import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the life of a transfer in published logs, below their approved checkpoints. What it finds
 * is proven by {@link LifeReceipt#check}, not by having been found.
 */
public final class LifeFinder {
  /** How far the clocks of two chains may be apart before the search begins too late. */
  private static final long CLOCKS_MILLIS = 600_000;

  private static final LogReader.Room ROOM = new LogReader.Room(64, 256);

  private final Directory directory;
  private final FederationAudit.Schemes schemes;
  private final Function<ChainId, PublishedLog> published;

  public LifeFinder(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, PublishedLog> published) {
    this.directory = directory;
    this.schemes = schemes;
    this.published = published;
  }

  /** A leaf and where it stands. */
  private record Found(long index, byte[] bytes, Leaf leaf) {}

  /**
   * The receipt of what can be proven now; empty when no such send is approved.
   *
   * @throws UnreadableLogException when a log cannot be read, or is damaged where it was read
   */
  public Optional<byte[]> find(TransferId transfer) {
    if (directory.find(transfer.origin()) == null) {
      return Optional.empty();
    }
    try {
      LogReader origin = log(transfer.origin());
      origin.checkEnded();
      Found send = at(origin, transfer.index());
      Offer offer = send == null ? null : send.leaf.offer(transfer, Merkle.leafHash(send.bytes));
      if (send == null || offer == null) {
        return Optional.empty();
      }
      Map<Part, TlogProof> parts = new EnumMap<>(Part.class);
      parts.put(Part.SEND, proof(origin, send));
      LogReader receiver =
          offer.to().chain().equals(transfer.origin()) ? origin : log(offer.to().chain());
      receiver.checkEnded();
      Found decision = decision(receiver, transfer, send);
      if (decision != null) {
        parts.put(Part.DECISION, proof(receiver, decision));
      }
      String name = "\ntransfer " + transfer + '\n';
      Found cancel =
          search(origin, send.index, Long.MAX_VALUE, name, leaf -> cancels(leaf, transfer));
      if (cancel != null) {
        parts.put(Part.CANCEL, proof(origin, cancel));
      }
      String ended = "\nended " + transfer.index() + ' ';
      Found settle =
          decision == null
              ? null
              : search(
                  origin,
                  send.index,
                  Long.MAX_VALUE,
                  ended,
                  leaf -> settles(leaf, receiver.chain(), transfer.index(), decision.index));
      if (settle != null) {
        parts.put(Part.SETTLE, proof(origin, settle));
      }
      Map<ChainId, List<TlogProof>> terms = new TreeMap<>();
      terms.put(origin.chain(), origin.handovers());
      if (decision != null) {
        terms.put(receiver.chain(), receiver.handovers());
      }
      return Optional.of(LifeReceipt.encode(transfer, terms, parts));
    } catch (FindingException damaged) {
      throw new UnreadableLogException(damaged.finding().toString(), damaged);
    }
  }

  private LogReader log(ChainId chain) {
    Directory.Entry entry = directory.find(chain);
    if (entry == null) {
      throw new UnreadableLogException(
          chain + " is not in this federation file; a later one is needed", null);
    }
    return new LogReader(
        entry,
        published.apply(chain),
        schemes.logs(),
        schemes.cosignatures(),
        ROOM,
        null,
        seen -> {});
  }

  private static boolean cancels(Leaf leaf, TransferId transfer) {
    return leaf instanceof Leaf.Executed executed
        && executed.order().order() instanceof Order.Cancel cancel
        && cancel.transfer().equals(transfer);
  }

  private static boolean settles(Leaf leaf, ChainId from, long hold, long decision) {
    return leaf instanceof Leaf.Settled settled
        && settled.from().equals(from)
        && settled.ended().stream().anyMatch(e -> e.hold() == hold && e.index() == decision);
  }

  private static TlogProof proof(LogReader log, Found found) {
    SignedCheckpoint signed = log.signed();
    return new TlogProof(
        Optional.of(found.bytes),
        found.index,
        log.inclusion(found.index, signed.checkpoint().size()),
        signed);
  }

  private static long size(LogReader log) {
    return log.approved().checkpoint().size();
  }

  private static @Nullable Found at(LogReader log, long index) {
    if (index >= size(log)) {
      return null;
    }
    byte[] bytes = log.leaf(index, size(log));
    return new Found(index, bytes, parsed(log, index, bytes));
  }

  private static Leaf parsed(LogReader log, long index, byte[] bytes) {
    try {
      return LeafText.parse(bytes);
    } catch (MalformedException malformed) {
      String what = String.valueOf(malformed.getMessage());
      throw new FindingException(
          Finding.atLeaf(log.chain(), Finding.Kind.LEAF_MALFORMED, index, what));
    }
  }

  /** Behind the send by the clocks, most likely; otherwise before. */
  private static @Nullable Found decision(LogReader log, TransferId transfer, Found send) {
    String name = "\ntransfer " + transfer + '\n';
    Predicate<Leaf> decides =
        leaf -> {
          Leaf.Decision decision = leaf.decision();
          return decision != null && decision.transfer().equals(transfer);
        };
    long from = firstAfter(log, send.leaf.time() - CLOCKS_MILLIS);
    Found behind = search(log, from, Long.MAX_VALUE, name, decides);
    return behind != null ? behind : search(log, 0, from, name, decides);
  }

  /** The first leaf of a bundle before which all leaves are earlier. Time never goes back. */
  private static long firstAfter(LogReader log, long time) {
    long low = 0;
    long high = Math.ceilDiv(size(log), TilePath.FULL_WIDTH);
    while (low < high) {
      long middle = (low + high) / 2;
      long first = middle * TilePath.FULL_WIDTH;
      if (parsed(log, first, log.leaf(first, size(log))).time() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1) * TilePath.FULL_WIDTH;
  }

  /** The first such leaf at {@code from} or behind, and before {@code to}. */
  private static @Nullable Found search(
      LogReader log, long from, long to, String text, Predicate<Leaf> wanted) {
    byte[] needle = text.getBytes(StandardCharsets.US_ASCII);
    long end = Math.min(to, size(log));
    for (long index = from; index < end; ) {
      List<byte[]> bundle = log.bundle(index / TilePath.FULL_WIDTH, size(log));
      for (int at = (int) (index % TilePath.FULL_WIDTH);
          at < bundle.size() && index < end;
          at++, index++) {
        byte[] bytes = bundle.get(at);
        if (contains(bytes, needle)) {
          Leaf leaf = parsed(log, index, bytes);
          if (wanted.test(leaf)) {
            return new Found(index, bytes, leaf);
          }
        }
      }
    }
    return null;
  }

  private static boolean contains(byte[] bytes, byte[] needle) {
    for (int from = 0; from + needle.length <= bytes.length; from++) {
      int same = 0;
      while (same < needle.length && bytes[from + same] == needle[same]) {
        same++;
      }
      if (same == needle.length) {
        return true;
      }
    }
    return false;
  }
}
