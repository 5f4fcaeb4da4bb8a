package aika.cli;

import aika.core.approval.Handovers;
import aika.core.approval.LifeReceipt;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How terms handed over, for a receipt of one chain: what its log publishes, at a gateway or in a
 * directory, or what the receipt of a transfer's life carries.
 */
final class Terms implements Handovers, AutoCloseable {
  private final String source;
  private final LogSources logs;
  private @Nullable Iterator<TlogProof> carried;

  Terms(String source) {
    this.source = source;
    logs = new LogSources(List.of(source));
  }

  @Override
  public @Nullable TlogProof after(ChainId chain, long term) {
    if (source.startsWith("http") || Files.isDirectory(Path.of(source))) {
      byte[] file = logs.file(chain, "term/" + term);
      return file == null ? null : TlogProof.parse(file);
    }
    Iterator<TlogProof> next = carried;
    if (next == null) {
      byte[] receipt = SmallFile.read(Path.of(source), LifeReceipt.BYTES_MAX);
      next = LifeReceipt.handovers(receipt, chain).iterator();
      carried = next;
    }
    return next.hasNext() ? next.next() : null;
  }

  @Override
  public void close() {
    logs.close();
  }
}
