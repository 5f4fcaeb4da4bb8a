package aika.node.gateway;

import aika.node.config.Chain;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * Who asks, and at which gateway.
 *
 * @param at the continent or municipality whose port was asked
 * @param remote the other end of the connection itself, whatever headers say
 * @param headers all of them; {@code :authority} of HTTP/2 as {@code host}
 */
public record Caller(Chain at, InetAddress remote, Map<String, List<String>> headers) {
  /** Without the headers: one of them may be a token. */
  @Override
  public String toString() {
    return "Caller[" + at.id() + ", " + remote + ']';
  }
}
