package aika.sinks.immudb;

import aika.sinks.SinkException;

/** Makes the exception for a server that contradicts what it proved before. */
final class Tampered {
  private Tampered() {}

  static SinkException because(String what) {
    return new SinkException(SinkException.Kind.TAMPERED, what, null);
  }
}
