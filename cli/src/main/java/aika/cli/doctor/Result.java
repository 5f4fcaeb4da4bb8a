package aika.cli.doctor;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a check has found, and what to do next. */
public sealed interface Result {
  Said found();

  /** What to do next; always there where somebody has to act. */
  Optional<Advice> next();

  /** Nothing to do. */
  record Ok(Said found) implements Result {
    static Ok of(String en, String ja) {
      return new Ok(new Said(en, ja));
    }

    @Override
    public Optional<Advice> next() {
      return Optional.empty();
    }
  }

  /** It works, and somebody should look after it. */
  record Attention(Said found, Advice advice) implements Result {
    @Override
    public Optional<Advice> next() {
      return Optional.of(advice);
    }
  }

  /** A node does not start like this, or does not do its work. */
  record Wrong(Said found, Advice advice) implements Result {
    @Override
    public Optional<Advice> next() {
      return Optional.of(advice);
    }
  }

  /** Nobody looked, and why. */
  record Skipped(Said found, @Nullable Advice advice) implements Result {
    static Skipped of(String en, String ja) {
      return new Skipped(new Said(en, ja), null);
    }

    @Override
    public Optional<Advice> next() {
      return Optional.ofNullable(advice);
    }
  }
}
