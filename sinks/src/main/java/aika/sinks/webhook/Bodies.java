package aika.sinks.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.sinks.Block;
import aika.sinks.EventJson;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is posted: type, timestamp and data, as the Standard Webhooks specification has it. */
final class Bodies {
  private static final String TYPE = "leaf.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Bodies() {}

  static String of(ChainId chain, Entry entry, @Nullable Block block) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", TYPE + LeafText.kind(entry.leaf()));
    body.put("timestamp", Timestamp.millis(entry.leaf().time()));
    body.put("data", EventJson.of(chain, entry, block == null ? null : (Long) block.height()));
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] bytes(String body) {
    return body.getBytes(UTF_8);
  }

  /** Whether this body, of now or of earlier, is of this leaf: its block may be open in it. */
  static boolean isOf(String body, ChainId chain, Entry entry) {
    try {
      String data = JSON.writeValueAsString(JSON.readTree(body).path("data").path("entry"));
      Map<String, Object> wanted = EventJson.of(chain, entry, null);
      return data.equals(JSON.writeValueAsString(wanted.get("entry")));
    } catch (JsonProcessingException notJson) {
      return false;
    }
  }
}
