package aika.sim;

import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that lives on its own: it hears messages and its own timers. When it crashes, its
 * timers and the answers that it waits for are gone with its memory.
 */
abstract class Actor {
  final World world;
  final String name;
  final SplittableRandom random;
  private boolean up = true;
  private int life;
  private long cutOffUntil;
  private final List<Repeated> repeated = new ArrayList<>();
  private int pace;

  private record Repeated(int millis, Runnable what) {}

  Actor(World world, String name) {
    this.world = world;
    this.name = name;
    this.random = world.split();
  }

  final boolean up() {
    return up;
  }

  /** Whether the network does not reach it just now, though it runs. */
  final boolean cutOff() {
    return world.now() < cutOffUntil;
  }

  final void cutOff(long millis) {
    cutOffUntil = world.now() + millis;
    world.diary().happens(world, this, "is cut off for " + millis + " ms");
  }

  /** Runs it later, unless this actor crashes before. */
  final void after(long millis, Runnable what) {
    int asked = life;
    world
        .timeline()
        .after(
            millis,
            () -> {
              if (up && life == asked) {
                what.run();
              }
            });
  }

  /** Repeats it about every so many ms, as long as this actor lives; less often in calm days. */
  final void every(int millis, Runnable what) {
    repeated.add(new Repeated(millis, what));
    world.repeats(this);
    next(millis, what);
  }

  private void next(int millis, Runnable what) {
    int asked = pace;
    after(
        world.pace() * (millis / 2 + random.nextInt(millis)),
        () -> {
          if (pace == asked) {
            what.run();
            next(millis, what);
          }
        });
  }

  /** What is repeated is repeated at the world's new pace from now on. */
  final void changePace() {
    pace++;
    repeated.forEach(one -> next(one.millis, one.what));
  }

  /** The chain to which it belongs, and with which it is cut off; null when it is everywhere. */
  @Nullable ChainId place() {
    return null;
  }

  /** Sends a message over the network: {@code what} happens at {@code to}, perhaps. */
  final void send(Actor to, Runnable what) {
    world.network().carry(this, to, what);
  }

  /**
   * Where {@code from} answers: back to this actor over the network, if it still remembers asking.
   */
  final <T> Consumer<T> answer(Actor from, Consumer<T> then) {
    int asked = life;
    return answer ->
        world
            .network()
            .carry(
                from,
                this,
                () -> {
                  if (life == asked) {
                    then.accept(answer);
                  }
                });
  }

  final void crash() {
    if (up) {
      up = false;
      life++;
      repeated.clear();
      world.counts().crashes++;
      world.diary().happens(world, this, "crashes");
      crashed();
    }
  }

  final void restart() {
    if (!up) {
      up = true;
      world.diary().happens(world, this, "is back");
      started();
    }
  }

  /** Forgets what is not durable. */
  abstract void crashed();

  /** Begins, also after a crash. */
  abstract void started();

  @Override
  public final String toString() {
    return name;
  }
}
