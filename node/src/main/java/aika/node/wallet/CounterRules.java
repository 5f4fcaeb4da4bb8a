package aika.node.wallet;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request without a signature may use the counter wallet: from the counter's own machine,
 * unless a page of somebody else or a proxy stands behind it, or from anywhere with a token of the
 * account. Pure; one for each port of the gateway.
 */
public final class CounterRules {
  private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "[::1]");
  private static final int HTTP_PORT = 80;

  private static final List<String> FORWARDING =
      List.of("forwarded", "via", "x-real-ip", "true-client-ip", "cf-connecting-ip");
  private static final String FORWARDING_PREFIX = "x-forwarded";

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final int port;

  /**
   * @param port on which the gateway listens
   */
  public CounterRules(int port) {
    this.port = port;
  }

  /** What was decided. */
  public sealed interface Verdict {
    record Permitted(Way way) implements Verdict {}

    /**
     * @param refusal {@code UNSIGNED_REFUSED}, with what was wrong
     */
    record Refused(Refusal refusal) implements Verdict {}
  }

  /** Why a request is permitted. */
  public enum Way {
    COUNTER,
    TOKEN
  }

  /**
   * What is wrong whatever account it would use. To be asked before a name is looked up, so that
   * strangers do not learn from the answer who is registered.
   *
   * @param tokenAccount whose token came in the {@code Authorization} header; null for nobody's
   */
  public Optional<Refusal> refusedAnyway(
      UnsignedRequest request, @Nullable AccountId tokenAccount) {
    return Optional.ofNullable(fault(request, tokenAccount, tokenAccount))
        .map(CounterRules::refusal);
  }

  /**
   * @param account that the request would use
   * @param held whether its key is in the counter wallet
   * @param tokenAccount whose token came in the {@code Authorization} header; null for nobody's
   */
  public Verdict decide(
      UnsignedRequest request, AccountId account, boolean held, @Nullable AccountId tokenAccount) {
    String fault = fault(request, account, tokenAccount);
    if (fault == null && !held) {
      fault = "the account's key is not in the counter wallet";
    }
    return fault == null
        ? new Verdict.Permitted(hasToken(request) ? Way.TOKEN : Way.COUNTER)
        : new Verdict.Refused(refusal(fault));
  }

  private @Nullable String fault(
      UnsignedRequest request, @Nullable AccountId account, @Nullable AccountId tokenAccount) {
    return hasToken(request) ? tokenFault(request, account, tokenAccount) : counterFault(request);
  }

  private static boolean hasToken(UnsignedRequest request) {
    return !request.header("authorization").isEmpty();
  }

  private static Refusal refusal(String fault) {
    return Refusal.of(Reason.UNSIGNED_REFUSED, fault);
  }

  private static @Nullable String tokenFault(
      UnsignedRequest request, @Nullable AccountId account, @Nullable AccountId tokenAccount) {
    if (request.header("authorization").size() != 1) {
      return "more than one Authorization header";
    }
    // One answer for an unknown token and another account's, so that neither can be told apart.
    return tokenAccount != null && tokenAccount.equals(account)
        ? null
        : "the token is not one of this account";
  }

  private @Nullable String counterFault(UnsignedRequest request) {
    if (!request.remote().isLoopbackAddress()) {
      return "not from the node's own machine, and without a token of the account";
    }
    for (String name : request.headers().keySet()) {
      if (FORWARDING.contains(name) || name.startsWith(FORWARDING_PREFIX)) {
        return "forwarded by a proxy (" + name + ")";
      }
    }
    List<String> host = request.header("host");
    if (host.size() != 1 || !isOurs(host.getFirst())) {
      return "the Host is not localhost with this gateway's port";
    }
    List<String> origin = request.header("origin");
    if (origin.size() > 1 || !origin.stream().allMatch(one -> isOriginOf(one, host.getFirst()))) {
      return "sent by a page of another origin";
    }
    List<String> site = request.header("sec-fetch-site");
    if (site.size() > 1 || !site.stream().allMatch(CounterRules::isOwnSite)) {
      return "sent by a page of another site";
    }
    return contentFault(request, origin.isEmpty());
  }

  private static @Nullable String contentFault(UnsignedRequest request, boolean withoutOrigin) {
    List<String> types = request.header("content-type");
    String type = types.size() == 1 ? mediaType(types.getFirst()) : "";
    if (type.equals(JSON)) {
      return null;
    }
    if (!type.equals(FORM)) {
      return "neither " + JSON + " nor a form of this gateway's pages";
    }
    // Any page may send a form without being asked; browsers always say where a form comes from.
    return withoutOrigin ? "a form without an Origin" : null;
  }

  private boolean isOurs(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return NAMES.stream()
        .anyMatch(
            name -> lower.equals(name + ':' + port) || port == HTTP_PORT && lower.equals(name));
  }

  private static boolean isOriginOf(String origin, String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String own = host.toLowerCase(Locale.ROOT);
    return lower.equals("http://" + own) || lower.equals("https://" + own);
  }

  private static boolean isOwnSite(String site) {
    return site.equals("same-origin") || site.equals("none");
  }

  private static String mediaType(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}
