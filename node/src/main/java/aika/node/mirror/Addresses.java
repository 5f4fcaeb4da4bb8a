package aika.node.mirror;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateways of other nodes are: as {@code neighbours.yaml} names them, and when nobody
 * answers there, or nothing is named, as the chains themselves tell; else on this machine. Any
 * thread may ask and tell.
 */
public final class Addresses {
  private static final int GATEWAY_CHARS_MAX = 300;

  private static final String SECURE = "https";

  private record Told(URI gateway, long time) {}

  private final Map<ChainId, URI> named;
  private final Map<ChainId, URI> elsewhere;
  private final Map<ChainId, Told> told = new ConcurrentHashMap<>();

  /** Of a chain's gateways the one that answered last. */
  private final Map<ChainId, URI> answering = new ConcurrentHashMap<>();

  /**
   * @param named in {@code neighbours.yaml}; what is told is second to these
   * @param elsewhere of every chain that another node serves: where it is while nothing is told
   */
  public Addresses(Map<ChainId, URI> named, Map<ChainId, URI> elsewhere) {
    this.named = withoutSlashes(named);
    this.elsewhere = withoutSlashes(elsewhere);
  }

  /** So that what is named and what is told can be compared. */
  private static Map<ChainId, URI> withoutSlashes(Map<ChainId, URI> gateways) {
    return gateways.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                one -> URI.create(one.getValue().toString().replaceAll("/+$", ""))));
  }

  /**
   * Where a chain's gateway may be, in the order in which to ask: none for a chain that is served
   * here, or by nobody known; two when the one that is named is not where the chain says that it
   * is, as when another machine of its node leads. Whoever gets an answer tells {@link #answered}.
   */
  public List<URI> gateways(ChainId chain) {
    URI first = elsewhere.get(chain);
    Told newest = told.get(chain);
    if (first == null) {
      return List.of();
    }
    if (newest == null || newest.gateway.equals(first)) {
      return List.of(first);
    }
    URI second = newest.gateway;
    if (!named.containsKey(chain)) {
      return List.of(second);
    }
    if (SECURE.equals(first.getScheme()) && !SECURE.equals(second.getScheme())) {
      return List.of(first); // whoever named it wants nobody to read along
    }
    return second.equals(answering.get(chain)) ? List.of(second, first) : List.of(first, second);
  }

  /** The first of a chain's {@linkplain #gateways gateways}; null for none. */
  public @Nullable URI gateway(ChainId chain) {
    List<URI> all = gateways(chain);
    return all.isEmpty() ? null : all.getFirst();
  }

  /** Remembers that a chain's node has answered at one of its {@linkplain #gateways gateways}. */
  public void answered(ChainId chain, URI gateway) {
    List<URI> all = gateways(chain);
    if (all.size() > 1 && all.contains(gateway)) {
      answering.put(chain, gateway);
    }
  }

  /** What {@code neighbours.yaml} says; it may name chains that are served here. */
  public @Nullable URI named(ChainId chain) {
    return named.get(chain);
  }

  /** Where a chain's log can be had, the best first: from its own node, or its continent's. */
  public List<URI> sources(ChainId chain) {
    Set<URI> sources = new LinkedHashSet<>(gateways(chain));
    sources.addAll(gateways(chain.continent()));
    return List.copyOf(sources);
  }

  /** The chains that other nodes serve. */
  public Set<ChainId> chains() {
    return elsewhere.keySet();
  }

  /**
   * Takes what a chain says of itself, its signature checked by the caller.
   *
   * @param time when it was said, ms
   * @return whether it is newer than what was known
   */
  public boolean told(ChainId chain, URI gateway, long time) {
    Told said = new Told(gateway, time);
    return elsewhere.containsKey(chain)
        && told.merge(chain, said, (old, now) -> now.time > old.time ? now : old).equals(said);
  }

  /**
   * A gateway's address: {@code http} or {@code https}, a host, perhaps a port, and nothing more.
   *
   * @throws MalformedException when it is none
   */
  public static URI gateway(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && text.length() <= GATEWAY_CHARS_MAX
          && uri.getHost() != null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException none) {
      throw new MalformedException("no address of a gateway: " + none.getReason());
    }
    throw new MalformedException("no address of a gateway");
  }
}
