package aika.sinks.immudb;

import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.money.Timestamp;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import aika.sinks.Approval;
import aika.sinks.Block;
import java.util.Arrays;

/**
 * The value of a block's key: the block, and the signed checkpoint with the cosignatures that
 * approve it [IMMU-5].
 */
record ArchivedBlock(Block block, SignedCheckpoint approval) {
  private static final String FIRST_LINE = "aika/archived-block/v1";

  static ArchivedBlock of(Block block, Approval approval) {
    return new ArchivedBlock(block, approval.checkpoint());
  }

  byte[] encode() {
    byte[] note = approval.encode();
    String text =
        FIRST_LINE
            + "\nchain "
            + block.chain()
            + "\nheight "
            + block.height()
            + "\nfirst "
            + block.first()
            + "\nsize "
            + block.size()
            + "\nroot "
            + block.root().base64()
            + "\ntime "
            + Timestamp.millis(block.time())
            + "\n\n";
    byte[] head = Utf8.encode(text);
    byte[] all = Arrays.copyOf(head, head.length + note.length);
    System.arraycopy(note, 0, all, head.length, note.length);
    return all;
  }

  /**
   * @throws MalformedException when these bytes are not such a value
   */
  static ArchivedBlock parse(byte[] bytes) {
    int blank = 0;
    while (blank + 1 < bytes.length && !(bytes[blank] == '\n' && bytes[blank + 1] == '\n')) {
      blank++;
    }
    if (blank + 1 >= bytes.length) {
      throw new MalformedException("an archived block without a checkpoint");
    }
    Fields in = Fields.of(Utf8.decode(bytes, 0, blank + 1), FIRST_LINE);
    ChainId chain = in.read("chain", ChainId::of);
    long height = in.read("height", Decimal::parse);
    long first = in.read("first", Decimal::parse);
    long size = in.read("size", Decimal::parse);
    Hash root = in.read("root", Hash::parse);
    long time = in.read("time", Timestamp::parseMillis);
    in.end();
    return new ArchivedBlock(
        new Block(chain, height, first, size, root, time),
        SignedCheckpoint.parse(Arrays.copyOfRange(bytes, blank + 2, bytes.length)));
  }

  Checkpoint checkpoint() {
    return approval.checkpoint();
  }
}
