package aika.node.config;

import aika.core.note.Sha256;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A server and a database by one name, whichever way the operator wrote the host: for telling
 * whether two entries mean the same, and for files about it. Nobody is asked what a name means.
 */
record ServerName(String host, int port, String database) {
  private static final int FILE_CHARS_MAX = 200;

  static ServerName of(String host, int port, String database) {
    return new ServerName(normal(host), port, database);
  }

  /** All addresses of this machine that reach nobody else are one. */
  private static String normal(String host) {
    String bare = host.toLowerCase(Locale.ROOT);
    if (bare.startsWith("[")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    if (bare.endsWith(".")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    if (bare.equals("localhost")) {
      return bare;
    }
    try {
      InetAddress literal = InetAddress.ofLiteral(bare);
      return literal.isLoopbackAddress() ? "localhost" : literal.getHostAddress();
    } catch (IllegalArgumentException name) {
      return bare;
    }
  }

  /** {@code immudb-localhost-3322-aika.state}; another server never has the same one. */
  String file(String kind, String suffix) {
    String name = host.replace(':', '_') + '-' + port + '-' + database;
    if (name.length() > FILE_CHARS_MAX) {
      name = HexFormat.of().formatHex(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
    }
    return kind + '-' + name + suffix;
  }
}
