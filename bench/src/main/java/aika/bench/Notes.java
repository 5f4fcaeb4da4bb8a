package aika.bench;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** Signed notes one after the other, in slots of one size within a few large arrays. */
final class Notes {
  static final Notes NONE = new Notes(0);

  private static final int SLOT_BYTES = 768;
  private static final int SLAB_SLOTS = 16_384;

  private final byte[][] slabs;

  private Notes(int count) {
    slabs = new byte[(count + SLAB_SLOTS - 1) / SLAB_SLOTS][SLAB_SLOTS * SLOT_BYTES];
  }

  /** Has the notes 0 … count - 1 made by the workers. */
  static Notes of(int count, Workers workers, IntFunction<byte[]> maker) {
    Notes notes = new Notes(count);
    workers.each(
        count,
        i -> {
          byte[] note = maker.apply(i);
          notes.slot(i).putInt(note.length).put(note);
        });
    return notes;
  }

  /** A copy, as it would come from the network. */
  byte[] get(int i) {
    ByteBuffer slot = slot(i);
    byte[] note = new byte[slot.getInt()];
    slot.get(note);
    return note;
  }

  private ByteBuffer slot(int i) {
    return ByteBuffer.wrap(slabs[i / SLAB_SLOTS], i % SLAB_SLOTS * SLOT_BYTES, SLOT_BYTES);
  }
}
