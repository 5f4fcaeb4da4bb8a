package aika.node.store;

import aika.core.ledger.Key;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A row among those of all chains. Looked up several times for each order, in maps that do not fit
 * the processor's caches, so what it is compared by lies in one object and its hash is known.
 */
final class RowId {
  private static final String NONE = "";

  private final ChainId chain;
  private final char kind;
  private final String name;
  private final long first;
  private final long second;
  private final int hash;

  private RowId(ChainId chain, char kind, String name, long first, long second) {
    this.chain = chain;
    this.kind = kind;
    this.name = name;
    this.first = first;
    this.second = second;
    int numbers = 31 * Long.hashCode(first) + Long.hashCode(second);
    hash = 31 * (31 * (31 * chain.hashCode() + kind) + name.hashCode()) + numbers;
  }

  static RowId of(ChainId chain, Key<?> key) {
    return switch (key) {
      case Key.OfHead k -> new RowId(chain, 'H', NONE, 0, 0);
      case Key.OfAccount k -> new RowId(chain, 'a', k.account().local(), 0, 0);
      case Key.OfClearing k -> new RowId(chain, 'c', k.counterpart().value(), 0, 0);
      case Key.OfHold k -> new RowId(chain, 'h', NONE, k.index(), 0);
      case Key.OfOutcome k ->
          new RowId(chain, 'o', k.transfer().origin().value(), k.transfer().index(), 0);
      case Key.OfRecorded k -> new RowId(chain, 'r', k.origin().value(), k.size(), 0);
      case Key.OfLatest k -> new RowId(chain, 'l', k.origin().value(), 0, 0);
      case Key.OfTerm k -> new RowId(chain, 't', NONE, k.number(), 0);
      case Key.OfSitting k -> new RowId(chain, 's', k.origin().value(), 0, 0);
      case Key.OfCandidates k -> new RowId(chain, 'C', NONE, 0, 0);
      case Key.OfCandidate k -> new RowId(chain, 'd', k.account().local(), 0, 0);
      case Key.OfMet k -> new RowId(chain, 'm', k.candidate().local() + ' ' + k.other(), 0, 0);
      case Key.OfOrder k -> {
        UUID id = k.id().value();
        String account = k.account().local();
        yield new RowId(
            chain, 'i', account, id.getMostSignificantBits(), id.getLeastSignificantBits());
      }
    };
  }

  ChainId chain() {
    return chain;
  }

  char kind() {
    return kind;
  }

  /** The stored key: the chain first, then the kind of row. */
  byte[] toBytes() {
    Wire out = new Wire(96);
    text(out, chain.value());
    out.u8(kind);
    if (!name.isEmpty()) {
      text(out, name);
    }
    switch (kind) {
      case 'h', 'o', 'r', 't' -> out.i64(first);
      case 'i' -> out.i64(first).i64(second);
      default -> {}
    }
    return out.toBytes();
  }

  /** A text and a zero byte, which no name has. */
  private static void text(Wire out, String text) {
    out.raw(text.getBytes(StandardCharsets.UTF_8)).u8(0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowId that
        && hash == that.hash
        && kind == that.kind
        && first == that.first
        && second == that.second
        && name.equals(that.name)
        && chain.equals(that.chain);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
