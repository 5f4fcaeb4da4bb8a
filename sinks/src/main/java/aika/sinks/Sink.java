package aika.sinks;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.nio.file.Path;
import java.util.List;

/**
 * A store that follows the chains. Its content is a function of the logs: writing the same leaves
 * again, after a crash or out of order between chains, gives the same content. It keeps its
 * position with what it writes, after it. One thread calls {@link #open}, {@link #advance} and
 * {@link #rebuild}; {@link #verify} may run beside them.
 *
 * <p>Whatever fails throws {@link SinkException}; the {@link Follower} tries again.
 */
public interface Sink extends AutoCloseable {
  /** For people, metrics and logs: {@code mongo Asia}, {@code immudb}, {@code analytics}. */
  String name();

  /** The chains that it follows. */
  List<ChainId> chains();

  /** Connects and makes what is missing there. Called at first and again after every failure. */
  void open();

  /** How far the store is, as it says itself. */
  Progress progress(ChainId chain);

  /**
   * Writes what comes next of this chain, one bounded step; returns at once when nothing does.
   *
   * @return how far the store is now
   */
  Progress advance(ChainId chain);

  /** How far {@link #advance} can go now. */
  Progress goal(ChainId chain);

  /**
   * Puts files of ours that are damaged out of the way, under another name beside them, so that the
   * next {@link #open} begins without them. For a {@link #rebuild} that {@link #open} prevents.
   *
   * @param failed why it could not be opened
   * @return what they are called now; empty when no file of ours is at fault
   */
  default List<Path> setAside(SinkException failed) {
    return List.of();
  }

  /** Drops everything that it wrote; {@link #advance} then begins with leaf 0. */
  void rebuild();

  /** Compares what is stored, up to {@link #progress}, with the logs. */
  Verification verify(Verification.Watcher watcher);

  /** This person's name is erased from the register and must not be in the store any more. */
  default void forget(AccountId account) {}

  @Override
  void close();
}
