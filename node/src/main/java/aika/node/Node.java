package aika.node;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.approve.Approver;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.follow.Anchors;
import aika.node.follow.Evidencing;
import aika.node.follow.Outcomes;
import aika.node.follow.PendingList;
import aika.node.follow.Views;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running node. The constructor reads as the node starts: each part needs those above it. */
public final class Node implements AutoCloseable {
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Federation federation;
  private final Shard shard;
  private final PendingList pending;
  private final Evidencing evidencing;

  /**
   * Starts every chain of the federation in this process.
   *
   * @param file the federation, whose keys are in {@code keys}
   */
  public Node(NodeSettings settings, FederationFile file, KeyFiles keys) {
    federation = file.federation().shifted(settings.portOffset());
    Directory directory = file.directory();
    Ed25519 ed25519 = FastEd25519.install();
    try {
      shard =
          open(Shard.start(shardSettings(settings), directory, ed25519, System::currentTimeMillis));
      Approver approver =
          open(
              new Approver(
                  shard,
                  directory,
                  logKeys(keys),
                  seats(keys),
                  ed25519,
                  System::currentTimeMillis));
      Views views = open(Views.open(settings.data().resolve("views")));
      Anchors anchors = open(new Anchors(shard, directory));
      pending = open(new PendingList(shard, views));
      Outcomes outcomes = open(new Outcomes(shard, directory, views));
      evidencing = new Evidencing(shard, directory);

      approver.onApproval(anchors::approved);
      approver.onApproval(outcomes::approved);
      outcomes.start();
      pending.start();
      anchors.start();
      approver.start();
    } catch (RuntimeException failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  private ShardSettings shardSettings(NodeSettings settings) {
    List<ChainId> chains = federation.chains().map(Chain::id).toList();
    return new ShardSettings(
        federation.id(),
        settings.data().resolve("shard"),
        chains,
        federation.block().interval().toMillis(),
        federation.limits().unapprovedLeaves(),
        settings.store());
  }

  private Map<ChainId, HeldKey> logKeys(KeyFiles keys) {
    Map<ChainId, HeldKey> held = new HashMap<>();
    federation.chains().forEach(chain -> held.put(chain.id(), keys.log(chain)));
    return held;
  }

  private Map<ChainId, List<HeldKey>> seats(KeyFiles keys) {
    Map<ChainId, List<HeldKey>> held = new HashMap<>();
    federation.chains().forEach(chain -> held.put(chain.id(), keys.seats(chain)));
    return held;
  }

  private <T extends AutoCloseable> T open(T part) {
    running.push(part);
    return part;
  }

  public Federation federation() {
    return federation;
  }

  public Shard shard() {
    return shard;
  }

  public PendingList pending() {
    return pending;
  }

  public Evidencing evidencing() {
    return evidencing;
  }

  private void closeAfter(RuntimeException failed) {
    try {
      close();
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
    }
  }

  /** Stops the parts in reverse; what has been accepted is durable already. */
  @Override
  public void close() {
    List<Exception> failures = new ArrayList<>();
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception failed) {
        failures.add(failed);
      }
    }
    if (!failures.isEmpty()) {
      IllegalStateException failed =
          new IllegalStateException("the node did not stop cleanly", failures.getFirst());
      failures.stream().skip(1).forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
