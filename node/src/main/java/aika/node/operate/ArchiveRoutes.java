package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.Timestamp;
import aika.node.gateway.RefusedException;
import aika.sinks.Source;
import aika.sinks.immudb.ImmudbArchive;
import aika.sinks.immudb.ImmudbSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What immudb holds, read with its proofs and compared with the log [OPR-5]. */
final class ArchiveRoutes {
  /** The chain that an id begins with; a key has none. */
  private static final Pattern CHAIN = Pattern.compile("([A-Za-z0-9][^:/#]*)[:/#][0-9]+");

  private final List<ImmudbSettings> archives;
  private final Source source;

  ArchiveRoutes(List<ImmudbSettings> archives, Source source) {
    this.archives = archives;
    this.source = source;
  }

  void add(OperatorRules rules) {
    rules.post("/archive", this::get);
  }

  /** The id is the body: it may have any of {@code : / #}. */
  private void get(Call call) {
    String id = call.body().strip();
    for (ImmudbSettings settings : holding(id)) {
      try (ImmudbArchive archive = new ImmudbArchive(settings)) {
        archive.open();
        List<ImmudbArchive.Found> found = archive.get(id);
        if (!found.isEmpty()) {
          ImmudbArchive.compare(found, source);
          call.answer(json(settings.name(), found, archive.proof()));
          return;
        }
      }
    }
    throw RefusedException.of(Reason.NOT_FOUND, "no archive of this node has it");
  }

  private List<ImmudbSettings> holding(String id) {
    Matcher chain = CHAIN.matcher(id);
    return chain.matches()
        ? archives.stream()
            .filter(
                one -> one.chains().stream().anyMatch(each -> each.value().equals(chain.group(1))))
            .toList()
        : archives;
  }

  private static Map<String, Object> json(
      String sink, List<ImmudbArchive.Found> found, ImmudbArchive.Proof proof) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (ImmudbArchive.Found one : found) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("key", one.key());
      item.put("transaction", one.transaction());
      item.put("time", Timestamp.millis(one.time()));
      item.put("revision", one.revision());
      item.put("text", one.text());
      items.add(item);
    }
    Map<String, Object> proved = new LinkedHashMap<>();
    proved.put("database", proof.database());
    proved.put("transaction", proof.transaction());
    proved.put("hash", proof.hash().base64());
    proved.put("signed", proof.signed());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sink", sink);
    json.put("found", items);
    json.put("proof", proved);
    return json;
  }
}
