package aika.node.sink;

import aika.node.config.SinksFile;
import aika.sinks.Names;
import aika.sinks.Sink;
import aika.sinks.Source;
import java.util.List;

/** Makes the sinks that the operator's file asks for; nothing is connected by that. */
@FunctionalInterface
public interface SinkMaker {
  /**
   * @param names of the people of this node, for those sinks that may show them
   */
  List<Sink> make(SinksFile file, Source source, Names names);
}
