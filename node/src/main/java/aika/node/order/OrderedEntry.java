package aika.node.order;

import aika.core.ledger.Action;
import aika.core.ledger.ActionWire;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.store.PeerStore;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of the replicated log: the actions that were ordered together, of any of the shard's
 * chains.
 *
 * @param number given by the process that submits; lets it find its own decoded actions again
 * @param time when the leader ordered them, ms since 1970
 */
record OrderedEntry(long number, long time, List<Item> items) {
  private static final int ACCEPTED = 0;
  private static final int REPEATED = 1;
  private static final int REFUSED = 2;

  /** In the place of a number: what follows is a change of a store beside the ledger. */
  private static final long BESIDE = -1;

  /** Enough for most actions beside the order that they carry. */
  private static final int ITEM_BYTES = 192;

  record Item(ChainId chain, Action action) {}

  static long number(byte[] entry) {
    return new Wire.Reader(entry).i64();
  }

  /**
   * A change of a store beside the ledger.
   *
   * @param term the only one in which it may be taken, or {@link PeerStore#ANY_TERM}
   */
  record Beside(String store, long term, byte[] change) {
    static boolean is(byte[] entry) {
      return number(entry) == BESIDE;
    }

    static Beside decode(byte[] entry) {
      Wire.Reader in = new Wire.Reader(entry);
      in.i64();
      return new Beside(in.text(), in.i64(), in.blob());
    }

    byte[] encode() {
      return new Wire(64 + change.length).i64(BESIDE).text(store).i64(term).blob(change).toBytes();
    }
  }

  static OrderedEntry decode(byte[] entry) {
    Wire.Reader in = new Wire.Reader(entry);
    long number = in.i64();
    long time = in.i64();
    List<Item> items = new ArrayList<>();
    while (in.hasMore()) {
      items.add(new Item(ChainId.of(in.text()), ActionWire.read(in)));
    }
    return new OrderedEntry(number, time, items);
  }

  static byte[] encodeItem(Item item) {
    int order = item.action instanceof Action.Submit s ? s.order().bytes().length : 0;
    Wire out = new Wire(ITEM_BYTES + order);
    out.text(item.chain.value());
    ActionWire.write(out, item.action);
    return out.toBytes();
  }

  static byte[] encode(long number, long time, List<byte[]> items, int itemBytes) {
    Wire out = new Wire(16 + itemBytes).i64(number).i64(time);
    items.forEach(out::raw);
    return out.toBytes();
  }

  static void writeAnswer(Wire out, Answer answer) {
    switch (answer) {
      case Answer.Accepted a -> out.u8(ACCEPTED).i64(a.index()).i64(a.time());
      case Answer.Repeated r -> out.u8(REPEATED).i64(r.index());
      case Answer.Refused r ->
          out.u8(REFUSED).text(r.refusal().reason().name()).text(r.refusal().detail());
    }
  }

  static Answer readAnswer(Wire.Reader in) {
    return switch (in.u8()) {
      case ACCEPTED -> new Answer.Accepted(in.i64(), in.i64());
      case REPEATED -> new Answer.Repeated(in.i64());
      case REFUSED -> new Answer.Refused(Refusal.of(reason(in.text()), in.text()));
      default -> throw new MalformedException("no kind of answer");
    };
  }

  private static Reason reason(String name) {
    try {
      return Reason.valueOf(name);
    } catch (IllegalArgumentException none) {
      throw new MalformedException("no reason " + name, none);
    }
  }
}
