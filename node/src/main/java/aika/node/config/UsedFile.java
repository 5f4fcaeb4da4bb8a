package aika.node.config;

import aika.core.log.Hash;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which federation file a node or a cosigner executed by last: a file {@code federation.used} in
 * its data. Commands that a file has made possible must not be executed again by an earlier one,
 * and a later one counts only with the root of the first [FED-21].
 */
public final class UsedFile {
  /** What it is called in the data directory. */
  public static final String NAME = "federation.used";

  private static final int LINES = 2;
  private static final String ROOT = "root ";
  private static final String FILE = "file ";

  private UsedFile() {}

  /**
   * Takes note of the file from which everything in {@code data} is executed from now on.
   *
   * @throws FederationException when it neither is the one that was used last nor continues that
   *     one under the same root
   */
  public static void check(Path data, FederationFile file) {
    Path used = data.resolve(NAME);
    try {
      if (Files.exists(used)) {
        compare(used, file);
      }
      String now =
          ROOT + file.federation().root().format() + '\n' + FILE + file.hash().base64() + '\n';
      DurableFile.createPrivateDirectory(data);
      DurableFile.writePrivate(used, now.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw FederationException.unwritable(FederationException.FEDERATION_FILE, used, failed);
    }
  }

  private static void compare(Path used, FederationFile file) throws IOException {
    List<String> lines = Files.readAllLines(used, StandardCharsets.UTF_8);
    try {
      if (lines.size() != LINES
          || !lines.get(0).startsWith(ROOT)
          || !lines.get(1).startsWith(FILE)) {
        throw new MalformedException("two lines");
      }
      VerifierKey root = VerifierKey.parse(lines.get(0).substring(ROOT.length()));
      Hash hash = Hash.parse(lines.get(1).substring(FILE.length()));
      if (!root.equals(file.federation().root()) || !file.directory().isFile(hash)) {
        throw FederationException.another(file.path(), hash);
      }
    } catch (MalformedException damaged) {
      throw FederationException.unreadable(FederationException.FEDERATION_FILE, used, damaged);
    }
  }
}
