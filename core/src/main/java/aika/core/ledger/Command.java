package aika.core.ledger;

/**
 * What a chain executes next.
 *
 * @param time set once by the leader that ordered it, ms since 1970
 */
public record Command(long time, Action action) {}
