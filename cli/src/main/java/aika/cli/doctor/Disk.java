package aika.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the disk below a directory is. */
interface Disk {
  /**
   * @param usable bytes that this user can still write
   * @param total bytes
   */
  record State(long usable, long total, boolean readOnly) {}

  State of(Path directory) throws IOException;

  /** The real one. */
  static State real(Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    return new State(store.getUsableSpace(), store.getTotalSpace(), store.isReadOnly());
  }
}
