package aika.sinks.immudb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A key and its value. Nobody changes the bytes. */
record Item(String key, byte[] value) {
  static Item of(String key, String value) {
    return new Item(key, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Item that && key.equals(that.key) && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return key + " (" + value.length + " bytes)";
  }
}
