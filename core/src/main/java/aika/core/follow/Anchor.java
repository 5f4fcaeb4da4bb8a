package aika.core.follow;

import aika.core.ledger.Leaf;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.ChainId;

/**
 * A municipality's checkpoint as it stands on its continental chain.
 *
 * @param index leaf of the continental chain that recorded it
 * @param time of that leaf, ms
 */
record Anchor(ChainId municipality, long size, Hash root, long index, long time) {
  static Anchor of(Leaf.Recorded leaf, long index) {
    return new Anchor(leaf.origin(), leaf.size(), leaf.root(), index, leaf.time());
  }

  /** One that was set aside. */
  static Anchor of(byte[] key, byte[] value) {
    RowKey.Reader at = new RowKey.Reader(key);
    at.chain();
    ChainId municipality = at.chain();
    Wire.Reader in = new Wire.Reader(value);
    return new Anchor(municipality, in.i64(), in.hash(), at.number(), in.i64());
  }

  byte[] key(ChainId continent) {
    return RowKey.with(RowKey.of(continent), RowKey.of(municipality, index));
  }

  byte[] value() {
    return new Wire(2 * Long.BYTES + Hash.BYTES).i64(size).hash(root).i64(time).toBytes();
  }
}
