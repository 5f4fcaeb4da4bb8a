package aika.node.config;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Files that are there whole or not at all, also after a loss of power. */
public final class DurableFile {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private DurableFile() {}

  /** Writes a file that everybody may read, over an earlier one. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path parent = parent(file);
    Files.createDirectories(parent);
    Path part = Files.createTempFile(parent, "." + file.getFileName(), ".part");
    if (posix(parent)) {
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
    }
    replace(part, file, out -> out.write(bytes));
    syncDirectory(parent); // the new name itself must survive as well
  }

  /** Writes a file that only its owner may read, over an earlier one. */
  public static void writePrivate(Path file, byte[] bytes) throws IOException {
    replace(privatePart(file), file, out -> out.write(bytes));
    syncDirectory(parent(file));
  }

  /**
   * Writes a file that only its owner may read, if there is none.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is one; it stays as it is
   */
  public static void createPrivate(Path file, byte[] bytes) throws IOException {
    Path part = privatePart(file);
    try {
      Files.createFile(file); // takes the name, so that of two at once one is refused
    } catch (IOException refused) {
      Files.deleteIfExists(part);
      throw refused;
    }
    boolean whole = false;
    try {
      replace(part, file, out -> out.write(bytes));
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
    syncDirectory(parent(file));
  }

  private static Path privatePart(Path file) throws IOException {
    Path parent = parent(file);
    String name = "." + file.getFileName();
    if (posix(existing(parent))) {
      Files.createDirectories(parent, posixOnly("rwx------"));
      return Files.createTempFile(parent, name, ".part", posixOnly("rw-------"));
    }
    Files.createDirectories(parent);
    Path part = Files.createTempFile(parent, name, ".part");
    ownerOnlyByAcl(part);
    return part;
  }

  /** Makes a directory that only its owner may enter, unless it is there. */
  public static void createPrivateDirectory(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (posix(existing(absolute))) {
      Files.createDirectories(absolute, posixOnly("rwx------"));
    } else {
      Files.createDirectories(absolute);
    }
  }

  /** Whether others than the owner may read or change the file, as far as permissions can tell. */
  public static boolean openToOthers(Path file) throws IOException {
    if (!posix(file)) {
      return false;
    }
    Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
    granted.addAll(Files.getPosixFilePermissions(file));
    granted.retainAll(OTHERS);
    return !granted.isEmpty();
  }

  @FunctionalInterface
  private interface Filling {
    void into(OutputStream out) throws IOException;
  }

  private static void replace(Path part, Path file, Filling filling) throws IOException {
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        filling.into(Channels.newOutputStream(channel));
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Windows keeps names without being asked, and cannot open a directory. */
  private static void syncDirectory(Path directory) throws IOException {
    if (posix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Gives a file another name in another directory, over what has it there. */
  public static void move(Path file, Path to) throws IOException {
    Files.createDirectories(parent(to));
    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(parent(to));
    syncDirectory(parent(file));
  }

  /**
   * Has everything in a directory survive a loss of power, then gives the directory its name.
   *
   * @param locked a file that stays as it is: to close it once more would end this process's lock
   */
  public static void moveTree(Path from, Path to, Path locked) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.filter(file -> !file.equals(locked)).toList()) {
        if (Files.isDirectory(each)) {
          syncDirectory(each);
        } else {
          try (FileChannel file = FileChannel.open(each, StandardOpenOption.WRITE)) {
            file.force(true);
          }
        }
      }
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(to));
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    return parent;
  }

  private static Path existing(Path directory) {
    Path at = directory;
    while (!Files.exists(at)) {
      at = parent(at);
    }
    return at;
  }

  private static boolean posix(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return store.supportsFileAttributeView(PosixFileAttributeView.class);
  }

  private static FileAttribute<Set<PosixFilePermission>> posixOnly(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static void ownerOnlyByAcl(Path file) throws IOException {
    AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (view == null) {
      return; // a file system without permissions, as on memory cards
    }
    AclEntry owner =
        AclEntry.newBuilder()
            .setType(AclEntryType.ALLOW)
            .setPrincipal(view.getOwner())
            .setPermissions(EnumSet.allOf(AclEntryPermission.class))
            .build();
    view.setAcl(List.of(owner));
  }

  /**
   * Copies a directory with all that is in it, if it is there, over what the other one has. Only
   * its owner may read the copy.
   */
  public static void copyTree(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    List<Path> directories = new ArrayList<>();
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          createPrivateDirectory(copy);
          directories.addFirst(copy);
        } else {
          replace(privatePart(copy), copy, out -> Files.copy(each, out));
        }
      }
    }
    for (Path directory : directories) {
      syncDirectory(directory);
    }
    syncDirectory(parent(to));
  }

  /** Deletes a directory with all that is in it, if it is there. */
  public static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(each);
      }
    }
  }
}
