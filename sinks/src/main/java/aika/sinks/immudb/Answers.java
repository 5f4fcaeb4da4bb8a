package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.proto.immudb.Entry;
import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.InclusionProof;
import aika.proto.immudb.KVMetadata;
import aika.proto.immudb.TxEntry;
import aika.proto.immudb.TxHeader;
import aika.proto.immudb.VerifiableEntry;
import aika.proto.immudb.VerifiableTx;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server's answers prove, given the state that was proved before [IMMU-20 … IMMU-24]. Throws
 * TAMPERED for whatever they do not.
 */
final class Answers {
  private static final byte KEY = 0;
  private static final byte PLAIN_VALUE = 0;
  private static final KVMetadata NO_METADATA = KVMetadata.getDefaultInstance();

  private final String database;
  private final @Nullable ServerKey serverKey;

  /** What was answered, and the newest state that is proved now. */
  record Proved<T>(T value, State newest) {}

  /** A transaction that was written; {@code seconds} since 1970 by the server's clock. */
  record Written(long transaction, long seconds) {}

  /** A key's newest value, and how often the key was written. */
  record Stored(Item item, long transaction, long seconds, long revision) {}

  /**
   * A whole transaction.
   *
   * @param odd keys that are not plainly set: deleted, expiring, not indexed or a reference
   */
  record Transaction(long id, long seconds, List<Item> items, List<String> odd) {}

  /**
   * @param serverKey null: signatures are not checked
   */
  Answers(String database, @Nullable ServerKey serverKey) {
    this.database = database;
    this.serverKey = serverKey;
  }

  /** What the server says that it is; whether that is true is not known yet. */
  State current(ImmutableState answer) {
    State state = new State(answer.getTxId(), TxHash.hash(answer.getTxHash()));
    if (serverKey != null) {
      serverKey.check(database, state, answer.getSignature());
    }
    return state;
  }

  /** A new transaction with just these entries. */
  Proved<Written> written(State known, List<Item> items, VerifiableTx answer) {
    TxHeader header = answer.getTx().getHeader();
    List<Hash> digests = new ArrayList<>(items.size());
    for (Item item : items) {
      digests.add(digest(item, NO_METADATA));
    }
    checkEntries(header, digests);
    if (header.getId() <= known.transaction()) {
      throw Tampered.because("a new transaction has the old number " + header.getId());
    }
    State newest = newest(known, answer);
    return new Proved<>(new Written(header.getId(), header.getTs()), newest);
  }

  /** The transaction of this id with all its entries. */
  Proved<Transaction> transaction(State known, long id, VerifiableTx answer) {
    TxHeader header = header(id, answer);
    List<Hash> digests = new ArrayList<>();
    List<Item> items = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    for (TxEntry entry : answer.getTx().getEntriesList()) {
      byte[] key = entry.getKey().toByteArray();
      byte[] value = entry.getValue().toByteArray();
      digests.add(TxHash.entry(key, entry.getMetadata(), value));
      if (key.length > 0 && key[0] == KEY) {
        String name = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
        boolean plain = value.length > 0 && value[0] == PLAIN_VALUE;
        if (plain && entry.getMetadata().equals(NO_METADATA)) {
          items.add(new Item(name, Arrays.copyOfRange(value, 1, value.length)));
        } else {
          odd.add(name);
        }
      }
    }
    checkEntries(header, digests);
    State newest = newest(known, answer);
    return new Proved<>(new Transaction(id, header.getTs(), items, odd), newest);
  }

  /** The transaction of this state, without its entries. */
  State state(State known, State expected, VerifiableTx answer) {
    TxHeader header = header(expected.transaction(), answer);
    if (!TxHash.state(header).equals(expected)) {
      throw Tampered.because("the server's state is not its newest transaction's");
    }
    return newest(known, answer);
  }

  /** The newest value of this key. */
  Proved<Stored> stored(State known, String key, VerifiableEntry answer) {
    Entry entry = answer.getEntry();
    TxHeader header = answer.getVerifiableTx().getTx().getHeader();
    Item item = new Item(key, entry.getValue().toByteArray());
    InclusionProof proof = answer.getInclusionProof();
    List<Hash> path = new ArrayList<>();
    for (ByteString term : proof.getTermsList()) {
      path.add(TxHash.hash(term));
    }
    boolean included =
        !entry.hasReferencedBy()
            && entry.getTx() == header.getId()
            && entry.getKey().equals(ByteString.copyFromUtf8(key))
            && Proofs.verifyInclusion(
                Merkle.leafHash(digest(item, entry.getMetadata()).bytes()),
                proof.getLeaf(),
                header.getNentries(),
                path,
                TxHash.hash(header.getEH()));
    if (!included) {
      throw Tampered.because("the server's proof for " + key + " is wrong");
    }
    State newest = newest(known, answer.getVerifiableTx());
    return new Proved<>(
        new Stored(item, header.getId(), header.getTs(), entry.getRevision()), newest);
  }

  private static TxHeader header(long id, VerifiableTx answer) {
    TxHeader header = answer.getTx().getHeader();
    if (header.getId() != id) {
      throw Tampered.because("asked for transaction " + id + ", got " + header.getId());
    }
    return header;
  }

  private static Hash digest(Item item, KVMetadata metadata) {
    byte[] key = behind(KEY, item.key().getBytes(StandardCharsets.UTF_8));
    return TxHash.entry(key, metadata, behind(PLAIN_VALUE, item.value()));
  }

  private static byte[] behind(byte kind, byte[] bytes) {
    byte[] out = new byte[1 + bytes.length];
    out[0] = kind;
    System.arraycopy(bytes, 0, out, 1, bytes.length);
    return out;
  }

  private static void checkEntries(TxHeader header, List<Hash> digests) {
    if (header.getNentries() != digests.size()
        || !TxHash.root(digests).equals(TxHash.hash(header.getEH()))) {
      throw Tampered.because(
          "transaction " + header.getId() + " does not hold what its header says");
    }
  }

  /** Checks the proof that leads from the known state to this transaction, or from it to that. */
  private State newest(State known, VerifiableTx answer) {
    State there = TxHash.state(answer.getTx().getHeader());
    State newest = there;
    if (known.transaction() > 0) {
      boolean later = there.transaction() >= known.transaction();
      newest = later ? there : known;
      StateProof.check(answer.getDualProof(), later ? known : there, newest);
    }
    if (serverKey != null) {
      serverKey.check(database, newest, answer.getSignature());
    }
    return newest;
  }
}
