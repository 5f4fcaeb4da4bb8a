package aika.node.follow;

import aika.core.follow.Chains;
import aika.core.follow.Partners;
import aika.core.follow.Rows;
import aika.core.money.ChainId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Worker;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads with whom the municipalities deal. Whoever is sent something by a chain that is served
 * here, and whoever such a chain has recorded, has to be copied [NBR-16]; whoever is sent something
 * should hear of it.
 */
public final class Partnering implements AutoCloseable {
  private final ReadableChains readable;
  private final Partners partners;
  private final Worker<ChainId> worker = new Worker<>("partners", this::read);
  private volatile Consumer<List<Partners.Head>> offered = _ -> {};

  Partnering(ReadableChains readable, Chains chains, Rows rows) {
    this.readable = readable;
    partners = new Partners(chains, rows);
  }

  /** Whose offers are known to whom. */
  public Partners partners() {
    return partners;
  }

  /** {@code listener} hears of offers of the chains that are served here, once approved. */
  public void onOffers(Consumer<List<Partners.Head>> listener) {
    offered = listener;
  }

  void start() {
    readable.shard().chains().forEach(chain -> partners.from(chain.id()).forEach(this::need));
    worker.start();
  }

  /** A municipality's approved part has grown. */
  void approved(ChainId municipality) {
    worker.due(municipality);
  }

  private void need(Partners.Head head) {
    readable.need(head.to());
  }

  private void read(List<ChainId> municipalities) {
    for (ChainId one : municipalities) {
      Partners.Read read = partners.read(one);
      if (read != null) {
        worker.due(one); // a long way is gone in parts
        if (readable.serves(one)) {
          read.heads().forEach(this::need);
          read.recorded().forEach(readable::need);
          offered.accept(read.heads());
        }
      }
    }
  }

  @Override
  public void close() {
    worker.close();
  }
}
