package aika.cli.doctor;

import aika.node.tls.Expiry;
import aika.node.tls.NodeTls;
import aika.node.tls.TlsException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The certificate with which other nodes know this one, and how long it counts. */
final class CertificatesCheck implements Check {
  private final Path tls;
  private final Collection<URI> neighbours;
  private final LongSupplier clock;

  /**
   * @param tls the directory of the files
   * @param neighbours gateways of other nodes that the operator's file names
   * @param clock ms since 1970
   */
  CertificatesCheck(Path tls, Collection<URI> neighbours, LongSupplier clock) {
    this.tls = tls;
    this.neighbours = neighbours;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public Said title() {
    return new Said("Certificates", "証明書");
  }

  @Override
  public List<Result> results() {
    Optional<NodeTls> opened;
    try {
      opened = NodeTls.open(tls, clock);
    } catch (TlsException fault) {
      return List.of(
          new Result.Wrong(
              Said.both(String.valueOf(fault.getMessage())),
              Advice.of(
                  "Put the right files there: a node does not start with these, a running one keeps"
                      + " the ones before.",
                  "正しいファイルを置いてください。このままではノードは起動せず、動いているノードは前の証明書を使い続けます。")));
    }
    if (opened.isEmpty()) {
      return List.of(
          Result.Skipped.of(
              "There is no " + tls + ": nodes speak plain HTTP with this one.",
              tls + " がありません。ほかのノードとの通信は暗号化されません。"));
    }
    try (NodeTls read = opened.get()) {
      List<Result> results = new ArrayList<>();
      read.expiries().forEach(one -> results.add(of(one)));
      plain(results);
      return results;
    }
  }

  private Result of(Expiry one) {
    Instant end = Instant.ofEpochMilli(one.end()).truncatedTo(ChronoUnit.SECONDS);
    long days = Duration.ofMillis(one.end() - clock.getAsLong()).toDays();
    String which = one.file() + " (" + one.subject() + ")";
    Said found =
        new Said(
            "%s counts until %s: %d days.".formatted(which, end, days),
            "%s の期限は %s です（あと %d 日）。".formatted(which, end, days));
    Advice renew =
        Advice.of(
            "Renew it: see \"Certificate renewal\" in docs/operations.md. Nothing is restarted.",
            "更新してください。docs/operations.md の「証明書の更新」を見てください。再起動は要りません。");
    return switch (one.stage(clock.getAsLong())) {
      case FAR -> new Result.Ok(found);
      case NEAR -> new Result.Attention(found, renew);
      case URGENT -> new Result.Wrong(found, renew);
      case OVER ->
          new Result.Wrong(
              new Said(
                  which + " ended " + end + ": other nodes refuse this one.",
                  which + " は " + end + " に期限が切れました。ほかのノードから拒まれます。"),
              renew);
    };
  }

  private void plain(List<Result> results) {
    List<String> clear =
        neighbours.stream()
            .filter(one -> "http".equals(one.getScheme()) && !Hosts.isLoopback(one.getHost()))
            .map(URI::toString)
            .sorted()
            .toList();
    if (!clear.isEmpty()) {
      results.add(
          new Result.Attention(
              new Said(
                  "neighbours.yaml has addresses without TLS: " + Names.few(clear) + '.',
                  "neighbours.yaml に暗号化されないアドレスがあります：" + Names.few(clear) + "。"),
              Advice.of(
                  "Write https and the node port of those that have certificates, such as"
                      + " https://kanazawa.example:20000.",
                  "証明書のあるノードは、https://kanazawa.example:20000 のように https とノードのポートで書いてください。")));
    }
  }
}
