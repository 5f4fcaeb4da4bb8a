package aika.sinks.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.sinks.Secret;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric signature of the Standard Webhooks specification, version v1: HMAC-SHA256 over id,
 * timestamp and body, with dots between.
 */
final class Signing {
  private static final String PREFIX = "whsec_";
  private static final int KEY_BYTES_MIN = 24;
  private static final int KEY_BYTES_MAX = 64;
  private static final int KEYS_MAX = 2;
  private static final String ALGORITHM = "HmacSHA256";

  private final List<SecretKeySpec> keys = new ArrayList<>();

  /**
   * @throws IllegalArgumentException when these are not one or two secrets; it does not show them
   */
  Signing(Secret secret) {
    for (String one : secret.value().strip().split(" ", -1)) {
      keys.add(new SecretKeySpec(decoded(one), ALGORITHM));
    }
    if (keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException("a webhook has one secret, or two with a space between");
    }
  }

  private static byte[] decoded(String text) {
    // The cause would show a character of the secret.
    byte[] key = text.startsWith(PREFIX) ? base64(text.substring(PREFIX.length())) : new byte[0];
    if (key.length < KEY_BYTES_MIN || key.length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a webhook's secret is "
              + PREFIX
              + " and base64 of "
              + KEY_BYTES_MIN
              + " to "
              + KEY_BYTES_MAX
              + " bytes");
    }
    return key;
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  /** The header {@code webhook-signature}: one signature for each secret. */
  String of(String id, long seconds, byte[] body) {
    byte[] head = (id + "." + seconds + ".").getBytes(UTF_8);
    List<String> signatures = new ArrayList<>();
    for (SecretKeySpec key : keys) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        mac.update(head);
        signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
      }
    }
    return String.join(" ", signatures);
  }
}
