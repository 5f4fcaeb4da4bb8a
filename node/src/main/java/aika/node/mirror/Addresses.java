package aika.node.mirror;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateways of other nodes are: as {@code neighbours.yaml} names them, else as the chains
 * themselves tell, else on this machine. Any thread may ask and tell.
 */
public final class Addresses {
  private static final int GATEWAY_CHARS_MAX = 300;

  private record Told(URI gateway, long time) {}

  private final Map<ChainId, URI> named;
  private final Map<ChainId, URI> elsewhere;
  private final Map<ChainId, Told> told = new ConcurrentHashMap<>();

  /**
   * @param named in {@code neighbours.yaml}; what is told does not change these
   * @param elsewhere of every chain that another node serves: where it is while nothing is told
   */
  public Addresses(Map<ChainId, URI> named, Map<ChainId, URI> elsewhere) {
    this.named = Map.copyOf(named);
    this.elsewhere = Map.copyOf(elsewhere);
  }

  /** Where a chain's gateway is; null for a chain that is served here, or by nobody known. */
  public @Nullable URI gateway(ChainId chain) {
    URI otherwise = elsewhere.get(chain);
    Told newest = told.get(chain);
    return otherwise == null || newest == null || named.containsKey(chain)
        ? otherwise
        : newest.gateway;
  }

  /** What {@code neighbours.yaml} says; it may name chains that are served here. */
  public @Nullable URI named(ChainId chain) {
    return named.get(chain);
  }

  /** Where a chain's log can be had, the best first: from its own node, or its continent's. */
  public List<URI> sources(ChainId chain) {
    List<URI> sources = new ArrayList<>();
    URI own = gateway(chain);
    URI continent = gateway(chain.continent());
    if (own != null) {
      sources.add(own);
    }
    if (continent != null && !continent.equals(own)) {
      sources.add(continent);
    }
    return sources;
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
