package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.MalformedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refusals as {@code application/problem+json} (RFC 9457, docs/spec/errors.md). */
public final class Problems {
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String TYPE = "urn:aika:reason:";

  private Problems() {}

  /** Whether an answer says that this machine does not lead its node, and has done nothing. */
  public static boolean isNotLeading(int status, byte[] body) {
    if (status != Reason.NOT_LEADING.httpStatus()) {
      return false;
    }
    try {
      return Reason.NOT_LEADING.name().equals(Json.object(body).get("code"));
    } catch (MalformedException another) {
      return false;
    }
  }

  /** In the language of an {@code Accept-Language} header. */
  public static Map<String, Object> json(Refusal refusal, @Nullable String acceptLanguage) {
    return json(refusal, null, Languages.of(acceptLanguage));
  }

  static Map<String, Object> json(
      Refusal refusal, RefusedException.@Nullable Lookup lookup, Languages language) {
    Reason reason = refusal.reason();
    boolean english = language == Languages.EN;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", TYPE + reason.name());
    json.put("title", english ? reason.en() : reason.ja());
    json.put("status", reason.httpStatus());
    json.put("code", reason.name());
    json.put("number", reason.number());
    json.put("detail", refusal.detail());
    json.put("ja", reason.ja());
    json.put("en", reason.en());
    json.put("next", english ? reason.nextEn() : reason.nextJa());
    if (lookup != null) {
      json.put("id", lookup.order());
      json.put("links", Map.of("order", Links.order(lookup.account(), lookup.order())));
    }
    return json;
  }
}
