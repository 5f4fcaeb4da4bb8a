package aika.core.log;

import aika.core.note.MalformedException;

/**
 * Names of the static files of a log (C2SP tlog-tiles): {@code tile/<L>/<N>[.p/<W>]} for hashes,
 * {@code tile/entries/<N>[.p/<W>]} for entries. One text per path.
 *
 * <p>The width is the number of hashes or entries: {@value #FULL_WIDTH} for a full one, less for a
 * partial one.
 */
public sealed interface TilePath {
  int FULL_WIDTH = 256;
  int LEVEL_MAX = 63;

  /** Levels of the tree between one level of tiles and the next. */
  int HEIGHT = 8;

  long index();

  int width();

  /** The path, without a leading slash. */
  String format();

  /** A tile of {@code width} hashes; hash i is that of {@link Nodes#node} at 8 × level. */
  record Hashes(int level, long index, int width) implements TilePath {
    public Hashes {
      if (level < 0 || level > LEVEL_MAX) {
        throw new MalformedException("tile level " + level + " is not in 0 … " + LEVEL_MAX);
      }
      checkIndexAndWidth(index, width);
    }

    @Override
    public String format() {
      return formatted("tile/" + level + "/", index, width);
    }
  }

  /** A bundle of {@code width} entries, as {@link EntryBundle} frames them. */
  record Entries(long index, int width) implements TilePath {
    public Entries {
      checkIndexAndWidth(index, width);
    }

    @Override
    public String format() {
      return formatted("tile/entries/", index, width);
    }
  }

  /** How many hashes tile {@code index} of this level has in a tree of this size: 0 … 256. */
  static int widthAt(int level, long index, long size) {
    int shift = HEIGHT * level;
    long hashes = shift >= Long.SIZE ? 0 : size >>> shift;
    long tiles = hashes / FULL_WIDTH;
    return index < tiles ? FULL_WIDTH : index == tiles ? (int) (hashes % FULL_WIDTH) : 0;
  }

  /**
   * @throws MalformedException when this is not the path of a tile or an entry bundle
   */
  static TilePath parse(String path) {
    return TilePathParser.parse(path);
  }

  private static void checkIndexAndWidth(long index, int width) {
    if (index < 0) {
      throw new MalformedException("tile index " + index);
    }
    if (width < 1 || width > FULL_WIDTH) {
      throw new MalformedException("tile width " + width + " is not in 1 … " + FULL_WIDTH);
    }
  }

  private static String formatted(String start, long index, int width) {
    StringBuilder path = new StringBuilder(start);
    String digits = Long.toString(index);
    String padded = "0".repeat((3 - digits.length() % 3) % 3) + digits;
    for (int at = 0; at < padded.length(); at += 3) {
      boolean last = at + 3 == padded.length();
      path.append(last ? "" : "x").append(padded, at, at + 3).append(last ? "" : "/");
    }
    return width == FULL_WIDTH ? path.toString() : path.append(".p/").append(width).toString();
  }
}
