package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.node.config.FederationException;
import aika.node.config.PeersFile;
import aika.node.gateway.RefusedException;
import aika.node.order.OrderingException;
import aika.node.order.OrderingSettings;
import aika.node.order.PeerState;
import aika.node.order.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The machines that are one node together [OPR-12]. */
public final class PeerRoutes {
  private final Shard shard;
  private final BooleanSupplier leads;
  private final Supplier<PeersFile> file;
  private final Copying copying;

  /** One change at a time: each rests on the peers before it. */
  private final ReentrantLock changing = new ReentrantLock();

  /** Held until whoever asked for it knows that another peer leads. */
  private final ReentrantLock handing = new ReentrantLock();

  /** Copies what a further peer begins with. */
  @FunctionalInterface
  public interface Copying {
    void into(Path directory) throws IOException;
  }

  /**
   * @param leads whether this machine leads and answers people
   * @param file is read anew for each change, so that a peer can be added to it meanwhile
   */
  public PeerRoutes(Shard shard, BooleanSupplier leads, Supplier<PeersFile> file, Copying copying) {
    this.shard = shard;
    this.leads = leads;
    this.file = file;
    this.copying = copying;
  }

  void add(OperatorRules rules) {
    rules
        .get("/peers", this::list)
        .post("/peers/{id}", this::add)
        .delete("/peers/{id}", this::remove)
        .post("/peer-copy", this::copy)
        .post("/hand-over", this::handOver);
  }

  private void list(Call call) {
    List<Map<String, Object>> peers = new ArrayList<>();
    for (PeerState peer : shard.peers()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", peer.id());
      one.put("address", peer.address());
      one.put("leads", peer.leads());
      one.put("self", peer.self());
      peer.behind().ifPresent(behind -> one.put("behind", behind));
      peers.add(one);
    }
    call.answer(Map.of("peers", peers, "leads", leads.getAsBoolean(), "applied", shard.applied()));
  }

  private void add(Call call) {
    String id = call.path("id");
    change(
        call,
        peers -> {
          PeersFile.Peer told = read().peers().get(id);
          if (told == null) {
            throw RefusedException.of(
                Reason.NOT_FOUND, id + " is not in " + PeersFile.NAME + " of this machine");
          }
          peers.put(id, new OrderingSettings.Peer(id, told.host(), told.port()));
        });
  }

  private void remove(Call call) {
    String id = call.path("id");
    change(
        call,
        peers -> {
          if (peers.remove(id) == null) {
            throw RefusedException.of(Reason.NOT_FOUND, id + " is not among the peers");
          }
          if (peers.isEmpty()
              || shard.peers().stream().anyMatch(p -> p.self() && p.id().equals(id))) {
            throw RefusedException.of(
                Reason.MALFORMED,
                "the peer that leads cannot remove itself; let another lead first");
          }
        });
  }

  @FunctionalInterface
  private interface Change {
    void of(Map<String, OrderingSettings.Peer> peers);
  }

  private void change(Call call, Change change) {
    checkLeads();
    changing.lock();
    try {
      Map<String, OrderingSettings.Peer> peers = new LinkedHashMap<>();
      for (PeerState peer : shard.peers()) {
        peers.put(peer.id(), now(peer));
      }
      change.of(peers);
      shard.setPeers(List.copyOf(peers.values()));
    } catch (OrderingException failed) {
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, failed.getMessage());
    } finally {
      changing.unlock();
    }
    list(call);
  }

  /** By the file when it knows the peer, since a machine may have moved. */
  private OrderingSettings.Peer now(PeerState peer) {
    PeersFile.Peer told = read().peers().get(peer.id());
    if (told != null) {
      return new OrderingSettings.Peer(peer.id(), told.host(), told.port());
    }
    int colon = peer.address().lastIndexOf(':');
    return new OrderingSettings.Peer(
        peer.id(),
        peer.address().substring(0, colon),
        Integer.parseInt(peer.address().substring(colon + 1)));
  }

  private PeersFile read() {
    try {
      return file.get();
    } catch (FederationException faults) {
      throw RefusedException.of(Reason.FEDERATION_FILE, String.valueOf(faults.getMessage()));
    }
  }

  private void copy(Call call) {
    checkLeads();
    Path directory = call.directory();
    if (Files.exists(directory)) {
      throw RefusedException.of(Reason.MALFORMED, "the directory is there already");
    }
    try {
      copying.into(directory);
    } catch (IOException failed) {
      throw new UncheckedIOException("the copy into " + directory + " failed", failed);
    }
    call.answer(Map.of("copied", directory.toString()));
  }

  private void handOver(Call call) {
    checkLeads();
    handing.lock();
    try {
      if (!shard.handOver()) {
        throw RefusedException.of(Reason.BUSY, "no other peer can lead now");
      }
      call.answer(Map.of("handed_over", true));
    } finally {
      handing.unlock();
    }
  }

  /** Closes what answers here, once whoever asked for a hand-over has the answer. */
  public void closeAfterAnswer(Runnable close) {
    handing.lock();
    try {
      close.run();
    } finally {
      handing.unlock();
    }
  }

  private void checkLeads() {
    if (!leads.getAsBoolean()) {
      throw new RefusedException(
          Refusal.of(
              Reason.NOT_LEADING,
              shard.leader().map(id -> "ask peer " + id).orElse("no peer leads now")));
    }
  }
}
