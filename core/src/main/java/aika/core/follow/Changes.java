package aika.core.follow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts and deletes, in order, that are written together. */
public final class Changes {
  private final List<Change> list = new ArrayList<>();

  /**
   * @param value null for a delete
   */
  public record Change(Rows.Table table, byte[] key, byte @Nullable [] value) {}

  public Changes put(Rows.Table table, byte[] key, byte[] value) {
    list.add(new Change(table, key, value));
    return this;
  }

  public Changes delete(Rows.Table table, byte[] key) {
    list.add(new Change(table, key, null));
    return this;
  }

  public List<Change> list() {
    return Collections.unmodifiableList(list);
  }
}
