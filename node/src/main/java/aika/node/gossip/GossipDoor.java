package aika.node.gossip;

import aika.node.tls.NodeTls;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections that bring gossip from whoever listens for other nodes by TLS, so that both
 * need one port only [GOS-11]. The other side has shown its certificate already.
 */
public final class GossipDoor {
  private final NodeTls tls;
  private volatile @Nullable SocketTransport transport;

  /**
   * @param tls with which other nodes are called
   */
  public GossipDoor(NodeTls tls) {
    this.tls = tls;
  }

  void open(SocketTransport receiving) {
    transport = receiving;
  }

  SocketTransport.Calling calling() {
    return tls::call;
  }

  /**
   * Takes what a connection brings until it ends.
   *
   * @param from for the log
   * @throws IOException when nobody gossips here
   */
  public void receive(InputStream frames, Object from) throws IOException {
    SocketTransport receiving = transport;
    if (receiving == null || receiving.isStopped()) {
      throw new IOException("no gossip");
    }
    receiving.receive(frames, from);
  }
}
