package aika.node;

import aika.node.config.PeersFile;
import aika.node.gateway.Standby;
import aika.node.operate.Operator;
import aika.node.tls.NodeTls;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a peer answers while it does not lead: that it does not, and how its node is. */
final class StandingBy implements AutoCloseable {
  private static final double MILLIS_OF_SECOND = 1_000;

  private final Standby gateways;
  private final @Nullable Operator operator;

  private StandingBy(Standby gateways, @Nullable Operator operator) {
    this.gateways = gateways;
    this.operator = operator;
  }

  /**
   * @param peers as the file says now
   */
  static StandingBy start(Leading.Base base, Supplier<PeersFile> peers) {
    Standby.Told told =
        new Standby.Told(
            base.shard()::leader,
            chain ->
                base.shard()
                    .leader()
                    .flatMap(id -> Optional.ofNullable(peers.get().peers().get(id)))
                    .flatMap(peer -> Optional.ofNullable(peer.gateways().get(chain))),
            base.shard()::applied,
            base.shard().clock()::apartMillis,
            base.settings().data().toFile()::getUsableSpace,
            () -> certificates(base.tls()));
    Standby gateways = Standby.start(base.settings().host(), base.served(), told);
    try {
      Operator operator =
          base.peers()
              .map(routes -> Operator.standby(base.settings().data(), routes, new SecureRandom()))
              .orElse(null);
      return new StandingBy(gateways, operator);
    } catch (RuntimeException failed) {
      gateways.close();
      throw failed;
    }
  }

  private static Map<String, Double> certificates(@Nullable NodeTls tls) {
    Map<String, Double> seconds = new TreeMap<>();
    if (tls != null) {
      long now = System.currentTimeMillis();
      tls.expiries().forEach(one -> seconds.put(one.file(), (one.end() - now) / MILLIS_OF_SECOND));
    }
    return seconds;
  }

  @Override
  public void close() {
    gateways.close();
    if (operator != null) {
      operator.close();
    }
  }
}
