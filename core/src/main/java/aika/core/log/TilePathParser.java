package aika.core.log;

import aika.core.note.MalformedException;

/** Reads the paths that {@link TilePath#format} writes, and no others. */
final class TilePathParser {
  private static final int PATH_CHARS_MAX = 64;

  private final String path;
  private int at;

  private TilePathParser(String path) {
    this.path = path;
  }

  static TilePath parse(String path) {
    if (path.length() > PATH_CHARS_MAX) {
      throw new MalformedException("not a tile path: more than " + PATH_CHARS_MAX + " characters");
    }
    return new TilePathParser(path).parse();
  }

  private TilePath parse() {
    if (!skip("tile/")) {
      throw malformed("must start with tile/");
    }
    boolean entries = skip("entries/");
    int level = entries ? 0 : level();
    long index = index();
    int width = width();
    return entries ? new TilePath.Entries(index, width) : new TilePath.Hashes(level, index, width);
  }

  private int level() {
    int level = number(2);
    if (level > TilePath.LEVEL_MAX || !skip("/")) {
      throw malformed("a level is 0 … " + TilePath.LEVEL_MAX);
    }
    return level;
  }

  private long index() {
    long index = 0;
    boolean first = true;
    while (skip("x")) {
      int group = group();
      if (first && group == 0 || !skip("/")) {
        throw malformed("an index is x001/x234/067");
      }
      index = shifted(index, group);
      first = false;
    }
    return shifted(index, group());
  }

  private long shifted(long index, int group) {
    if (index > (Long.MAX_VALUE - group) / 1000) {
      throw malformed("the index is too large");
    }
    return index * 1000 + group;
  }

  private int group() {
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int digit = at < path.length() ? path.charAt(at) - '0' : -1;
      if (digit < 0 || digit > 9) {
        throw malformed("an index is x001/x234/067");
      }
      value = value * 10 + digit;
      at++;
    }
    return value;
  }

  private int width() {
    if (at == path.length()) {
      return TilePath.FULL_WIDTH;
    }
    int width = skip(".p/") ? number(3) : 0;
    if (width < 1 || width >= TilePath.FULL_WIDTH || at != path.length()) {
      throw malformed("a partial tile ends in .p/ and a width of 1 … 255");
    }
    return width;
  }

  /** A decimal of at most so many digits, without leading zeros. */
  private int number(int digitsMax) {
    int value = 0;
    int from = at;
    while (at < path.length() && path.charAt(at) >= '0' && path.charAt(at) <= '9') {
      if (at - from == digitsMax) {
        throw malformed("a number is too long");
      }
      value = value * 10 + path.charAt(at) - '0';
      at++;
    }
    if (at == from || at - from > 1 && path.charAt(from) == '0') {
      throw malformed("a number has digits and no leading zeros");
    }
    return value;
  }

  private boolean skip(String text) {
    if (!path.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  private MalformedException malformed(String what) {
    return new MalformedException("not a tile path at character " + (at + 1) + ": " + what);
  }
}
