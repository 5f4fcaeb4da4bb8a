package aika.node.gateway;

import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain values: maps, lists, strings, {@link JsonNumber}s, booleans, null. */
public final class Json {
  static final int DEPTH_MAX = 8;
  static final int NUMBER_CHARS_MAX = 64;
  static final int NAME_CHARS_MAX = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  /**
   * Reads one object and nothing else.
   *
   * @throws MalformedException when this is not JSON, has a name twice, or is no object
   */
  public static Map<String, @Nullable Object> object(byte[] bytes) {
    try (JsonParser in = FACTORY.createParser(Utf8.decode(bytes, 0, bytes.length))) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("not a JSON object");
      }
      Map<String, @Nullable Object> object = object(in);
      if (in.nextToken() != null) {
        throw new MalformedException("more than one JSON object");
      }
      return object;
    } catch (JsonProcessingException notJson) {
      throw new MalformedException("not JSON: " + where(notJson), notJson);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Without the text itself, which may be a secret. */
  private static String where(JsonProcessingException fault) {
    var location = fault.getLocation();
    return location == null
        ? "malformed"
        : "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static Map<String, @Nullable Object> object(JsonParser in) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      object.put(name, value(in));
    }
    return object;
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(in));
        }
        yield array;
      }
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(in.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedException("not JSON");
    };
  }

  /** Writes maps, iterables, strings, numbers, booleans and null; a map's entries in its order. */
  public static byte[] write(Map<?, ?> object) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json, object);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> object -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> member : object.entrySet()) {
          json.writeFieldName(String.valueOf(member.getKey()));
          write(json, member.getValue());
        }
        json.writeEndObject();
      }
      case Iterable<?> array -> {
        json.writeStartArray();
        for (Object element : array) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case Boolean truth -> json.writeBoolean(truth);
      case Long number -> json.writeNumber(number);
      case Integer number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }
}
