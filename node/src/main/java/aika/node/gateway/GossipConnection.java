package aika.node.gateway;

import aika.node.gossip.GossipDoor;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A connection of another node that brings gossip; nothing is answered on it [GOS-3, GOS-11]. */
final class GossipConnection implements ServerConnection, InterruptableTask<Void> {
  private final ConnectionContext context;
  private final GossipDoor door;
  private volatile Instant heard = Instant.now();
  private volatile @Nullable Thread thread;

  GossipConnection(ConnectionContext context, GossipDoor door) {
    this.context = context;
    this.door = door;
  }

  /** The length of a frame is far below 2²⁴; a request begins with a letter. */
  static boolean begins(DataReader reader) {
    try {
      return reader.lookup() == 0;
    } catch (DataReader.InsufficientDataAvailableException nothing) {
      throw new CloseConnectionException("closed without a request", nothing);
    }
  }

  @Override
  public void handle(Limit limit) {
    thread = Thread.currentThread();
    try {
      door.receive(new Bytes(context.dataReader()), context.remotePeer().host());
    } catch (IOException nobody) {
      throw new CloseConnectionException("no gossip here", nobody);
    }
  }

  @Override
  public boolean canInterrupt() {
    return true; // what is lost is told again
  }

  @Override
  public Duration idleTime() {
    return Duration.between(heard, Instant.now());
  }

  @Override
  public void close(boolean interrupt) {
    Thread reading = thread;
    if (reading != null) {
      reading.interrupt();
    }
  }

  private final class Bytes extends InputStream {
    private final DataReader reader;

    Bytes(DataReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (length == 0) {
        return 0; // at once: the next frame may be far away
      }
      try {
        reader.ensureAvailable();
      } catch (DataReader.InsufficientDataAvailableException ended) {
        return -1;
      } catch (ServerConnectionException broken) {
        SocketException gone = new SocketException(broken.toString());
        gone.initCause(broken);
        throw gone;
      }
      heard = Instant.now();
      byte[] some = reader.readBytes(Math.min(length, reader.available()));
      System.arraycopy(some, 0, to, offset, some.length);
      return some.length;
    }
  }
}
