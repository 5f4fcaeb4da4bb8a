package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.backup.Backup;
import aika.node.gateway.RefusedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Backups of the running node [OPR-11]. */
public final class BackupRoutes {
  private final Backup backup;
  private final AtomicBoolean busy = new AtomicBoolean();

  public BackupRoutes(Backup backup) {
    this.backup = backup;
  }

  void add(OperatorRules rules) {
    rules.post("/backup", this::write);
  }

  private void write(Call call) {
    Path directory = call.directory();
    if (!busy.compareAndSet(false, true)) {
      throw RefusedException.of(Reason.BUSY, "another backup is being written");
    }
    try {
      call.stream(out -> {
        Telling telling = new Telling(out);
        Map<ChainId, Long> leaves =
            backup.into(
                directory,
                (chain, done, total) -> telling.tell(done, total, "chain", chain.value()));
        out.put(Map.of("chains", leaves));
      });
    } finally {
      busy.set(false);
    }
  }
}
