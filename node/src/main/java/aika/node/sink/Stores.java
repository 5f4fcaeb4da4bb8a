package aika.node.sink;

import aika.node.config.SinksFile;
import aika.sinks.Names;
import aika.sinks.Sink;
import aika.sinks.Source;
import aika.sinks.analytics.AnalyticsSink;
import aika.sinks.immudb.ImmudbSettings;
import aika.sinks.immudb.ImmudbSink;
import aika.sinks.mongo.MongoSink;
import aika.sinks.webhook.WebhookPace;
import aika.sinks.webhook.WebhookSettings;
import aika.sinks.webhook.WebhookSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The stores that Aika knows. */
public final class Stores implements SinkMaker {
  private final LongSupplier clock;

  /**
   * @param clock ms since 1970
   */
  public Stores(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public List<Sink> make(SinksFile file, Source source, Names names) {
    List<Sink> sinks = new ArrayList<>();
    for (SinksFile.Mongo mongo : file.mongo()) {
      sinks.add(new MongoSink(mongo.settings(), source, mongo.names() ? names : Names.NONE));
    }
    for (ImmudbSettings immudb : file.immudb()) { // never a name
      sinks.add(new ImmudbSink(immudb, source));
    }
    file.analytics()
        .map(one -> new AnalyticsSink(one.settings(), source, one.names() ? names : Names.NONE))
        .ifPresent(sinks::add);
    for (WebhookSettings hook : file.webhooks()) {
      sinks.add(new WebhookSink(source, hook, WebhookPace.STANDARD, clock));
    }
    return sinks;
  }
}
