package aika.sim;

import aika.core.ledger.Offer;
import aika.core.money.ChainId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For days one half of the shards, with all that belongs to them, does not reach the other half.
 * What was published before is still read there, from mirrors, and nothing newer. Residents go on
 * for a while, also with the other half; what they sent there runs out long before it arrives.
 */
final class Partition extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 3_000;
  private static final int LIVELY_MILLIS = 90_000;
  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;
  private static final int DAYS_MAX = 3;

  private final Map<Shard, Boolean> far = new LinkedHashMap<>();
  private final Map<ChainId, Long> published = new LinkedHashMap<>();
  private final long share;
  private boolean over;

  Partition(World world) {
    super(world, "partition");
    share = world.settings().transfers() / 5;
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  void started() {
    world.keepBack(2 * share);
    after(BEGINS_MILLIS, this::begin);
  }

  @Override
  void crashed() {}

  private void begin() {
    List<Shard> shards = world.shards();
    for (Shard shard : shards) {
      boolean last = shard == shards.getLast();
      far.put(shard, last || shard != shards.getFirst() && random.nextBoolean());
    }
    world.chains().forEach(chain -> published.put(chain.id(), chain.approvedSize()));
    world.cut(this);
    world.keepBack(-share);
    world.diary().happens(world, this, "begins");
    after(LIVELY_MILLIS, () -> world.setPace(World.CALM));
    long millis = DAY_MILLIS / 2 + random.nextLong(DAYS_MAX * DAY_MILLIS - DAY_MILLIS / 2);
    world.counts().did("partition: hours", millis / (60 * 60 * 1000));
    after(LIVELY_MILLIS + millis, this::end);
  }

  private void end() {
    for (Offer offer : world.audit().undecided()) {
      ChainId from = offer.transfer().origin();
      if (apart(from, offer.to().chain()) && offer.validUntil() < world.now()) {
        world.counts().did("partition: ran out on the way to " + side(offer.to().chain()));
      }
    }
    over = true;
    world.join();
    world.setPace(1);
    world.keepBack(-share);
    world.diary().happens(world, this, "is over");
  }

  private String side(ChainId chain) {
    return far.getOrDefault(world.shard(chain), false) ? "the far side" : "the near side";
  }

  boolean apart(ChainId one, ChainId other) {
    return !far.getOrDefault(world.shard(one), false)
        .equals(far.getOrDefault(world.shard(other), false));
  }

  /** How much of this log is on mirrors on the other side. */
  long mirrored(ChainId chain) {
    return published.getOrDefault(chain, 0L);
  }
}
