package aika.node.follow;

import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes each municipality's approved blocks to its continental main chain, which records them. The
 * continental chain itself is the cursor: what it has recorded is not passed again.
 */
public final class Anchors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);

  private static final long ANSWER_WAIT_SECONDS = 20;

  private final Shard shard;
  private final Directory directory;
  private final Worker<ChainId> worker = new Worker<>("anchors", this::anchor);

  public Anchors(Shard shard, Directory directory) {
    this.shard = shard;
    this.directory = directory;
  }

  public void start() {
    shard.chains().forEach(chain -> approved(chain.id()));
    worker.start();
  }

  /** A chain's approved part has grown. */
  public void approved(ChainId chain) {
    if (chain.municipal()) {
      worker.due(chain);
    }
  }

  /** Leaves of this municipality that its continental main chain has recorded. */
  public long seen(ChainId municipality) {
    Chain continent = shard.find(municipality.continent());
    Row.Latest latest = continent == null ? null : continent.get(new Key.OfLatest(municipality));
    return latest == null ? 0 : latest.size();
  }

  private void anchor(List<ChainId> municipalities) {
    List<CompletableFuture<Void>> sent = municipalities.stream().map(this::anchor).toList();
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private CompletableFuture<Void> anchor(ChainId id) {
    Chain municipality = shard.chain(id);
    Chain continent = shard.find(id.continent());
    SignedCheckpoint approved = municipality.approved();
    if (continent == null || approved == null) {
      return CompletableFuture.completedFuture(null);
    }
    Checkpoint checkpoint = approved.checkpoint();
    return Relay.record(
            id,
            continent.get(new Key.OfLatest(id)),
            checkpoint.size(),
            checkpoint,
            directory.entry(id).seats().term(),
            municipality.nodes())
        .map(record -> submit(continent.id(), record))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> submit(ChainId continent, Action.RecordCheckpoint record) {
    return shard
        .submit(continent, record)
        .thenAccept(answer -> {
          if (answer instanceof Answer.Refused refused) {
            LOG.warn("{} does not record {}: {}", continent, record.origin(), refused.refusal());
          }
        });
  }

  @Override
  public void close() {
    worker.close();
  }
}
