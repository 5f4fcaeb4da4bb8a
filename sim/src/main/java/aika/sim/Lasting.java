package aika.sim;

/** Something that a run waits for: before it is over, nothing comes to rest. */
interface Lasting {
  /** Whether it has happened, so that faults may stop. */
  boolean over();

  /** What of it is still to be done after that, in words; empty when nothing is. */
  default String left() {
    return "";
  }
}
