package aika.node.gossip;

import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.MessageCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The library's messages as bytes. They are Java's serialized objects, which strangers must never
 * choose: only the library's own nine classes are read, and nothing larger than a frame can hold.
 */
final class BoundedCodec implements MessageCodec {
  /** Of a list or map, before what it holds is read. */
  static final int ELEMENTS_MAX = 65_536;

  private static final String LIBRARY = "io.scalecube.cluster.";
  private static final Set<String> CLASSES =
      Set.of(
          LIBRARY + "Member",
          LIBRARY + "fdetector.PingData",
          LIBRARY + "fdetector.PingData$AckType",
          LIBRARY + "gossip.Gossip",
          LIBRARY + "gossip.GossipRequest",
          LIBRARY + "membership.MembershipRecord",
          LIBRARY + "membership.MemberStatus",
          LIBRARY + "membership.SyncData",
          LIBRARY + "metadata.GetMetadataRequest",
          LIBRARY + "metadata.GetMetadataResponse",
          LIBRARY + "transport.api.Message",
          "java.lang.Enum",
          "java.lang.String",
          "[B");

  /** Classes that make room for as many elements as they say, before these are there. */
  private static final Set<String> LISTS =
      Set.of(
          LIBRARY + "gossip.GossipRequest",
          LIBRARY + "membership.SyncData",
          LIBRARY + "transport.api.Message",
          LIBRARY + "metadata.GetMetadataResponse");

  private static final int LISTS_MAX = 4;
  private static final int DEPTH_MAX = 10;
  private static final int REFERENCES_MAX = 50_000;

  @Override
  public Message deserialize(InputStream in) throws IOException {
    Message message = new Message();
    try (Bounded objects = new Bounded(in)) {
      message.readExternal(objects);
    } catch (ClassNotFoundException | RuntimeException none) {
      throw new InvalidObjectException("no message: " + none);
    }
    return message;
  }

  Message parse(byte[] frame) throws IOException {
    return deserialize(new ByteArrayInputStream(frame));
  }

  @Override
  public void serialize(Message message, OutputStream out) throws IOException {
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      message.writeExternal(objects);
    }
  }

  private static final class Bounded extends ObjectInputStream {
    private int lists;

    Bounded(InputStream in) throws IOException {
      super(in);
      setObjectInputFilter(this::judge);
    }

    private ObjectInputFilter.Status judge(ObjectInputFilter.FilterInfo info) {
      Class<?> type = info.serialClass();
      boolean small =
          info.depth() <= DEPTH_MAX
              && info.references() <= REFERENCES_MAX
              && info.arrayLength() <= ELEMENTS_MAX;
      return small && (type == null || allowed(type))
          ? ObjectInputFilter.Status.ALLOWED
          : ObjectInputFilter.Status.REJECTED;
    }

    private boolean allowed(@Nullable Class<?> type) {
      String name = type == null ? "" : type.getName();
      if (LISTS.contains(name)) {
        lists++;
      }
      return CLASSES.contains(name) && lists <= LISTS_MAX;
    }

    /** All numbers of elements, and a counter that grows by one when a suspicion is denied. */
    @Override
    public int readInt() throws IOException {
      int value = super.readInt();
      if (value < 0 || value > ELEMENTS_MAX) {
        throw new InvalidObjectException("a number is out of bounds: " + value);
      }
      return value;
    }
  }
}
