package aika.sinks;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chains for tests of sinks: well-formed leaves in a plausible order, without a ledger behind them.
 * Signatures are 64 zero bytes and postings are left out, since no sink looks at either.
 *
 * <p>One thread writes; any number may read meanwhile.
 */
public final class MadeUpChains implements Source {
  /** 2026-11-01T00:00:00Z */
  public static final long START = 1_793_491_200_000L;

  public static final ChainId ASIA = ChainId.of("Asia");
  public static final ChainId EUROPE = ChainId.of("Europe");
  public static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  public static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  public static final ChainId PARIS = ChainId.of("Europe-Paris");
  public static final AccountId A = AccountId.of("Asia-Komatsu/aaaaaaaa");
  public static final AccountId B = AccountId.of("Asia-Kanazawa/bbbbbbbb");
  public static final AccountId C = AccountId.of("Europe-Paris/cccccccc");

  private static final String FEDERATION = "test.aika.example";
  private static final Hash NO_HASH = Hash.of(new byte[Hash.BYTES]);
  private static final long DAY = 24L * 60 * 60 * 1000;

  /** Most transfers are received. */
  private static final List<OutcomeKind> ENDS =
      List.of(
          OutcomeKind.RECEIVED,
          OutcomeKind.RECEIVED,
          OutcomeKind.RECEIVED,
          OutcomeKind.RECEIVED,
          OutcomeKind.RECEIVED,
          OutcomeKind.REJECTED,
          OutcomeKind.CANCELLED,
          OutcomeKind.EXPIRED);

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

  private final Map<ChainId, Log> logs = new TreeMap<>();
  private final Map<TransferId, Order.Send> sends = new HashMap<>();
  private long time = START;
  private long orders;

  private static final class Log {
    private final List<Entry> entries = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Approval> approvals = new ArrayList<>();
    private final Frontier frontier = new Frontier();
  }

  public MadeUpChains(ChainId... chains) {
    for (ChainId chain : chains) {
      logs.put(chain, new Log());
      add(
          chain,
          new Leaf.Genesis(
              time,
              FEDERATION,
              chain,
              NO_HASH,
              new Policy(
                  500, 100, 90 * DAY, Money.of("0.01"), Money.of("100.00"), Money.of("1000.00")),
              NO_HASH));
      close(chain);
    }
  }

  /** Asia with Komatsu and Kanazawa, Europe with Paris; A, B and C have accounts. */
  public static MadeUpChains world() {
    MadeUpChains world = new MadeUpChains(ASIA, EUROPE, KOMATSU, KANAZAWA, PARIS);
    world.open(A);
    world.open(B);
    world.open(C);
    world.issue(A, "1000.00");
    return world;
  }

  /** The world after this many random transfers in all states, the same for the same seed. */
  public static MadeUpChains random(long seed, int transfers) {
    MadeUpChains world = world();
    Random random = new Random(seed);
    List<AccountId> people = List.of(A, B, C);
    List<TransferId> open = new ArrayList<>();
    for (int i = 0; i < transfers; i++) {
      world.pass(random.nextInt(60_000));
      AccountId from = people.get(random.nextInt(3));
      AccountId to = people.get(random.nextInt(3));
      open.add(world.send(from, to, Money.ofMinor(1 + random.nextInt(100_000)).toString()));
      if (random.nextInt(4) > 0) {
        TransferId ending = open.remove(random.nextInt(open.size()));
        world.decide(ending, ENDS.get(random.nextInt(ENDS.size())));
        if (random.nextInt(4) > 0) {
          world.settle(ending);
        }
      }
      if (random.nextInt(5) == 0) {
        world.closeAll();
      }
    }
    return world;
  }

  /** Lets this many ms go by. */
  public void pass(long millis) {
    time += millis;
  }

  public long time() {
    return time;
  }

  private Order.Header header() {
    return new Order.Header(
        FEDERATION, new OrderId(new UUID(0x7000L, 0x8000000000000000L | ++orders)), wholeSeconds());
  }

  private long wholeSeconds() {
    return time / 1000 * 1000 + 120_000;
  }

  public void open(AccountId account) {
    add(account.chain(), executed(new Order.Open(header(), account, new byte[32]), null));
  }

  public void issue(AccountId account, String amount) {
    add(account.chain(), executed(new Order.Issue(header(), account, Money.of(amount)), null));
  }

  public TransferId send(AccountId from, AccountId to, String amount) {
    long until = time / 1000 * 1000 + 60 * DAY;
    Order.Send send = new Order.Send(header(), from, to, Money.of(amount), until, null);
    TransferId id = new TransferId(from.chain(), add(from.chain(), executed(send, null)));
    sends.put(id, send);
    return id;
  }

  /** The sender's cancel order, which decides nothing. */
  public void askCancel(TransferId transfer) {
    Order.Cancel cancel = new Order.Cancel(header(), sent(transfer).from(), transfer);
    add(transfer.origin(), executed(cancel, cited(transfer)));
  }

  /** The receiver's chain decides; returns the leaf's index. */
  public long decide(TransferId transfer, OutcomeKind kind) {
    AccountId to = sent(transfer).to();
    return switch (kind) {
      case RECEIVED, REJECTED -> {
        boolean receive = kind == OutcomeKind.RECEIVED;
        yield add(
            to.chain(),
            executed(new Order.Decide(header(), to, transfer, receive), cited(transfer)));
      }
      case CANCELLED, EXPIRED ->
          add(to.chain(), new Leaf.Concluded(time, transfer, kind, cited(transfer)));
    };
  }

  /** The sender's chain settles what was decided. */
  public void settle(TransferId transfer) {
    Log decider = log(sent(transfer).to().chain());
    for (Entry entry : decider.entries) {
      Leaf.Decision decision = entry.leaf().decision();
      if (decision != null && decision.transfer().equals(transfer)) {
        Leaf.Ended ended = new Leaf.Ended(transfer.index(), decision.kind(), entry.index());
        ChainId from = sent(transfer).to().chain();
        long recorded = entry.index() + 1;
        add(transfer.origin(), new Leaf.Settled(time, from, recorded, List.of(ended), List.of()));
        return;
      }
    }
    throw new IllegalStateException(transfer + " is not decided");
  }

  private Order.Send sent(TransferId transfer) {
    Order.Send send = sends.get(transfer);
    if (send == null) {
      throw new IllegalArgumentException(transfer + " was not sent");
    }
    return send;
  }

  private Leaf.Cited cited(TransferId transfer) {
    boolean own = sent(transfer).to().chain().equals(transfer.origin());
    return new Leaf.Cited(
        transfer.index(),
        own ? 0 : transfer.index() + 1,
        entry(transfer.origin(), transfer.index()).hash());
  }

  private Leaf.Executed executed(Order order, Leaf.@Nullable Cited cited) {
    SignedNote note = SignedNote.sign(order.text(), order.account().toString(), 1, NOBODY);
    return new Leaf.Executed(time, time - 7, cited, List.of(), SignedOrder.of(note));
  }

  private synchronized long add(ChainId chain, Leaf leaf) {
    Log log = log(chain);
    Entry entry = LeafText.entry(log.entries.size(), leaf);
    log.entries.add(entry);
    log.frontier.append(entry.hash(), (level, index, hash) -> {});
    return entry.index();
  }

  /** Seals and approves the open block; a municipality's is anchored on its continent too. */
  public void close(ChainId chain) {
    seal(chain);
    approve(chain);
    if (chain.municipal() && logs.containsKey(chain.continent())) {
      ChainId continent = chain.continent();
      Approval approval = log(chain).approvals.getLast();
      Hash root = approval.checkpoint().checkpoint().root();
      add(continent, new Leaf.Recorded(time, chain, approval.size(), root, 1, NO_HASH));
      seal(continent);
      approve(continent);
    }
  }

  /** Seals, approves and anchors whatever is open. */
  public void closeAll() {
    for (ChainId chain : chains()) {
      if (chain.municipal() && size(chain) > approvedSize(chain)) {
        close(chain);
      }
    }
  }

  /** Ends the open block. */
  public synchronized void seal(ChainId chain) {
    Log log = log(chain);
    long first = log.blocks.isEmpty() ? 0 : log.blocks.getLast().size();
    long height = log.blocks.size() + 1L;
    Money none = Money.ZERO;
    add(chain, new Leaf.Sealed(time, height, first, 1, NO_HASH, NO_HASH, none, none, none, none));
    long size = log.entries.size();
    log.blocks.add(new Block(chain, height, first, size, log.frontier.root(), time));
  }

  /** Approves everything up to the newest seal. */
  public synchronized void approve(ChainId chain) {
    Log log = log(chain);
    Block block = log.blocks.getLast();
    Checkpoint checkpoint = new Checkpoint(FEDERATION + "/" + chain, block.size(), block.root());
    long seconds = time / 1000;
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, 1, NOBODY)
            .withSignature(
                Cosignature.sign(
                    checkpoint, FEDERATION + "/" + chain + "/seat-1", seconds, NOBODY));
    log.approvals.add(new Approval(signed, seconds * 1000, List.of("seat-1")));
  }

  private Log log(ChainId chain) {
    Log log = logs.get(chain);
    if (log == null) {
      throw new IllegalArgumentException("no chain " + chain);
    }
    return log;
  }

  @Override
  public List<ChainId> chains() {
    return List.copyOf(logs.keySet());
  }

  @Override
  public synchronized long size(ChainId chain) {
    return log(chain).entries.size();
  }

  @Override
  public synchronized long approvedSize(ChainId chain) {
    List<Approval> approvals = log(chain).approvals;
    return approvals.isEmpty() ? 0 : approvals.getLast().size();
  }

  @Override
  public synchronized Entry entry(ChainId chain, long index) {
    return log(chain).entries.get(Math.toIntExact(index));
  }

  @Override
  public synchronized @Nullable Block block(ChainId chain, long index) {
    return log(chain).blocks.stream().filter(one -> one.size() > index).findFirst().orElse(null);
  }

  @Override
  public synchronized long height(ChainId chain) {
    return log(chain).blocks.size();
  }

  @Override
  public synchronized @Nullable Approval approval(ChainId chain, long index) {
    return log(chain).approvals.stream().filter(one -> one.size() > index).findFirst().orElse(null);
  }
}
