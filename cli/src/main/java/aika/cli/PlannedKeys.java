package aika.cli;

import aika.core.note.VerifierKey;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.KeyMaker;
import aika.node.config.KeyType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Notes which keys a template asks for and makes none: what it answers with are placeholders. */
final class PlannedKeys implements KeyMaker {
  private record Planned(String place, KeyType type, String name) {}

  private final List<Planned> planned = new ArrayList<>();

  @Override
  public VerifierKey key(String place, KeyType type, String name) {
    planned.add(new Planned(place, type, name));
    byte[] placeholder = new byte[type.publicKeyBytes()];
    ByteBuffer.wrap(placeholder).putInt(planned.size());
    return new VerifierKey(name, type.signatureType(), placeholder);
  }

  /**
   * Makes every key that the template needs, all at once: each is on disk when it is made, and
   * waiting for a hundred disk writes one after the other would take longer than all else.
   */
  static void make(FederationTemplate template, KeyFiles keys) throws InterruptedException {
    PlannedKeys plan = new PlannedKeys();
    var _ = template.federation(plan);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<VerifierKey>> made = new ArrayList<>();
      for (Planned one : plan.planned) {
        made.add(threads.submit(() -> keys.key(one.place, one.type, one.name)));
      }
      for (Future<VerifierKey> one : made) {
        one.get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }
}
