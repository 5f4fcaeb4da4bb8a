package aika.node.wallet;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@link CounterRules} needs to know of an HTTP request without a signature.
 *
 * @param remote the other end of the connection itself, whatever headers say
 * @param headers all of them; names in any case, {@code :authority} of HTTP/2 as {@code host}
 */
public record UnsignedRequest(InetAddress remote, Map<String, List<String>> headers) {
  public UnsignedRequest {
    Map<String, List<String>> lower = new TreeMap<>();
    headers.forEach((name, values) ->
        lower.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), UnsignedRequest::together));
    headers = lower;
  }

  /** The values of this header, none when it is missing. */
  List<String> header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, List.of());
  }

  private static List<String> together(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  /** Without the headers: one of them may be a token. */
  @Override
  public String toString() {
    return "UnsignedRequest[" + remote + ']';
  }
}
