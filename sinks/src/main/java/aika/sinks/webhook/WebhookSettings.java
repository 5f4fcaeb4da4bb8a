package aika.sinks.webhook;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One webhook: where which events are posted.
 *
 * @param name for people, metrics and logs: {@code hook shop}
 * @param url HTTPS, or HTTP to this machine; without user information, of which nothing would be
 *     sent. It may hold a token in its path, so only scheme, host and port are ever shown
 * @param secret {@code whsec_} and base64 of 24 to 64 bytes, which sign every event; two of them,
 *     the new one first, with a space between, while the receiver changes over
 * @param chains that are followed
 * @param account only what concerns this account; empty: everything
 * @param kinds only leaves of these kinds, as in {@code send}; empty: all kinds
 * @param approvedOnly a leaf is posted when it is approved; otherwise as soon as it is durable
 * @param directory where the hook keeps its position and its dead letters; of this hook alone
 */
public record WebhookSettings(
    String name,
    URI url,
    Secret secret,
    List<ChainId> chains,
    Optional<AccountId> account,
    Set<String> kinds,
    boolean approvedOnly,
    Path directory) {
  /** The words on the kind lines of leaves (docs/spec/leaves.md). */
  private static final Set<String> KINDS =
      Set.of(
          "genesis",
          "open-account",
          "issue",
          "send",
          "receive",
          "reject",
          "cancel",
          "cancelled",
          "expired",
          "record",
          "settle",
          "seal");

  /**
   * @throws IllegalArgumentException when the URL, the secret or a kind cannot be used; the message
   *     shows none of them
   */
  public WebhookSettings {
    chains = List.copyOf(chains);
    kinds = Set.copyOf(kinds);
    checkUrl(name, url);
    var _ = new Signing(secret);
    for (String kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw new IllegalArgumentException(name + ": no leaf has one of these kinds");
      }
    }
  }

  private static void checkUrl(String name, URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost();
    if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          name + ": the URL is https://host/path, without a user and without a fragment");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && isLoopback(host))) {
      throw new IllegalArgumentException(
          name + ": events go over https; over http only to this machine");
    }
  }

  /** By its text: a name that resolves to this machine today may resolve elsewhere tomorrow. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** The URL without what may be secret in it. */
  String target() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port;
  }

  @Override
  public String toString() {
    return name + " to " + target();
  }
}
