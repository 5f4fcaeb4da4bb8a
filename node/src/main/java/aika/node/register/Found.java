package aika.node.register;

import aika.core.ledger.Refusal;

/** The register's answer about one person. */
public sealed interface Found {
  record Known(Person person) implements Found {}

  /**
   * @param refusal never repeats a name
   */
  record Refused(Refusal refusal) implements Found {}
}
