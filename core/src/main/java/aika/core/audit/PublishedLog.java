package aika.core.audit;

import org.jspecify.annotations.Nullable;

/**
 * The files that one chain publishes (C2SP tlog-tiles): {@code checkpoint}, {@code tile/…}, {@code
 * tile/entries/…}. Nothing in them is believed. Asked by several threads.
 */
@FunctionalInterface
public interface PublishedLog {
  /**
   * A file by its path below the log; null when there is none.
   *
   * @throws UnreadableLogException when that cannot be known now
   */
  byte @Nullable [] file(String path);
}
