package aika.sinks.analytics;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A year of a continent with eight municipalities, computed leaf by leaf, for measurements. Each
 * block of a municipality has 240 sends, 240 decisions about the sends of the block before, a
 * settlement of the block before that, and its seal.
 */
final class Year implements Source {
  static final int MUNICIPALITIES = 8;
  static final int SENDS = 240;

  private static final int BLOCK = 2 * SENDS + 2;
  private static final int CONTINENT_BLOCK = MUNICIPALITIES + 1;
  private static final int PEOPLE = 20_000;
  private static final long START = 1_767_225_600_000L;
  private static final long YEAR_MILLIS = 365L * 24 * 60 * 60 * 1000;
  private static final String FEDERATION = "bench.aika.example";
  private static final Hash NO_HASH = Hash.of(new byte[Hash.BYTES]);
  private static final Money NOTHING = Money.ZERO;
  private static final Signer NOBODY =
      new Signer() {
        @Override
        public byte[] publicKey() {
          return new byte[32];
        }

        @Override
        public byte[] sign(byte[] message) {
          return new byte[64];
        }
      };

  private final ChainId continent = ChainId.of("Asia");
  private final List<ChainId> municipalities = new ArrayList<>();
  private final List<ChainId> chains = new ArrayList<>();
  private final long rounds;
  private final SignedNote note;
  private long approvedRounds;

  Year(long transfers) {
    rounds = transfers / (MUNICIPALITIES * SENDS);
    chains.add(continent);
    for (int i = 0; i < MUNICIPALITIES; i++) {
      municipalities.add(ChainId.of("Asia-City" + i));
    }
    chains.addAll(municipalities);
    approvedRounds = rounds;
    Order.Header header = new Order.Header(FEDERATION, new OrderId(new UUID(0, 0)), 0);
    Order order = new Order.Issue(header, account(0, 0), Money.of("1.00"));
    note = SignedNote.sign(order.text(), order.account().toString(), 1, NOBODY);
  }

  long transfers() {
    return rounds * MUNICIPALITIES * SENDS;
  }

  long rounds() {
    return rounds;
  }

  /** Only so many blocks are approved. */
  void approve(long some) {
    approvedRounds = Math.min(some, rounds);
  }

  private int block(ChainId chain) {
    return chain.municipal() ? BLOCK : CONTINENT_BLOCK;
  }

  private AccountId account(int city, long number) {
    String digits = Long.toString(number % PEOPLE + 46_656L * 36, 36);
    return new AccountId(municipalities.get(city), "p" + digits + "xyz");
  }

  private static long mix(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 29) & Long.MAX_VALUE;
  }

  private long time(long round, long place) {
    return START + round * (YEAR_MILLIS / rounds) + place * 10;
  }

  @Override
  public Entry entry(ChainId chain, long index) {
    long round = index / block(chain);
    int place = (int) (index % block(chain));
    Leaf leaf =
        chain.municipal()
            ? municipal(municipalities.indexOf(chain), round, place)
            : continental(round, place);
    return new Entry(index, new byte[0], NO_HASH, leaf);
  }

  private Leaf continental(long round, int place) {
    long time = time(round, BLOCK + place);
    return place < MUNICIPALITIES
        ? new Leaf.Recorded(
            time, municipalities.get(place), (round + 1) * BLOCK, NO_HASH, 1, NO_HASH)
        : sealed(time, round, CONTINENT_BLOCK);
  }

  private static Leaf sealed(long time, long round, int block) {
    return new Leaf.Sealed(
        time, round + 1, round * block, 1, NO_HASH, NO_HASH, NOTHING, NOTHING, NOTHING, NOTHING);
  }

  private Leaf municipal(int city, long round, int place) {
    long time = time(round, place);
    if (place < SENDS) {
      return executed(time, send(city, round, place));
    }
    if (place < 2 * SENDS) {
      int slot = place - SENDS;
      return executed(time, round == 0 ? open(city, slot) : decide(city, round, slot));
    }
    if (place > 2 * SENDS) {
      return sealed(time, round, BLOCK);
    }
    if (round < 2) {
      return executed(time, new Order.Issue(header(city, round), account(city, 1), amount(round)));
    }
    List<Leaf.Ended> ended = new ArrayList<>(SENDS);
    for (int i = 0; i < SENDS; i++) {
      ended.add(new Leaf.Ended((round - 2) * BLOCK + i, OutcomeKind.RECEIVED, 0));
    }
    return new Leaf.Settled(time, municipalities.get(city), 1, ended, List.of());
  }

  private Order.Header header(int city, long number) {
    return new Order.Header(FEDERATION, new OrderId(new UUID(city, number)), 0);
  }

  private static Money amount(long number) {
    return Money.ofMinor(1 + mix(number) % 100_000);
  }

  private Order open(int city, int slot) {
    return new Order.Open(header(city, slot), account(city, slot), new byte[32]);
  }

  private Order send(int city, long round, int place) {
    long number = (round * MUNICIPALITIES + city) * SENDS + place;
    int to = (city + place) % MUNICIPALITIES;
    return new Order.Send(
        header(city, number),
        account(city, mix(number)),
        account(to, mix(~number)),
        amount(number),
        time(round, 0) + YEAR_MILLIS,
        null);
  }

  /** The sends of the round before to this city, a share of each city's. */
  private Order decide(int city, long round, int slot) {
    int share = SENDS / MUNICIPALITIES;
    int from = slot / share;
    int place = Math.floorMod(city - from, MUNICIPALITIES) + slot % share * MUNICIPALITIES;
    long number = ((round - 1) * MUNICIPALITIES + from) * SENDS + place;
    TransferId transfer = new TransferId(municipalities.get(from), (round - 1) * BLOCK + place);
    return new Order.Decide(
        header(city, ~number), account(city, mix(~number)), transfer, mix(number) % 20 != 0);
  }

  private Leaf executed(long time, Order order) {
    SignedOrder signed = new SignedOrder(order, note, new byte[0], NO_HASH);
    return new Leaf.Executed(time, time - 5, null, List.of(), signed);
  }

  @Override
  public List<ChainId> chains() {
    return chains;
  }

  @Override
  public long size(ChainId chain) {
    return approvedSize(chain);
  }

  @Override
  public long approvedSize(ChainId chain) {
    return approvedRounds * block(chain);
  }

  @Override
  public @Nullable Block block(ChainId chain, long index) {
    int block = block(chain);
    long round = index / block;
    return new Block(
        chain, round + 1, round * block, (round + 1) * block, NO_HASH, time(round, block));
  }

  @Override
  public long height(ChainId chain) {
    return approvedRounds;
  }

  /** One for each block. */
  @Override
  public Approval approval(ChainId chain, long index) {
    int block = block(chain);
    long round = index / block;
    Checkpoint plain = new Checkpoint(FEDERATION + "/Asia", (round + 1) * block, NO_HASH);
    return new Approval(
        SignedCheckpoint.sign(plain, 1, NOBODY), time(round, block) + 500, List.of("seat"));
  }
}
