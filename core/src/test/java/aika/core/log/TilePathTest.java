package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.note.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/100/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/x000/x001/002",
        "tile/0/001/002",
        "tile/0/x1/002",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/x001/x234",
        "tile/0/X001/234",
        "tile/0/00a",
        "tile/0/ 00",
        "tile/0/００１",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1 ",
        "tile/0/000/p/1",
        "tile/0/000.P/1",
        "tile/entries",
        "tile/entries/",
        "tile/entries/0/000",
        "tile/entries/x000/001",
        "tile/entries/000.p/256",
        "tile/data/000",
        "tile/Entries/000",
        "tile/0/../000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
        "tile/0/000?x",
        "tile/0/000\n"
      })
  void refusesOtherPaths(String path) {
    assertThrows(MalformedException.class, () -> TilePath.parse(path));
  }

  @ParameterizedTest
  @CsvSource({
    "tile/0/000, 0, 0, 256",
    "tile/0/000.p/1, 0, 0, 1",
    "tile/0/255.p/255, 0, 255, 255",
    "tile/1/999, 1, 999, 256",
    "tile/7/x001/000, 7, 1000, 256",
    "tile/0/x001/x234/067, 0, 1234067, 256",
    "tile/0/x001/234.p/12, 0, 1234, 12",
    "tile/63/x009/x223/x372/x036/x854/x775/807.p/10, 63, 9223372036854775807, 10"
  })
  void hashTiles(String text, int level, long index, int width) {
    TilePath path = new TilePath.Hashes(level, index, width);
    assertEquals(text, path.format());
    assertEquals(path, TilePath.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "tile/entries/000, 0, 256",
    "tile/entries/273.p/112, 273, 112",
    "tile/entries/x123/456.p/9, 123456, 9"
  })
  void entryBundles(String text, long index, int width) {
    TilePath path = new TilePath.Entries(index, width);
    assertEquals(text, path.format());
    assertEquals(path, TilePath.parse(text));
  }

  /** The example of C2SP tlog-tiles, "Partial Tiles", and the edges around it. */
  @ParameterizedTest
  @CsvSource({
    "70000, 0, 272, 256",
    "70000, 0, 273, 112",
    "70000, 0, 274, 0",
    "70000, 1, 0, 256",
    "70000, 1, 1, 17",
    "70000, 1, 2, 0",
    "70000, 2, 0, 1",
    "70000, 3, 0, 0",
    "256, 0, 0, 256",
    "256, 0, 1, 0",
    "256, 1, 0, 1",
    "255, 1, 0, 0",
    "0, 0, 0, 0",
    "9223372036854775807, 7, 0, 127",
    "9223372036854775807, 8, 0, 0",
    "9223372036854775807, 63, 0, 0"
  })
  void widths(long size, int level, long index, int width) {
    assertEquals(width, TilePath.widthAt(level, index, size));
  }

  @Test
  void refusesPathsThatNoLogHas() {
    assertThrows(MalformedException.class, () -> new TilePath.Hashes(-1, 0, 1));
    assertThrows(MalformedException.class, () -> new TilePath.Hashes(64, 0, 1));
    assertThrows(MalformedException.class, () -> new TilePath.Hashes(0, -1, 1));
    assertThrows(MalformedException.class, () -> new TilePath.Hashes(0, 0, 0));
    assertThrows(MalformedException.class, () -> new TilePath.Entries(0, 257));
    assertThrows(MalformedException.class, () -> new TilePath.Entries(-1, 256));
  }
}
