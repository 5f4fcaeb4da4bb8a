package aika.node.config;

import static java.util.stream.Collectors.toSet;

import aika.core.ledger.Directory;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
   * @throws FederationException when the file cannot be read, naming all its faults with their
   *     lines, or when it is a later one that the federation root has not signed
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
    return new FederationFile(path, signed(path, bytes), hash(bytes));
  }

  private static Federation signed(Path path, byte[] bytes) {
    Federation federation = parse(name(path), bytes);
    if (!federation.earlierFiles().isEmpty()) {
      RootSignature.check(path, bytes, federation);
    }
    return federation;
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
    return written(path, federation, bytes(federation));
  }

  private static byte[] bytes(Federation federation) {
    return FederationWriter.text(federation).getBytes(StandardCharsets.UTF_8);
  }

  private static FederationFile written(Path path, Federation federation, byte[] bytes) {
    if (!signed(path, bytes).equals(federation)) {
      throw new IllegalStateException("the federation's file would say something else");
    }
    try {
      DurableFile.write(path, bytes);
    } catch (IOException unwritable) {
      throw FederationException.unwritable(FederationException.FEDERATION_FILE, path, unwritable);
    }
    return new FederationFile(path, federation, hash(bytes));
  }

  /**
   * Writes the file that adds a municipality to this one, signed by the root, over this one.
   *
   * @throws FederationException when the name or a port is taken
   */
  public FederationFile join(Joining joining, KeyMaker maker, HeldKey root) {
    List<Municipality> all = new ArrayList<>(federation.municipalities());
    all.add(KeyReader.made(federation, joining, maker));
    Federation next = federation.with(all, continued());
    return written(path, next, RootSignature.sign(next, bytes(next), root));
  }

  /** The earlier files of one that comes after this one. */
  private List<Hash> continued() {
    List<Hash> earlier = new ArrayList<>(federation.earlierFiles());
    earlier.add(hash);
    return earlier;
  }

  /**
   * What a later file adds to this one.
   *
   * @throws FederationException when it does not continue this one, or changes anything else
   */
  public List<Municipality> addedBy(FederationFile later) {
    List<Hash> before = continued();
    List<Hash> said = later.federation.earlierFiles();
    if (said.size() < before.size() || !said.subList(0, before.size()).equals(before)) {
      throw FederationException.changed(later.path, "it does not continue this file");
    }
    Set<ChainId> known =
        federation.municipalities().stream().map(Municipality::id).collect(toSet());
    List<Municipality> kept = new ArrayList<>();
    List<Municipality> added = new ArrayList<>();
    for (Municipality one : later.federation.municipalities()) {
      (known.contains(one.id()) ? kept : added).add(one);
    }
    if (!later.federation.with(kept, federation.earlierFiles()).equals(federation)) {
      throw FederationException.changed(later.path, "what was there is not as it was");
    }
    return added;
  }

  /**
   * Puts a later file in the place of this one.
   *
   * @throws FederationException when it changes more than it adds, or cannot be written
   */
  public FederationFile update(FederationFile later) {
    var _ = addedBy(later);
    try {
      return written(path, later.federation, Files.readAllBytes(later.path));
    } catch (IOException unreadable) {
      throw FederationException.unreadable(
          FederationException.FEDERATION_FILE, later.path, unreadable);
    }
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
