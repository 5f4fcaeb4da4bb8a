package aika.sinks.immudb;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.note.MalformedException;
import aika.sinks.Block;
import aika.sinks.SinkException;
import aika.sinks.Source;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Compares one value of the archive, whatever its key, with the log [IMMU-2 … IMMU-5, IMMU-12]. */
final class ArchivedValue {
  private ArchivedValue() {}

  static void check(String key, byte[] value, Source source) {
    Optional<Keys.Place> leaf = Keys.leaf(key);
    if (leaf.isPresent()) {
      Entry entry = entry(key, leaf.get(), source);
      require(Arrays.equals(entry.bytes(), value), key);
      return;
    }
    if (Keys.block(key).isPresent()) {
      block(key, value, source);
      return;
    }
    // An event of a transfer names its leaf, which must tell of this event.
    Optional<Keys.Place> told = Keys.leaf(new String(value, StandardCharsets.UTF_8));
    require(told.isPresent(), key);
    Keys.Place place = told.get();
    Entry entry = entry(key, place, source);
    require(
        Event.of(place.chain(), entry).stream()
            .anyMatch(event -> Keys.event(event, place.index()).equals(Optional.of(key))),
        key);
  }

  private static void block(String key, byte[] value, Source source) {
    try {
      ArchivedBlock archived = ArchivedBlock.parse(value);
      Block block = archived.block();
      require(
          key.equals(Keys.block(block.chain(), block.height()))
              && source.chains().contains(block.chain()),
          key);
      requireThere(key, block.size() <= source.size(block.chain()));
      require(ArchivedBlocks.agree(archived, source), key);
    } catch (MalformedException damaged) {
      throw Tampered.because(key + " is no archived block: " + damaged.getMessage());
    }
  }

  private static Entry entry(String key, Keys.Place place, Source source) {
    require(source.chains().contains(place.chain()), key);
    requireThere(key, place.index() < source.size(place.chain()));
    return source.entry(place.chain(), place.index());
  }

  private static void requireThere(String key, boolean there) {
    if (!there) {
      throw new SinkException(
          SinkException.Kind.FAILED, "the archive has " + key + ", the log does not yet", null);
    }
  }

  private static void require(boolean agrees, String key) {
    if (!agrees) {
      throw Tampered.because(key + " differs from the log");
    }
  }
}
