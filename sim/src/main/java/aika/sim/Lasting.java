package aika.sim;

/** An adversary that a run waits for: before it is over, nothing comes to rest. */
interface Lasting {
  boolean over();
}
