package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.note.MalformedException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryBundleTest {
  private static final byte[] BUNDLE = {0, 2, 7, 8, 0, 0, 0, 1, 9};

  @Test
  void refusesCutShortAndLongBundles() {
    for (int length = 0; length < BUNDLE.length; length++) {
      byte[] cut = Arrays.copyOf(BUNDLE, length);
      assertThrows(MalformedException.class, () -> EntryBundle.parse(cut, 3));
    }
    for (int width : new int[] {-1, 0, 1, 2, 4, 257}) {
      assertThrows(MalformedException.class, () -> EntryBundle.parse(BUNDLE, width));
    }
    byte[] longer = Arrays.copyOf(BUNDLE, BUNDLE.length + 1);
    assertThrows(MalformedException.class, () -> EntryBundle.parse(longer, 3));
  }

  @Test
  void refusesTooLongAndTooManyEntries() {
    List<byte[]> tooLong = List.of(new byte[EntryBundle.ENTRY_BYTES_MAX + 1]);
    assertThrows(MalformedException.class, () -> EntryBundle.encode(tooLong));
    List<byte[]> tooMany = Collections.nCopies(257, new byte[0]);
    assertThrows(MalformedException.class, () -> EntryBundle.encode(tooMany));
  }

  @Test
  void framesWithTwoBytesBigEndian() {
    List<byte[]> entries = EntryBundle.parse(BUNDLE, 3);
    assertArrayEquals(new byte[] {7, 8}, entries.get(0));
    assertArrayEquals(new byte[0], entries.get(1));
    assertArrayEquals(new byte[] {9}, entries.get(2));
    assertArrayEquals(BUNDLE, EntryBundle.encode(entries));
    byte[] longest = new byte[EntryBundle.ENTRY_BYTES_MAX];
    longest[longest.length - 1] = 5;
    byte[] bundle = EntryBundle.encode(Collections.nCopies(256, longest));
    List<byte[]> parsed = EntryBundle.parse(bundle, 256);
    assertEquals(256, parsed.size());
    assertArrayEquals(longest, parsed.getLast());
  }
}
