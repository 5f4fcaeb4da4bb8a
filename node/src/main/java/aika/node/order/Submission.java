package aika.node.order;

import java.util.concurrent.CompletableFuture;

/** One entry between submit and its answer. */
final class Submission {
  private final long number;
  private final byte[] entry;
  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  private final CompletableFuture<Void> returned = new CompletableFuture<>();
  private volatile boolean maybeOrdered;

  Submission(long number, byte[] entry) {
    this.number = number;
    this.entry = entry;
  }

  /** Unique within one run of one ordering; the log entry carries it. */
  long number() {
    return number;
  }

  byte[] entry() {
    return entry;
  }

  CompletableFuture<byte[]> answer() {
    return answer;
  }

  /** Done when the call that handed this to the engine has returned. */
  CompletableFuture<Void> returned() {
    return returned;
  }

  /** From here on a failure no longer says that the entry was not ordered. */
  void aboutToBeLogged() {
    maybeOrdered = true;
  }

  void fail(String why, Throwable cause) {
    answer.completeExceptionally(
        maybeOrdered
            ? OrderingException.unknown(why, cause)
            : OrderingException.refused(why, cause));
  }
}
