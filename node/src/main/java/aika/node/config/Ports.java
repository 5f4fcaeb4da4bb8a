package aika.node.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** The ports of one file: in range, each used once (FED-11, FED-12). */
final class Ports {
  static final int MIN = 1;
  static final int MAX = 65_535;

  /** Who was first to name a port. */
  record Claim(String key, int line) {}

  private final Map<Integer, Claim> claims = new HashMap<>();

  /** Takes a port; answers with the earlier claim when there is one. */
  Optional<Claim> claim(int port, String key, int line) {
    return Optional.ofNullable(claims.putIfAbsent(port, new Claim(key, line)));
  }

  static int shifted(int port, int offset) {
    long moved = (long) port + offset;
    if (moved < MIN || moved > MAX) {
      throw FederationException.portOffset(port, offset);
    }
    return (int) moved;
  }

  static OptionalInt shifted(OptionalInt port, IntUnaryOperator shift) {
    return port.isPresent() ? OptionalInt.of(shift.applyAsInt(port.getAsInt())) : port;
  }
}
