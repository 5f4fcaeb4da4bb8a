package aika.sinks.mongo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database belongs to the chains that began in it [MONGO-16]. */
@Timeout(120)
final class MongoOwnerIT {
  /** The same chains, but for the time at which they began. */
  private record Another(Source of) implements Source {
    @Override
    public List<ChainId> chains() {
      return of.chains();
    }

    @Override
    public long size(ChainId chain) {
      return of.size(chain);
    }

    @Override
    public long approvedSize(ChainId chain) {
      return of.approvedSize(chain);
    }

    @Override
    public Entry entry(ChainId chain, long index) {
      Entry entry = of.entry(chain, index);
      if (!(entry.leaf() instanceof Leaf.Genesis genesis)) {
        return entry;
      }
      Hash other = entry.hash();
      Leaf.Genesis later =
          new Leaf.Genesis(
              genesis.time() + 1,
              genesis.federation(),
              genesis.chain(),
              other,
              genesis.policy(),
              other);
      return LeafText.entry(index, later);
    }

    @Override
    public @Nullable Block block(ChainId chain, long index) {
      return of.block(chain, index);
    }

    @Override
    public long height(ChainId chain) {
      return of.height(chain);
    }

    @Override
    public @Nullable Approval approval(ChainId chain, long index) {
      return of.approval(chain, index);
    }
  }

  private static void assertForeign(Runnable work) {
    SinkException refused = assertThrows(SinkException.class, work::run);
    assertEquals(SinkException.Kind.TAMPERED, refused.kind());
    assertEquals("the database holds another federation's Asia", refused.getMessage());
  }

  @Test
  void anotherFederationWritesNothingThereUntilItIsDropped() {
    MadeUpChains world = MadeUpChains.random(3, 20);
    Source another = new Another(world);
    ChainId chain = MadeUpChains.KOMATSU;
    try (RealServer server = RealServers.ferretDb()) {
      MongoSettings settings =
          new MongoSettings("mongo", new Secret("mongodb://" + server.address()), world.chains());
      try (MongoSink first = new MongoSink(settings, world, Names.NONE);
          MongoSink second = new MongoSink(settings, another, Names.NONE)) {
        first.open();
        second.open();
        assertForeign(() -> second.progress(chain));
        assertForeign(() -> second.advance(chain));
        assertForeign(() -> second.verify(Verification.Watcher.NOBODY));
        assertForeign(() -> second.forget(MadeUpChains.A));
        MongoSinkIT.follow(first);
        MongoSinkIT.assertClean(first);

        second.open();
        second.rebuild();
        second.open();
        MongoSinkIT.follow(second);
        first.open();
        assertForeign(() -> first.advance(chain));
      }
    }
  }
}
