package aika.sinks;

import aika.core.money.AccountId;
import java.util.Optional;

/**
 * The names that an operator lets sinks show. They come from the registers and can be erased there;
 * what a sink keeps of them must follow.
 */
@FunctionalInterface
public interface Names {
  /** No names: the standard. */
  Names NONE = account -> Optional.empty();

  /** What pages call this person; empty when nobody may know or the name is erased. */
  Optional<String> of(AccountId account);
}
