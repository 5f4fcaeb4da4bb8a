package aika.node.operate;

import aika.node.config.SinksFile;
import aika.node.sink.Sinks;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What an operator can work on.
 *
 * @param source the node's chains
 * @param file that the sinks were made from
 * @param decisions where there are chains to decide about
 * @param moves where chains can go elsewhere
 * @param peers where there are several machines
 * @param clock ms since 1970
 */
public record OperatorParts(
    Sinks sinks,
    Source source,
    SinksFile file,
    Optional<DecisionRoutes> decisions,
    Optional<ResidentRoutes> residents,
    Optional<BackupRoutes> backups,
    Optional<MoveRoutes> moves,
    Optional<PeerRoutes> peers,
    LongSupplier clock) {
  List<Operator.Routes> routes() {
    List<Operator.Routes> routes = new ArrayList<>();
    routes.add(new SinkRoutes(sinks)::add);
    routes.add(new ArchiveRoutes(file.immudb(), source)::add);
    routes.add(new AnalyticsRoutes(sinks)::add);
    routes.add(new WebhookRoutes(sinks, file.webhooks(), clock)::add);
    decisions.ifPresent(one -> routes.add(one::add));
    residents.ifPresent(one -> routes.add(one::add));
    backups.ifPresent(one -> routes.add(one::add));
    moves.ifPresent(one -> routes.add(one::add));
    peers.ifPresent(one -> routes.add(one::add));
    return routes;
  }
}
