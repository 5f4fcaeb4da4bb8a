package aika.node.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * From bytes to YAML's tree with line numbers, by the plain part of YAML: one document, no anchors,
 * aliases or tags, so that a line says what it seems to say (FED-1).
 */
final class YamlText {
  static final int BYTES_MAX = 32 << 20;

  private YamlText() {}

  /** The tree's root. Whatever is wrong is thrown, since nothing behind it can be read. */
  static Node compose(byte[] bytes, Problems problems) {
    if (bytes.length > BYTES_MAX) {
      problems.add(1, "", Fault.TOO_LARGE, BYTES_MAX);
      throw problems.exception();
    }
    String text = decode(bytes, problems);
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(problems.file())
            .setCodePointLimit(BYTES_MAX)
            .setAllowDuplicateKeys(true) // found by YamlSection, which tells both lines
            .build();
    try {
      refuseIndirection(settings, text, problems);
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(1, "", Fault.EMPTY);
        throw problems.exception();
      }
      return root.get();
    } catch (MarkedYamlEngineException marked) {
      int line = marked.getProblemMark().map(YamlText::line).orElse(1);
      problems.add(line, "", Fault.SYNTAX, told(marked.getProblem(), problems));
    } catch (YamlEngineException other) {
      String first = String.valueOf(other.getMessage()).lines().findFirst().orElse("");
      problems.add(1, "", Fault.SYNTAX, told(first, problems));
    }
    throw problems.exception();
  }

  /** What the parser says may quote the file, as in "undefined tag handle !pass!". */
  private static String told(String said, Problems problems) {
    return problems.isSecretive() ? "see this line and the one before" : said;
  }

  static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  private static String decode(byte[] bytes, Problems problems) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (decoder.decode(in, out, true).isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      problems.add(line, "", Fault.ENCODING);
      throw problems.exception();
    }
    String text = out.flip().toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static void refuseIndirection(LoadSettings settings, String text, Problems problems) {
    int documents = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      int line = event.getStartMark().map(YamlText::line).orElse(1);
      boolean tagged =
          event instanceof ScalarEvent scalar && scalar.getTag().isPresent()
              || event instanceof CollectionStartEvent collection
                  && collection.getTag().isPresent();
      boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
      if (event instanceof AliasEvent || tagged || anchored) {
        problems.add(line, "", Fault.INDIRECTION);
      }
      if (event instanceof DocumentStartEvent && ++documents > 1) {
        problems.add(line, "", Fault.SECOND_DOCUMENT);
      }
    }
    problems.throwIfAny();
  }
}
