package aika.sinks.immudb;

import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.note.Sha256;
import aika.proto.immudb.KVMetadata;
import aika.proto.immudb.TxHeader;
import aika.proto.immudb.TxMetadata;
import aika.sinks.SinkException;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** How immudb hashes entries and transactions [IMMU-20, IMMU-21]; numbers are big-endian. */
final class TxHash {
  /** The only version of transaction headers that servers since 1.2 write. */
  private static final int HEADER_VERSION = 1;

  private static final byte TRUNCATED = 0;
  private static final byte EXTRA = 1;
  private static final byte DELETED = 0;
  private static final byte EXPIRES = 1;
  private static final byte NOT_INDEXED = 2;

  private TxHash() {}

  /** The state after the transaction with this header. */
  static State state(TxHeader header) {
    if (header.getVersion() != HEADER_VERSION) {
      throw new SinkException(
          SinkException.Kind.FAILED,
          "transaction "
              + header.getId()
              + " has a header of version "
              + header.getVersion()
              + ", which Aika cannot check",
          null);
    }
    byte[] metadata = metadata(header.getMetadata());
    ByteBuffer inner = ByteBuffer.allocate(8 + 2 + 2 + metadata.length + 4 + 32 + 8 + 32);
    inner.putLong(header.getTs()).putShort((short) HEADER_VERSION);
    inner.putShort((short) metadata.length).put(metadata);
    inner.putInt(header.getNentries()).put(hash(header.getEH()).bytes());
    inner.putLong(header.getBlTxId()).put(hash(header.getBlRoot()).bytes());
    Hash term = Hash.of(Sha256.of(inner.array()));
    Hash before = hash(header.getPrevAlh());
    return new State(header.getId(), next(before, header.getId(), term));
  }

  /** The accumulative hash after transaction {@code id}, whose own hash is {@code term}. */
  static Hash next(Hash before, long id, Hash term) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * Hash.BYTES);
    bytes.putLong(id).put(before.bytes()).put(term.bytes());
    return Hash.of(Sha256.of(bytes.array()));
  }

  /** The digest of one entry; key and value as they are stored, with their leading byte. */
  static Hash entry(byte[] key, KVMetadata metadata, byte[] value) {
    byte[] about = metadata(metadata);
    MessageDigest digest = Sha256.newDigest();
    digest.update(ByteBuffer.allocate(2).putShort((short) about.length).flip());
    digest.update(about);
    digest.update(ByteBuffer.allocate(2).putShort((short) key.length).flip());
    digest.update(key);
    digest.update(Sha256.of(value));
    return Hash.of(digest.digest());
  }

  /** The root of the tree of a transaction's entries. */
  static Hash root(Iterable<Hash> entries) {
    Merkle merkle = new Merkle();
    Frontier tree = new Frontier();
    for (Hash entry : entries) {
      tree.append(merkle.leaf(entry.bytes()));
    }
    return tree.root();
  }

  /** A hash that came over the wire. */
  static Hash hash(ByteString bytes) {
    if (bytes.size() != Hash.BYTES) {
      throw Tampered.because("the server sent a hash of " + bytes.size() + " bytes");
    }
    return Hash.of(bytes.toByteArray());
  }

  private static byte[] metadata(TxMetadata metadata) {
    int extra = metadata.getExtra().size();
    ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 1 + 2 + extra);
    if (metadata.getTruncatedTxID() != 0) {
      bytes.put(TRUNCATED).putLong(metadata.getTruncatedTxID());
    }
    if (extra > 0) {
      bytes.put(EXTRA).putShort((short) extra).put(metadata.getExtra().asReadOnlyByteBuffer());
    }
    return written(bytes);
  }

  private static byte[] metadata(KVMetadata metadata) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + 1 + 8 + 1);
    if (metadata.getDeleted()) {
      bytes.put(DELETED);
    }
    if (metadata.hasExpiration()) {
      bytes.put(EXPIRES).putLong(metadata.getExpiration().getExpiresAt());
    }
    if (metadata.getNonIndexable()) {
      bytes.put(NOT_INDEXED);
    }
    return written(bytes);
  }

  private static byte[] written(ByteBuffer bytes) {
    byte[] out = new byte[bytes.position()];
    bytes.flip().get(out);
    return out;
  }
}
