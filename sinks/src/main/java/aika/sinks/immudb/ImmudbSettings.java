package aika.sinks.immudb;

import aika.core.money.ChainId;
import aika.sinks.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One database of an immudb server.
 *
 * @param name for people, metrics and logs: {@code immudb}
 * @param chains whose approved blocks are archived there
 * @param database made when it is missing
 * @param tls empty: without encryption
 * @param serverKey PEM file with the key that signs the server's states; empty: not checked
 * @param state file with the last state of the server that was verified, kept by the sink
 * @param sqlTable whether leaves are also rows of an SQL table, for the console's SQL page
 */
public record ImmudbSettings(
    String name,
    List<ChainId> chains,
    String host,
    int port,
    String database,
    String user,
    Secret password,
    Optional<Tls> tls,
    Optional<Path> serverKey,
    Path state,
    boolean sqlTable) {
  public ImmudbSettings {
    chains = List.copyOf(chains);
  }

  /**
   * Encryption; PEM files.
   *
   * @param authorities certificates that the server's may be signed by; empty: the JDK's
   * @param certificate our own for mutual TLS; empty: none
   * @param key to {@code certificate}
   */
  public record Tls(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {}
}
