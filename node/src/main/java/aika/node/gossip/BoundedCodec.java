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
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The library's messages as bytes. They are Java's serialized objects, in which strangers could
 * name any class: here classes have numbers, only those of the library's messages, and nothing
 * larger is made than a frame can hold.
 */
final class BoundedCodec implements MessageCodec {
  /** Of a list or map, before what it holds is read. */
  static final int ELEMENTS_MAX = 65_536;

  private static final String LIBRARY = "io.scalecube.cluster.";

  /** A class's number is its place, from 1: part of the form, so they are never reordered. */
  private static final List<String> CLASSES =
      List.of(
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
    try (ObjectOutputStream objects = new Numbered(out)) {
      message.writeExternal(objects);
    }
  }

  private static final class Numbered extends ObjectOutputStream {
    Numbered(OutputStream out) throws IOException {
      super(out);
    }

    @Override
    protected void writeClassDescriptor(ObjectStreamClass described) throws IOException {
      int place = CLASSES.indexOf(described.getName());
      if (place < 0) {
        throw new InvalidObjectException(described.getName() + " is not sent");
      }
      writeByte(place + 1);
    }
  }

  private static final class Bounded extends ObjectInputStream {
    private int lists;

    Bounded(InputStream in) throws IOException {
      super(in);
      setObjectInputFilter(this::judge);
    }

    @Override
    protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
      int number = readUnsignedByte();
      if (number < 1 || number > CLASSES.size()) {
        throw new InvalidObjectException("no class has the number " + number);
      }
      return ObjectStreamClass.lookupAny(Class.forName(CLASSES.get(number - 1)));
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
      return (CLASSES.contains(name) || type == String.class) && lists <= LISTS_MAX;
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
