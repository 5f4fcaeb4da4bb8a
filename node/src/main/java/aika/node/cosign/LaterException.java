package aika.node.cosign;

/** What is needed cannot be had now, or does not hold as it was served: it is asked for again. */
final class LaterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LaterException(String what) {
    super(what);
  }

  LaterException(String what, Throwable cause) {
    super(what, cause);
  }
}
