package aika.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.FederationFile;
import aika.node.config.UsedFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [FED-18 to FED-21] A municipality is added, and the others take the new file. */
@Timeout(120)
final class FederationCommandTest {
  @TempDir Path temporary;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data;
  private Path file;
  private Path komatsu;

  @BeforeEach
  void init() {
    data = temporary.resolve("aika");
    file = data.resolve("federation.yaml");
    komatsu = temporary.resolve("komatsu");
    done("init", data.toString());
    done("federation", "kit", "Asia-Komatsu", "--data", "" + data, "--to", "" + komatsu);
  }

  private int aika(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private void done(String... arguments) {
    assertEquals(0, aika(arguments), err::toString);
  }

  private void refused(String why, String... arguments) {
    assertEquals(1, aika(arguments), out::toString);
    assertTrue(err.toString().contains(why), () -> why + " in: " + err);
  }

  private String[] adding(String name, int port, String... more) {
    List<String> all =
        new ArrayList<>(List.of("federation", "add-municipality", name, "--data", data.toString()));
    all.addAll(List.of("--name-ja", "加賀市", "--name-en", "Kaga"));
    all.addAll(List.of("--http", "" + port, "--node", "" + (18_000 + port)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String[] updating(Path later) {
    return new String[] {"federation", "update", later.toString(), "--data", komatsu.toString()};
  }

  @Test
  void twoJoinAndANodeTakesTheNewestFile() throws IOException {
    done(adding("Asia-Kaga", 2_005));
    assertTrue(out.toString().contains("aika federation kit Asia-Kaga"), out::toString);
    done(adding("Asia-Hakusan", 2_006));
    done("federation", "check", file.toString());
    done("federation", "kit", "Asia-Hakusan", "--data", "" + data, "--to", temporary + "/hakusan");

    done(updating(file));
    assertTrue(out.toString().contains("Asia-Kaga  加賀市 / Kaga  http 2005"), out::toString);
    assertTrue(out.toString().contains("Asia-Hakusan"), out::toString);
    assertArrayEquals(
        Files.readAllBytes(file), Files.readAllBytes(komatsu.resolve("federation.yaml")));
    done(updating(file));
    assertTrue(out.toString().contains("already"), out::toString);
  }

  @Test
  void whatIsNotSignedOrChangesMoreIsRefused() throws IOException {
    Path first = Files.copy(file, temporary.resolve("first.yaml"));
    done(adding("Asia-Kaga", 2_005));
    String text = Files.readString(file);
    Path forged = temporary.resolve("forged.yaml");
    Files.writeString(
        forged, text.replace("exposure-sum: 10000000.00", "exposure-sum: 90000000.00"));
    refused("not the federation root's signature", updating(forged));
    Files.writeString(forged, text.substring(0, text.lastIndexOf("# ")));
    refused("not the federation root's signature", updating(forged));

    Path others = temporary.resolve("others");
    done("init", others.toString());
    refused("does not continue this file", updating(others.resolve("federation.yaml")));
    done(updating(file));
    refused("does not continue this file", updating(first));
    assertEquals(text, Files.readString(komatsu.resolve("federation.yaml")));
  }

  @Test
  void anAdditionThatCannotBeChangesNothing() throws IOException {
    byte[] before = Files.readAllBytes(file);
    refused("is in the federation already", adding("Asia-Komatsu", 2_005));
    refused("port 2001 is already used", adding("Asia-Kaga", 2_001));
    refused("the continent Atlantis", adding("Atlantis-Kaga", 2_005));
    assertEquals(2, aika(adding("Asia", 2_005)));
    assertEquals(2, aika(adding("Asia-Kaga", 2_005, "--recovery-threshold", "2")));
    Files.move(data.resolve("keys/root.key"), temporary.resolve("root.key"));
    refused("root.key", adding("Asia-Kaga", 2_005));
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  private String[] cosigning(Path federation) {
    return new String[] {
      "cosign",
      "Asia-Komatsu",
      "--seat",
      "seat-2",
      "--dir",
      temporary.resolve("seat").toString(),
      "--federation",
      federation.toString()
    };
  }

  /** What {@code --gateway} would do first. */
  @Test
  void aCosignerThatHasExecutedTakesALaterFileAndNoOther() throws IOException {
    Path others = temporary.resolve("others");
    done("init", others.toString());
    Path seat = temporary.resolve("seat");
    Path first = Files.copy(file, temporary.resolve("first.yaml"));
    done(cosigning(others.resolve("federation.yaml"))); // nothing was executed yet
    done(cosigning(first));
    UsedFile.check(seat, FederationFile.read(seat.resolve("federation.yaml")));

    refused("put that one back", cosigning(others.resolve("federation.yaml")));
    done(adding("Asia-Kaga", 2_005));
    done(cosigning(file));
    done(cosigning(first)); // an earlier one changes nothing
    assertArrayEquals(
        Files.readAllBytes(file), Files.readAllBytes(seat.resolve("federation.yaml")));
  }
}
