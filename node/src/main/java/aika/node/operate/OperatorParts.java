package aika.node.operate;

import aika.node.config.SinksFile;
import aika.node.sink.Sinks;
import aika.sinks.Source;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What an operator can work on.
 *
 * @param source the node's chains
 * @param file that the sinks were made from
 * @param clock ms since 1970
 */
public record OperatorParts(Sinks sinks, Source source, SinksFile file, LongSupplier clock) {
  List<Operator.Routes> routes() {
    return List.of(
        new SinkRoutes(sinks)::add,
        new ArchiveRoutes(file.immudb(), source)::add,
        new AnalyticsRoutes(sinks)::add,
        new WebhookRoutes(sinks, file.webhooks(), clock)::add);
  }
}
