package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The OpenAPI document says what the gateway does: the same paths, and answers of those shapes. */
@ExtendWith(SharedWorld.class)
class OpenApiTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final World world;
  private final SharedWorld.Town town;
  private final JsonNode document;

  OpenApiTest(SharedWorld.Town town) throws Exception {
    this.town = town;
    world = town.world;
    document = MAPPER.readTree(world.bytes(KOMATSU, "/openapi.json"));
  }

  private void fits(String schema, World.Reply reply) throws Exception {
    fits(schema, reply.http().body());
  }

  private void fits(String schema, byte[] json) throws Exception {
    Set<ValidationMessage> faults = schema(schema).validate(MAPPER.readTree(json));
    String text = new String(json, StandardCharsets.UTF_8);
    assertEquals(Set.of(), faults, () -> schema + ": " + text);
  }

  private JsonSchema schema(String name) {
    assertTrue(document.at("/components/schemas/" + name).isObject(), name);
    ObjectNode root = MAPPER.createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", document.get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(root);
  }

  /** Both directions: nothing is served that is not described, or described and not served. */
  @Test
  void thePathsAreThoseOfTheGateway() {
    Endpoints served =
        new Endpoints(
            world.chain(KOMATSU),
            new Faults(new Meters()),
            new Forwarding(world.node.neighbours(), token -> false, null),
            HttpRouting.builder());
    Stopping stopping = new Stopping();
    FeedReaders readers =
        new FeedReaders(world.node.shard().changes(), stopping, FeedReaders.Bounds.USUAL);
    Gateway.addRoutes(world.parts(), stopping, readers, served);
    stopping.stop();

    Map<String, Set<String>> expected = new TreeMap<>();
    served
        .methods()
        .forEach((path, methods) -> {
          Set<String> described = new TreeSet<>(methods);
          described.remove("HEAD"); // answered wherever GET is
          expected.put(path.replace("{+", "{"), described);
        });
    Map<String, Set<String>> actual = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(path -> {
          Set<String> methods = new TreeSet<>();
          path.getValue()
              .fieldNames()
              .forEachRemaining(name -> {
                if (!name.equals("parameters")) {
                  methods.add(name.toUpperCase(Locale.ROOT));
                }
              });
          actual.put(path.getKey(), methods);
        });
    assertEquals(expected, actual);
  }

  @Test
  void theDocumentHoldsTogether() {
    assertEquals("3.1.0", document.get("openapi").asText());
    Set<String> ids = new HashSet<>();
    document.get("paths").properties().forEach(path -> checkPath(path, ids));
    checkReferences(document);
    Set<String> kinds = new TreeSet<>();
    document.at("/components/schemas/Kind/enum").forEach(kind -> kinds.add(kind.asText()));
    assertEquals(new TreeSet<>(FeedQuery.KINDS), kinds);
  }

  private void checkPath(Map.Entry<String, JsonNode> path, Set<String> ids) {
    for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
      if (method.getKey().equals("parameters")) {
        continue;
      }
      JsonNode operation = method.getValue();
      assertTrue(ids.add(operation.get("operationId").asText()), operation::toString);
      assertTrue(operation.get("responses").has("200"), path::getKey);
      Set<String> named = new TreeSet<>();
      for (JsonNode list :
          List.of(path.getValue().path("parameters"), operation.path("parameters"))) {
        for (JsonNode parameter : list) {
          JsonNode one =
              parameter.has("$ref")
                  ? document.at(parameter.get("$ref").asText().substring(1))
                  : parameter;
          if (one.get("in").asText().equals("path")) {
            named.add(one.get("name").asText());
          }
        }
      }
      Set<String> inPath = new TreeSet<>();
      for (String part : path.getKey().split("/", -1)) {
        if (part.startsWith("{")) {
          inPath.add(part.substring(1, part.length() - 1));
        }
      }
      assertEquals(inPath, named, path.getKey());
    }
  }

  private void checkReferences(JsonNode node) {
    if (node.has("$ref")) {
      String target = node.get("$ref").asText();
      assertFalse(document.at(target.substring(1)).isMissingNode(), target);
    }
    node.forEach(this::checkReferences);
  }

  private String sent(String amount) throws Exception {
    World.Reply sent =
        world.post(
            KOMATSU,
            "/send",
            WorkedExampleOverHttpTest.SNIPPET.replace("200", amount + ",\"colour\":\"red\""));
    fits("TransferBrief", sent.expect(200));
    return sent.text("transfer");
  }

  @Test
  void paymentsAnswerAsDescribed() throws Exception {
    String transfer = sent("84.01");
    World.Reply received =
        world
            .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
            .expect(200);
    fits("TransferBrief", received);
    sent("84.02");
    fits("Received", world.post(KANAZAWA, "/receive", "{\"receiver\":\"B\"}").expect(200));
    fits("Received", world.post(KANAZAWA, "/receive", "{\"receiver\":\"B\"}").expect(200));
    String declined = sent("84.03");
    String reject = "{\"receiver\":\"B\",\"transfer\":\"" + declined + "\",\"reject\":true}";
    fits("TransferBrief", world.post(KANAZAWA, "/receive", reject).expect(200));
    // The money is back before another test of this world compares balances.
    long hold = TransferId.of(declined).index();
    world.await(() -> refunded(hold));
  }

  private boolean refunded(long hold) {
    Row.Hold row = world.ledger(town.a.chain()).get(new Key.OfHold(hold));
    return row != null && row.status() == Row.Hold.Status.REFUNDED;
  }

  @Test
  void questionsAnswerAsDescribed() throws Exception {
    String transfer = sent("84.04");
    TransferId id = TransferId.of(transfer);
    world.await(() -> world.node.pending().listed(id).isPresent());
    fits("Transfer", world.get(EUROPE, "/transfers/" + transfer).expect(200));
    fits("Account", world.get(KOMATSU, "/accounts/" + town.a).expect(200));
    AccountId losing = world.person(KOMATSU, "Losing");
    world.announce(losing);
    World.Reply announced = world.get(KOMATSU, "/accounts/" + losing).expect(200);
    assertTrue(announced.json().containsKey("announced_key"));
    fits("Account", announced);
    World.Reply waiting = world.get(ASIA, "/pending?continent=Asia").expect(200);
    assertFalse(((List<?>) Objects.requireNonNull(waiting.at("pending"))).isEmpty());
    fits("Pending", waiting);
    String order = world.get(KOMATSU, "/transfers/" + transfer).text("links", "order");
    fits("Order", world.get(KOMATSU, order).expect(200));
    fits("Health", world.get(KOMATSU, "/health").expect(200));
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    world.await(() -> status(transfer).equals("complete"));
    fits("Transfer", world.get(KOMATSU, "/transfers/" + transfer).expect(200));
  }

  private String status(String transfer) {
    try {
      return world.get(KOMATSU, "/transfers/" + transfer).text("status");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void whoApprovesIsToldAsDescribed() throws Exception {
    for (String chain : List.of(KOMATSU, ASIA)) {
      World.Reply told = world.get(EUROPE, "/chains/" + chain + "/representatives").expect(200);
      fits("Representatives", told);
      assertEquals(chain, told.text("chain"));
      assertEquals("federation-file", told.text("by"));
      assertFalse(((List<?>) Objects.requireNonNull(told.at("seats"))).isEmpty());
    }
    assertEquals(
        Reason.UNKNOWN_CHAIN.name(),
        world.get(KOMATSU, "/chains/Asia-Nowhere/representatives").expect(404).text("code"));
  }

  @Test
  void refusalsAreAsDescribed() throws Exception {
    fits("Problem", world.get(KOMATSU, "/nothing").expect(404));
    fits("Problem", world.get(KOMATSU, "/transfers/Asia-Komatsu:0").expect(404));
    fits("Problem", world.post(KOMATSU, "/send", "{").expect(400));
    World.Reply poor =
        world.post(
            KOMATSU, "/send", WorkedExampleOverHttpTest.SNIPPET.replace("200", "99999999.00"));
    assertEquals(Reason.INSUFFICIENT_FUNDS.name(), poor.text("code"));
    assertTrue(poor.json().containsKey("links"));
    fits("Problem", poor);
  }

  @Test
  void feedsTellAsDescribed() throws Exception {
    String transfer = sent("84.05");
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    Set<String> told = new TreeSet<>();
    for (String chain : List.of(KOMATSU, KANAZAWA, ASIA)) {
      long size = world.ledger(ChainId.of(chain)).size();
      try (SseReader feed =
          SseReader.open(world.http, world.uri(KOMATSU, "/chains/" + chain + "/feed"), Map.of())) {
        for (long index = 0; index < size; ) {
          SseReader.Event event = feed.next();
          byte[] json = event.data().getBytes(StandardCharsets.UTF_8);
          if (event.type().equals("leaf")) {
            fits("FeedLeaf", json);
            told.add(event.text("kind"));
            index++;
          } else {
            fits("FeedApproval", json);
          }
        }
      }
    }
    assertTrue(
        told.containsAll(
            List.of("genesis", "open-account", "issue", "send", "receive", "record", "seal")),
        told::toString);
  }

  @Test
  void thePageLoadsOnlyItsOwn() throws Exception {
    World.Reply page = world.get(KOMATSU, "/api").expect(200);
    assertEquals("text/html; charset=utf-8", page.header("content-type"));
    String policy = page.header("content-security-policy");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    String html = new String(page.http().body(), StandardCharsets.UTF_8);
    assertFalse(html.contains("http://") || html.contains("https://"), html);
    var addresses = Pattern.compile("(?:src|href)=\"(/api/[^\"]+)\"").matcher(html);
    int files = 0;
    while (addresses.find()) {
      World.Reply file = world.get(KOMATSU, addresses.group(1)).expect(200);
      assertTrue(file.http().body().length > 0);
      assertTrue(file.header("cache-control").contains("immutable"));
      assertEquals("nosniff", file.header("x-content-type-options"));
      files++;
    }
    assertEquals(4, files);
    assertEquals("NOT_FOUND", world.get(KOMATSU, "/api/1/api.js").expect(404).text("code"));
  }

  @Test
  void aTransfersPageIsWhereItsLinksSay() throws Exception {
    World.Reply sent =
        world.post(KOMATSU, "/send", WorkedExampleOverHttpTest.SNIPPET.replace("200", "84.06"));
    String page = sent.expect(200).text("links", "page");
    World.Reply html = world.get(KOMATSU, page, Map.of("Accept", "text/html")).expect(200);
    assertEquals("text/html; charset=utf-8", html.header("content-type"));
    assertTrue(new String(html.http().body(), StandardCharsets.UTF_8).contains("84.06"));
  }
}
