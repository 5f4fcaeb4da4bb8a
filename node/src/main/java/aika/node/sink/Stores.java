package aika.node.sink;

import aika.node.config.SinksFile;
import aika.sinks.Names;
import aika.sinks.Sink;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.List;

/** The stores that Aika knows. */
public final class Stores implements SinkMaker {
  @Override
  public List<Sink> make(SinksFile file, Source source, Names names) {
    List<Sink> sinks = new ArrayList<>();
    return sinks;
  }
}
