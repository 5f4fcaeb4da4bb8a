package aika.node.gateway;

import aika.node.config.Chain;
import aika.node.order.MedianClock;
import aika.node.wallet.UnsignedRequest;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and at which gateway.
 *
 * @param at the continent or municipality whose port was asked
 * @param remote the other end of the connection itself, whatever headers say
 * @param headers all of them, names in lower case; {@code :authority} of HTTP/2 as {@code host}
 */
public record Caller(Chain at, InetAddress remote, Map<String, List<String>> headers) {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  public Caller {
    Map<String, List<String>> lower = new HashMap<>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    headers = Map.copyOf(lower);
  }

  /** The first value of a header, or null. */
  @Nullable String header(String lowerCaseName) {
    List<String> values = headers.getOrDefault(lowerCaseName, List.of());
    return values.isEmpty() ? null : values.getFirst();
  }

  /** For limits: the address, or the network in which one subscriber has all IPv6 addresses. */
  String network() {
    byte[] address = remote.getAddress();
    StringBuilder text = new StringBuilder();
    int bytes = address.length == IPV6_BYTES ? NETWORK_BYTES : address.length;
    for (int i = 0; i < bytes; i++) {
      text.append(address[i] & 0xff).append('.');
    }
    return text.toString();
  }

  /** The machine that asks, by its address; empty for this one. */
  String machine() {
    return MedianClock.machine(remote);
  }

  UnsignedRequest unsigned() {
    return new UnsignedRequest(remote, headers);
  }

  /** As if it asked to change something: a question has no body and so no content type. */
  UnsignedRequest asking() {
    Map<String, List<String>> with = new HashMap<>(headers);
    with.put("content-type", List.of("application/json"));
    return new UnsignedRequest(remote, with);
  }

  /** Without the headers: one of them may be a token. */
  @Override
  public String toString() {
    return "Caller[" + at.id() + ", " + remote + ']';
  }
}
