package aika.bench;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.MerkleTree;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.Protocol;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two chains in memory up to the point where one person can send and another receive: what the
 * micro benchmarks do again and again.
 */
final class MicroWorld {
  private static final String FEDERATION = "bench.example";
  private static final ChainId HERE = ChainId.of("Asia-Here");
  private static final ChainId THERE = ChainId.of("Asia-There");
  private static final long NOW = 1_795_341_600_000L;
  private static final long HOUR = 3_600_000L;
  private static final Money FUNDS = Money.of("1000000.00");
  private static final Money AMOUNT = Money.of("1.00");

  private final Person sender = new Person(new AccountId(HERE, "k3v9q2mw"), AccountKey.generate());
  private final Person receiver =
      new Person(new AccountId(THERE, "p8d1x7aa"), AccountKey.generate());
  private final Signer seat = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
  private final Map<ChainId, Side> sides = new HashMap<>();
  private final SignedOrder send;
  private final Entry sendLeaf;
  private final Checkpoint checkpoint;
  private final Command sending;
  private final Command receiving;

  private record Person(AccountId account, AccountKey key) {
    SignedOrder sign(Order order) {
      return SignedOrder.of(SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, key));
    }
  }

  /** One chain. */
  private static final class Side {
    private final Protocol protocol;
    private final MemoryState state = new MemoryState();
    private final MerkleTree tree = new MerkleTree();

    Side(Protocol protocol) {
      this.protocol = protocol;
    }

    Applied.Accepted accepted(Command command) {
      if (protocol.apply(state, command) instanceof Applied.Accepted accepted) {
        return accepted;
      }
      throw new BenchException("refused: " + protocol.apply(state, command));
    }

    Entry append(Action action) {
      Applied.Accepted accepted = accepted(new Command(NOW, action));
      state.write(accepted.writes());
      tree.append(accepted.first().hash());
      return accepted.first();
    }
  }

  MicroWorld() {
    Directory directory = directory();
    for (ChainId chain : List.of(HERE, THERE)) {
      Side side = new Side(new Protocol(chain, directory, this::state));
      sides.put(chain, side);
      side.append(new Action.Genesis(directory.fileHash()));
    }
    Side here = side(HERE);
    Side there = side(THERE);
    open(here, sender);
    open(there, receiver);
    here.append(submit(sender, new Order.Issue(header(), sender.account, FUNDS), null));

    send = sender.sign(sendOrder());
    sendLeaf = here.append(new Action.Submit(send, sender.key.publicKey(), NOW, null));
    checkpoint = new Checkpoint(directory.origin(HERE), here.tree.size(), here.tree.root());
    there.append(new Action.RecordCheckpoint(HERE, 1, checkpoint, List.of()));

    sending = new Command(NOW, submit(sender, sendOrder(), null));
    TransferId transfer = new TransferId(HERE, sendLeaf.index());
    Order receive = new Order.Decide(header(), receiver.account, transfer, true);
    Action.Citation citation = new Action.Citation(transfer.index(), checkpoint.size(), null);
    receiving = new Command(NOW, submit(receiver, receive, citation));
  }

  private Directory directory() {
    Map<ChainId, Directory.Entry> entries = new HashMap<>();
    for (ChainId chain : List.of(HERE, THERE)) {
      String origin = FEDERATION + '/' + chain;
      VerifierKey log = new VerifierKey(origin, Ed25519.TYPE, AccountKey.generate().publicKey());
      Seats seats = new Seats(1, List.of(seatKey(origin)));
      entries.put(chain, new Directory.Entry(chain, log, seats, List.of(), List.of()));
    }
    return new Directory(FEDERATION, Hash.of(new byte[Hash.BYTES]), Policy.standard(), entries);
  }

  private VerifierKey seatKey(String origin) {
    return new VerifierKey(seatName(origin), Cosignature.TYPE, seat.publicKey());
  }

  private static String seatName(String origin) {
    return origin + "/seat-1";
  }

  private @Nullable MemoryState state(ChainId chain) {
    Side side = sides.get(chain);
    return side == null ? null : side.state;
  }

  private Side side(ChainId chain) {
    Side side = sides.get(chain);
    if (side == null) {
      throw new BenchException("no chain " + chain);
    }
    return side;
  }

  private static void open(Side side, Person person) {
    byte[] key = person.key.publicKey();
    side.append(submit(person, new Order.Open(header(), person.account, key), null));
  }

  private Order sendOrder() {
    return new Order.Send(
        header(), sender.account, receiver.account, AMOUNT, NOW + 24 * HOUR, null);
  }

  private static Action submit(Person person, Order order, Action.@Nullable Citation citation) {
    return new Action.Submit(person.sign(order), person.key.publicKey(), NOW, citation);
  }

  private static Order.Header header() {
    return new Order.Header(FEDERATION, new OrderId(UUID.randomUUID()), NOW + HOUR);
  }

  /** A send as it was signed. */
  SignedOrder send() {
    return send;
  }

  /** The raw public key that checks {@link #send}. */
  byte[] senderKey() {
    return sender.key.publicKey();
  }

  /** Its leaf in the sender's chain. */
  Entry sendLeaf() {
    return sendLeaf;
  }

  /** Executes another send; the state stays as it is. */
  Applied.Accepted applySend() {
    return side(HERE).accepted(sending);
  }

  /** Executes the receive, citing what the same node executed; the state stays as it is. */
  Applied.Accepted applyReceive() {
    return side(THERE).accepted(receiving);
  }

  /** A checkpoint of the sender's chain, signed by a seat. */
  byte[] cosign() {
    return Cosignature.sign(checkpoint, seatName(checkpoint.origin()), NOW / 1000, seat).bytes();
  }
}
