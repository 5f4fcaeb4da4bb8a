package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.log.Hash;
import aika.core.note.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The federation file as it lies on disk, {@code federation.yaml}; see {@code
 * docs/spec/federation-file.md}.
 *
 * @param hash SHA-256 of the file's bytes, which leaf 0 of each chain logs
 */
public record FederationFile(Path path, Federation federation, Hash hash) {
  /** What the file is called in the data directory. */
  public static final String NAME = "federation.yaml";

  /**
   * @throws FederationException when the file cannot be read, or naming all its faults with their
   *     lines
   */
  public static FederationFile read(Path path) {
    byte[] bytes;
    try {
      if (Files.size(path) > YamlText.BYTES_MAX) {
        Problems problems = new Problems(FederationException.FEDERATION_FILE, name(path));
        problems.add(1, "", Fault.TOO_LARGE, YamlText.BYTES_MAX);
        throw problems.exception();
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      throw FederationException.unreadable(FederationException.FEDERATION_FILE, path, unreadable);
    }
    return new FederationFile(path, parse(name(path), bytes), hash(bytes));
  }

  /** Reads the bytes of a federation file, however they came; {@code name} is for messages. */
  public static Federation parse(String name, byte[] bytes) {
    return FederationReader.read(name, bytes, null);
  }

  /**
   * Writes a complete file with comments, durably and at once, over an earlier one.
   *
   * @throws FederationException when it cannot be written, or when what would be written could not
   *     be read again
   */
  public static FederationFile write(Path path, Federation federation) {
    byte[] bytes = FederationWriter.text(federation).getBytes(StandardCharsets.UTF_8);
    if (!parse(name(path), bytes).equals(federation)) {
      throw new IllegalStateException("the federation's file would say something else");
    }
    try {
      DurableFile.write(path, bytes);
    } catch (IOException unwritable) {
      throw FederationException.unwritable(FederationException.FEDERATION_FILE, path, unwritable);
    }
    return new FederationFile(path, federation, hash(bytes));
  }

  /** Who is who, as the ledger wants it. */
  public Directory directory() {
    return federation.directory(hash);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static Hash hash(byte[] bytes) {
    return Hash.of(Sha256.of(bytes));
  }
}
