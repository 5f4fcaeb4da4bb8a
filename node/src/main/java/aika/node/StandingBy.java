package aika.node;

import aika.node.config.PeersFile;
import aika.node.gateway.Standby;
import aika.node.operate.Operator;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a peer answers while it does not lead: that it does not, and how its node is. */
final class StandingBy implements AutoCloseable {
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
            base.shard()::applied);
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

  @Override
  public void close() {
    gateways.close();
    if (operator != null) {
      operator.close();
    }
  }
}
