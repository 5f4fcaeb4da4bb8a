package aika.cli;

import aika.core.approval.Handovers;
import aika.core.approval.LifeReceipt;
import aika.core.audit.UnreadableLogException;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How terms handed over, for one receipt: what each log publishes, at a gateway or in a directory,
 * or what the receipt of a transfer's life carries.
 */
final class Terms implements Handovers, AutoCloseable {
  private final String source;
  private final LogSources logs;
  private final Set<ChainId> there = new HashSet<>();
  private final Map<ChainId, Iterator<TlogProof>> carried = new HashMap<>();
  private final Map<ChainId, Map<Long, TlogProof>> taken = new HashMap<>();

  Terms(String source) {
    this.source = source;
    logs = new LogSources(List.of(source));
  }

  @Override
  public @Nullable TlogProof after(ChainId chain, long term) {
    if (source.startsWith("http") || Files.isDirectory(Path.of(source))) {
      byte[] file = logs.file(chain, "term/" + term);
      if (file != null) {
        there.add(chain);
        return TlogProof.parse(file);
      }
      if (!there.contains(chain) && logs.file(chain, "checkpoint") == null) {
        throw new UnreadableLogException(source + " has nothing of " + chain, null);
      }
      return null;
    }
    Map<Long, TlogProof> known = taken.computeIfAbsent(chain, any -> new HashMap<>());
    Iterator<TlogProof> next = carried.computeIfAbsent(chain, this::carried);
    if (!known.containsKey(term) && next.hasNext()) {
      known.put(term, next.next()); // they stand in their order, and say no number
    }
    return known.get(term);
  }

  private Iterator<TlogProof> carried(ChainId chain) {
    byte[] receipt = SmallFile.read(Path.of(source), LifeReceipt.BYTES_MAX);
    return LifeReceipt.handovers(receipt, chain).iterator();
  }

  @Override
  public void close() {
    logs.close();
  }
}
