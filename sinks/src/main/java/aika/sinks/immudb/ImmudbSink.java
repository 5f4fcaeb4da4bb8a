package aika.sinks.immudb;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives the approved blocks of some chains in an immudb database, a transaction each, and reads
 * every one of them back; both are proved by the server and checked here (docs/spec/immudb.md). It
 * never writes to a server that is not what it was.
 */
public final class ImmudbSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(ImmudbSink.class);
  private static final String DEFAULT = "immudb";

  private final ImmudbSettings settings;
  private final Source source;
  private final ImmudbClient client;
  private final WriteLog log;
  private final @Nullable LeafTable table;
  private final Map<ChainId, Progress> progress = new ConcurrentHashMap<>();
  private volatile @Nullable SinkException tampered;
  private boolean warned;

  public ImmudbSink(ImmudbSettings settings, Source source) {
    this.settings = settings;
    this.source = source;
    client = new ImmudbClient(settings, true);
    log = new WriteLog(settings.name());
    table = settings.sqlTable() ? new LeafTable(client) : null;
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<ChainId> chains() {
    return settings.chains();
  }

  /**
   * A server that contradicts itself is told by whatever is called next, except {@link #rebuild}.
   */
  @Override
  public void open() {
    warnOfDefaults();
    progress.clear();
    tampered = null;
    try {
      client.open();
      if (table != null) {
        table.create();
      }
    } catch (SinkException failed) {
      if (failed.kind() != SinkException.Kind.TAMPERED) {
        throw failed;
      }
      tampered = failed;
    }
  }

  private void warnOfDefaults() {
    if (!warned && isOpenToAll(settings)) {
      warned = true;
      LOG.warn(
          "{}: {} still has the user and the password that immudb comes with; change them",
          settings.name(),
          settings.host());
    }
  }

  /** Whether anybody who reaches the server can sign in as its administrator. */
  static boolean isOpenToAll(ImmudbSettings settings) {
    return settings.user().equals(DEFAULT)
        && settings.password().value().equals(DEFAULT)
        && !isLoopback(settings.host());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /** From the newest block that is there, read with proof; it must be the log's. */
  @Override
  public Progress progress(ChainId chain) {
    requireUntouched();
    List<String> newest = client.keys(Keys.blocks(chain), true);
    Progress found = newest.isEmpty() ? Progress.NOTHING : position(chain, newest.getFirst());
    progress.put(chain, found);
    return found;
  }

  private void requireUntouched() {
    SinkException found = tampered;
    if (found != null) {
      throw new SinkException(found.kind(), String.valueOf(found.getMessage()), found);
    }
  }

  private Progress position(ChainId chain, String key) {
    Answers.Stored stored =
        client
            .get(key)
            .orElseThrow(() -> Tampered.because("the server listed no real key: " + key));
    try {
      ArchivedBlock archived = ArchivedBlock.parse(stored.item().value());
      Block block = archived.block();
      if (!key.equals(Keys.block(chain, block.height())) || !block.chain().equals(chain)) {
        throw Tampered.because(key + " holds another block");
      }
      if (block.size() > source.size(chain)) {
        throw new SinkException(
            SinkException.Kind.FAILED,
            "the archive has block " + block.height() + " of " + chain + ", the log does not yet",
            null);
      }
      if (!ArchivedBlocks.agree(archived, source)) {
        throw Tampered.because(key + " differs from the log");
      }
      return new Progress(block.size(), block.size());
    } catch (MalformedException fault) {
      throw Tampered.because(key + " is no archived block: " + fault.getMessage());
    }
  }

  @Override
  public Progress goal(ChainId chain) {
    long approved = source.approvedSize(chain);
    return new Progress(approved, approved);
  }

  @Override
  public Progress advance(ChainId chain) {
    requireUntouched();
    Progress known = progress.get(chain);
    Progress at = known == null ? progress(chain) : known;
    if (at.leaves() >= source.approvedSize(chain)) {
      return at;
    }
    Block block = source.block(chain, at.leaves());
    Approval approval = block == null ? null : source.approval(chain, block.size() - 1);
    if (block == null || approval == null) {
      return at;
    }
    write(block, approval);
    Progress after = new Progress(block.size(), block.size());
    progress.put(chain, after);
    return after;
  }

  private void write(Block block, Approval approval) {
    if (table != null) {
      table.write(source, block);
    }
    for (List<Item> part : BlockParts.of(source, block, approval)) {
      long start = System.nanoTime();
      long transaction = client.write(part).transaction();
      long written = System.nanoTime();
      if (!client.read(transaction).items().equals(part)) {
        throw Tampered.because("transaction " + transaction + " was read back otherwise");
      }
      log.wrote(block, part.size(), transaction, written - start, System.nanoTime() - written);
    }
  }

  @Override
  public List<Path> setAside(SinkException failed) {
    return client.setAside().stream().toList();
  }

  /**
   * Drops the database and the state file. The same immudb process does not make a database of the
   * same name again: the sink waits until it was restarted.
   */
  @Override
  public void rebuild() {
    client.drop();
    progress.clear();
    tampered = null;
    LOG.info("{}: dropped; everything is written again", settings.name());
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    requireUntouched();
    return new Comparison(client, source, settings.chains(), table).run(watcher);
  }

  @Override
  public void close() {
    client.close();
  }
}
