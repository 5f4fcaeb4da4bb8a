package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.Ed25519;
import aika.core.note.KeyId;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.Sha256;
import aika.core.note.Utf8;
import aika.core.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/spec/formats.md are what the program reads in the vectors beside it. */
final class FormatsExamplesTest {
  private static final Path SPEC = Path.of("..", "docs", "spec");
  private static final Path EUROPE = SPEC.resolve("vectors/good/Europe");
  private static final Path LONG = SPEC.resolve("vectors/long/Asia-Komatsu");

  @Test
  void theExamplesAreWhatTheProgramReads() throws IOException {
    Matcher blocks =
        Pattern.compile("\n```text\n(.*?)```\n", Pattern.DOTALL)
            .matcher(Files.readString(SPEC.resolve("formats.md")));
    List<String> shown = new ArrayList<>();
    while (blocks.find()) {
      shown.add(blocks.group(1));
    }
    assertEquals(String.join("---\n", examples()), String.join("---\n", shown));
  }

  /** In the document's order. */
  private static List<String> examples() throws IOException {
    return List.of(hashes(), bundle(), paths(), tile(), key(), note(), message(), proof());
  }

  private static String hashes() throws IOException {
    List<Hash> leaves = leaves();
    return "leaf 0  %s\nleaf 1  %s\nroot    %s\n"
        .formatted(
            hex(leaves.get(0)),
            hex(leaves.get(1)),
            hex(Merkle.nodeHash(leaves.get(0), leaves.get(1))));
  }

  private static List<Hash> leaves() throws IOException {
    byte[] file = Files.readAllBytes(EUROPE.resolve("tile/entries/000.p/2"));
    List<Hash> leaves = EntryBundle.parse(file, 2).stream().map(Merkle::leafHash).toList();
    assertEquals(europe().checkpoint().root(), Merkle.nodeHash(leaves.get(0), leaves.get(1)));
    return leaves;
  }

  private static String bundle() throws IOException {
    byte[] file = Files.readAllBytes(EUROPE.resolve("tile/entries/000.p/2"));
    List<byte[]> entries = EntryBundle.parse(file, 2);
    int second = 2 + entries.getFirst().length;
    return "%s  the first entry has %d bytes\n%s  at byte %d: the second has %d\n"
        .formatted(
            hex(file, 0, 2),
            entries.getFirst().length,
            hex(file, second, second + 2),
            second,
            entries.get(1).length);
  }

  private static String paths() throws IOException {
    long size =
        SignedCheckpoint.parse(Files.readAllBytes(LONG.resolve("checkpoint"))).checkpoint().size();
    StringBuilder out = new StringBuilder("a tree of " + size + " leaves\n");
    for (int level = 0; TilePath.widthAt(level, 0, size) > 0; level++) {
      int width;
      for (long index = 0; (width = TilePath.widthAt(level, index, size)) > 0; index++) {
        out.append(there(new TilePath.Hashes(level, index, width))).append('\n');
        if (level == 0) {
          out.append(there(new TilePath.Entries(index, width))).append('\n');
        }
      }
    }
    TilePath far = new TilePath.Entries(1_234_067, 70);
    assertEquals(far, TilePath.parse(far.format()));
    return out + "index 1234067, 70 entries\n" + far.format() + "\n";
  }

  private static String there(TilePath path) {
    assertTrue(Files.isRegularFile(LONG.resolve(path.format())), path.format());
    return path.format();
  }

  private static String tile() throws IOException {
    byte[] below = Files.readAllBytes(LONG.resolve("tile/0/000"));
    byte[] above = Files.readAllBytes(LONG.resolve("tile/1/000.p/1"));
    assertEquals(Hash.of(above), new Merkle().fold(below, 0, TilePath.FULL_WIDTH));
    return "tile/0/000      %d bytes, begins with %s\ntile/1/000.p/1  %d bytes: %s\n"
        .formatted(below.length, hex(below, 0, Hash.BYTES), above.length, hex(Hash.of(above)));
  }

  private static String key() throws IOException {
    VerifierKey key = verifier("Europe", "log");
    assertEquals(Ed25519.TYPE, key.type());
    byte[] name = Utf8.encode(key.name());
    byte[] hashed = hash(name, new byte[] {'\n', (byte) key.type()}, key.publicKey());
    assertEquals(KeyId.format(key.keyId()), hex(hashed, 0, 4));
    return "%s\nSHA-256(%s 0a 01\n        %s)\n= %s\n"
        .formatted(key.format(), hex(name), hex(key.publicKey()), hex(hashed));
  }

  /** The first line of signatures is the log's; the others begin with key id and time. */
  private static String note() throws IOException {
    SignedCheckpoint signed = europe();
    assertTrue(signed.isSignedByLog(verifier("Europe", "log"), new Ed25519(16)));
    String[] lines = signed.note().toString().split("\n", -1);
    return String.join("\n", List.of(lines).subList(0, 5))
        + "\n"
        + lines[5].substring(0, lines[5].lastIndexOf(' ') + 1 + 16)
        + "…\n";
  }

  private static String message() throws IOException {
    VerifierKey seat = verifier("Europe", "seat1");
    NoteSignature line = europe().note().signatureBy(seat.name(), seat.keyId()).orElseThrow();
    Checkpoint checkpoint = europe().checkpoint();
    assertTrue(Cosignature.verify(checkpoint, seat, new MlDsa44(), line));
    long time = Cosignature.timestampSeconds(line);
    byte[] message = Cosignature.message(checkpoint, seat.name(), time);
    int name = 1 + seat.name().length();
    int origin = 1 + checkpoint.origin().length();
    int[] lengths = {12, name, Long.BYTES, origin, Long.BYTES, Long.BYTES, Hash.BYTES};
    String[] names = {"label", "cosigner", "timestamp", "origin", "start", "size", "root"};
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int i = 0; i < names.length; i++) {
      out.append("%-9s  %s\n".formatted(names[i], hex(message, at, at + lengths[i])));
      at += lengths[i];
    }
    assertEquals(message.length, at);
    return out.toString();
  }

  private static String proof() throws IOException {
    byte[] file = Files.readAllBytes(SPEC.resolve("vectors/good/Asia-Kanazawa/term/1"));
    TlogProof proof = TlogProof.parse(file);
    assertTrue(proof.includes(Merkle.leafHash(proof.extra().orElseThrow())));
    String[] lines = proof.toString().split("\n", -1);
    int checkpoint = 3 + proof.proof().size() + 1;
    return lines[0]
        + "\n"
        + lines[1].substring(0, "extra ".length() + 36)
        + "…\n"
        + String.join("\n", List.of(lines).subList(2, checkpoint + 4))
        + "\n"
        + lines[checkpoint + 4].substring(0, 60)
        + "…\n";
  }

  private static SignedCheckpoint europe() throws IOException {
    return SignedCheckpoint.parse(Files.readAllBytes(EUROPE.resolve("checkpoint")));
  }

  /** A key of the federation file. */
  private static VerifierKey verifier(String chain, String label) throws IOException {
    String suffix = label.equals("log") ? "" : "/" + label;
    Matcher key =
        Pattern.compile(label + ": \"(aika\\.example/" + chain + suffix + "\\+[^\"]+)\"")
            .matcher(Files.readString(SPEC.resolve("vectors/federation.yaml")));
    assertTrue(key.find(), label);
    return VerifierKey.parse(key.group(1));
  }

  private static byte[] hash(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return Sha256.of(all.toByteArray());
  }

  private static String hex(Hash hash) {
    return hex(hash.bytes());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String hex(byte[] bytes, int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
  }
}
