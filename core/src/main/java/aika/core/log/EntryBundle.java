package aika.core.log;

import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Up to 256 entries in one file (C2SP tlog-tiles, "Log entries"): each behind its length in two
 * bytes, big-endian.
 */
public final class EntryBundle {
  public static final int ENTRY_BYTES_MAX = 65_535;
  public static final int ENTRIES_MAX = TilePath.FULL_WIDTH;

  private static final int LENGTH_BYTES = 2;

  private EntryBundle() {}

  /**
   * @throws MalformedException when there are too many entries or one is too long
   */
  public static byte[] encode(List<byte[]> entries) {
    if (entries.size() > ENTRIES_MAX) {
      throw new MalformedException("bundle of " + entries.size() + " entries");
    }
    int length = 0;
    for (byte[] entry : entries) {
      if (entry.length > ENTRY_BYTES_MAX) {
        throw new MalformedException("entry of " + entry.length + " bytes");
      }
      length += LENGTH_BYTES + entry.length;
    }
    byte[] bundle = new byte[length];
    int at = 0;
    for (byte[] entry : entries) {
      bundle[at] = (byte) (entry.length >>> 8);
      bundle[at + 1] = (byte) entry.length;
      System.arraycopy(entry, 0, bundle, at + LENGTH_BYTES, entry.length);
      at += LENGTH_BYTES + entry.length;
    }
    return bundle;
  }

  /**
   * The entries of a bundle of exactly this width.
   *
   * @throws MalformedException when there are more, fewer, or a cut one
   */
  public static List<byte[]> parse(byte[] bundle, int width) {
    if (width < 1 || width > ENTRIES_MAX) {
      throw new MalformedException("bundle of width " + width);
    }
    List<byte[]> entries = new ArrayList<>(width);
    int at = 0;
    while (at < bundle.length && entries.size() < width) {
      int from = at + LENGTH_BYTES;
      int to = from > bundle.length ? from : from + lengthAt(bundle, at);
      if (to > bundle.length || from > bundle.length) {
        throw new MalformedException("bundle ends within entry " + entries.size());
      }
      entries.add(Arrays.copyOfRange(bundle, from, to));
      at = to;
    }
    if (entries.size() != width) {
      throw new MalformedException("bundle has " + entries.size() + " entries, not " + width);
    }
    if (at != bundle.length) {
      throw new MalformedException("bundle has more than " + width + " entries");
    }
    return entries;
  }

  private static int lengthAt(byte[] bundle, int at) {
    return (bundle[at] & 0xff) << 8 | bundle[at + 1] & 0xff;
  }
}
