package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.core.money.ChainId;
import aika.node.config.DisplayName;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.Municipality;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A federation by flags and by questions. */
final class InitCommandTest {
  @TempDir Path directory;

  private Ran init(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "init";
    arguments[1] = data().toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return CommandWorld.aika(arguments);
  }

  private Path data() {
    return directory.resolve("aika");
  }

  private Federation made() {
    return FederationFile.read(data().resolve(FederationFile.NAME)).federation();
  }

  private static void komatsuAndKanazawa(Federation federation) {
    assertEquals("towns.example", federation.id());
    assertEquals(11, federation.continents().size());
    List<Municipality> towns = federation.municipalities();
    assertEquals(
        List.of("Asia-Komatsu", "Asia-Kanazawa", "Default-General"),
        towns.stream().map(town -> town.id().value()).toList());
    assertEquals(new DisplayName("小松市", "Komatsu"), towns.getFirst().name());
    assertEquals(List.of(2_000, 2_001, 2_002), towns.stream().map(Municipality::http).toList());
  }

  @Test
  void byFlags() {
    init(
            "--id",
            "towns.example",
            "--municipality",
            "Asia-Komatsu=小松市/Komatsu",
            "--municipality",
            "Asia-Kanazawa=金沢市/Kana'zawa: {2}")
        .expect(0);
    Federation federation = made();
    komatsuAndKanazawa(federation);
    ChainId kanazawa = ChainId.of("Asia-Kanazawa");
    assertEquals(
        "Kana'zawa: {2}",
        federation.municipality(kanazawa.value()).orElseThrow().name().en(),
        "whatever YAML would make of it");
    CommandWorld.aika("federation", "check", data().resolve(FederationFile.NAME).toString())
        .expect(0);
  }

  @Test
  void byQuestions() {
    InputStream before = System.in;
    String answers =
        "\ntowns.example\nAsia-Komatsu\n小松市\nKomatsu\nAsia-Kanazawa\n金沢市\nKanazawa\n\n";
    System.setIn(new ByteArrayInputStream(answers.getBytes(UTF_8)));
    try {
      init("--ask").expect(0).says("The federation's id", "連合の名前", "日本語の名前");
      komatsuAndKanazawa(made());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatMakesNoFederationIsSaidAndNothingIsMade() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("towns.example\nAsia-Komatsu\n".getBytes(UTF_8)));
    try {
      init("--ask").expect(1).says("Nobody answers", "答えがありません");
    } finally {
      System.setIn(before);
    }
    init("--id", "towns.example").expect(2).says("--municipality go together");
    init("--id", "towns.example", "--municipality", "Asia-Komatsu").expect(2).says("is not like");
    init("--ask", "--template", "x.yaml").expect(2).says("Say either");
    init("--id", "towns.example", "--municipality", "Mars-Base=火星/Mars").expect(1).says("Mars");
    init("--id", "no id", "--municipality", "Asia-Komatsu=小松市/Komatsu").expect(1);
    assertFalse(Files.exists(data().resolve(FederationFile.NAME)));
    assertTrue(init().code() == 0, "and the directory can be used");
  }
}
