package aika.core.audit;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Books that stay between audits, in memory; what was not kept is lost, as in a crash. */
final class KeptBooks implements AuditBook.Shelf {
  final Map<ChainId, byte[]> seen = new HashMap<>();
  final Map<ChainId, byte[]> kept = new HashMap<>();
  private final Map<ChainId, MemoryState> rows = new HashMap<>();

  @Override
  public AuditBook of(ChainId chain, LongFunction<Entry> leaves) {
    return new Book(chain, rows.getOrDefault(chain, new MemoryState()).copy());
  }

  private final class Book implements AuditBook {
    private final ChainId chain;
    private MemoryState state;

    Book(ChainId chain, MemoryState state) {
      this.chain = chain;
      this.state = state;
    }

    @Override
    public <R extends Row> @Nullable R get(Key<R> key) {
      return state.get(key);
    }

    @Override
    public void write(List<Row> changed) {
      state.write(changed);
    }

    @Override
    public byte @Nullable [] seen() {
      return seen.get(chain);
    }

    @Override
    public void see(byte[] checkpoint) {
      seen.put(chain, checkpoint);
    }

    @Override
    public byte @Nullable [] kept() {
      return kept.get(chain);
    }

    @Override
    public void keep(byte @Nullable [] mark) {
      if (mark == null) {
        kept.remove(chain);
      } else {
        kept.put(chain, mark);
      }
      rows.put(chain, state.copy());
    }

    @Override
    public void clear() {
      state = new MemoryState();
    }

    @Override
    public void latest(Consumer<Row.Latest> visitor) {
      for (Row row : state.rows()) {
        if (row instanceof Row.Latest latest) {
          visitor.accept(latest);
        }
      }
    }

    @Override
    public void open(Consumer<Row.Hold> visitor) {
      for (Row row : state.rows()) {
        if (row instanceof Row.Hold hold && hold.status() == Row.Hold.Status.HELD) {
          visitor.accept(hold);
        }
      }
    }
  }
}
