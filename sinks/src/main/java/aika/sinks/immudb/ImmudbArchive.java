package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.sinks.SinkException;
import aika.sinks.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what is archived, every value with the server's proof, checked against the state that the
 * sink keeps. It writes nothing, neither to the server nor to the state file, so it may run beside
 * the sink.
 */
public final class ImmudbArchive implements AutoCloseable {
  private static final List<String> EVENTS =
      List.of("sent", "received", "rejected", "cancelled", "expired", "settled");

  private final ImmudbSettings settings;
  private final ImmudbClient client;

  /**
   * A value that was read and proved.
   *
   * @param transaction immudb's number of the transaction that wrote it
   * @param time when that was by the server's clock, ms since 1970, in whole seconds
   * @param revision how often the key was written
   */
  public record Found(String key, byte[] value, long transaction, long time, long revision) {
    /** Leaves, blocks and references are all text. */
    public String text() {
      return new String(value, StandardCharsets.UTF_8);
    }
  }

  /**
   * What the proofs were checked against.
   *
   * @param transaction the database's newest transaction that is proved
   * @param hash covers that one and all before
   * @param signed whether the server's signature was checked too
   */
  public record Proof(String database, long transaction, Hash hash, boolean signed) {}

  public ImmudbArchive(ImmudbSettings settings) {
    this.settings = settings;
    client = new ImmudbClient(settings, false);
  }

  /** Connects, and checks that the server is what it was. */
  public void open() {
    client.open();
  }

  /**
   * Everything archived under this id, events before their leaves; empty when there is nothing.
   *
   * @param id a transfer, {@code Asia-Komatsu:12}; a leaf, {@code Asia-Komatsu/12}; a block, {@code
   *     Asia-Komatsu#12}; or a key, {@code aika/…}
   * @throws MalformedException when it is none of them
   * @throws SinkException TAMPERED when the server cannot prove what it says
   */
  public List<Found> get(String id) {
    Set<String> keys = new LinkedHashSet<>();
    int block = id.indexOf('#');
    int leaf = id.indexOf('/');
    if (id.startsWith(Keys.OURS)) {
      keys.add(id);
    } else if (block >= 0) {
      keys.add(
          Keys.block(ChainId.of(id.substring(0, block)), Decimal.parse(id.substring(block + 1))));
    } else if (leaf >= 0) {
      keys.add(Keys.leaf(ChainId.of(id.substring(0, leaf)), Decimal.parse(id.substring(leaf + 1))));
    } else {
      return transfer(TransferId.of(id));
    }
    return read(keys);
  }

  private List<Found> transfer(TransferId id) {
    Set<String> keys = new LinkedHashSet<>();
    for (String event : EVENTS) {
      keys.add(Keys.transfer(id) + event);
    }
    // Requests to cancel have their leaf's index in their key.
    keys.addAll(client.keys(Keys.transfer(id), false));
    List<Found> events = read(keys);
    Set<String> leaves = new LinkedHashSet<>();
    for (Found event : events) {
      leaves.add(event.text());
    }
    List<Found> all = new ArrayList<>(events);
    all.addAll(read(leaves));
    return all;
  }

  /**
   * Compares values with the log of a node that has their chains [IMMU-12].
   *
   * @throws SinkException TAMPERED when one of them is not what the log says, FAILED when the log
   *     does not have it yet
   */
  public static void compare(List<Found> found, Source source) {
    found.forEach(one -> ArchivedValue.check(one.key(), one.value(), source));
  }

  private List<Found> read(Set<String> keys) {
    List<Found> found = new ArrayList<>();
    for (String key : keys) {
      client
          .get(key)
          .ifPresent(one ->
              found.add(
                  new Found(
                      key,
                      one.item().value(),
                      one.transaction(),
                      one.seconds() * 1_000,
                      one.revision())));
    }
    return found;
  }

  /** What everything that was read so far is proved against. */
  public Proof proof() {
    State state = client.state();
    return new Proof(
        settings.database(), state.transaction(), state.hash(), settings.serverKey().isPresent());
  }

  @Override
  public void close() {
    client.close();
  }
}
