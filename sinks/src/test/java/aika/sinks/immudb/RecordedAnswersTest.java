package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.Hash;
import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.VerifiableEntry;
import aika.proto.immudb.VerifiableTx;
import aika.sinks.SinkException;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers that a real immudb 1.11.1 with a signing key gave: at transaction 21 three entries were
 * written, then transaction 13 was read, then the key {@code aika/b7}.
 */
final class RecordedAnswersTest {
  private static final List<Item> WRITTEN =
      List.of(Item.of("aika/a22", "one"), Item.of("aika/b22", "two"), Item.of("aika/c22", "three"));

  @TempDir Path folder;

  private List<String> lines = List.of();
  private Answers answers = new Answers("aika", null);
  private State before = new State(0, Hash.of(new byte[Hash.BYTES]));
  private State after = before;

  @BeforeEach
  void readThem() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RecordedAnswersTest.class.getResourceAsStream("answers-of-1.11.1.txt"))) {
      lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    Path key = folder.resolve("key.pem");
    Files.write(key, recorded("key"));
    answers = new Answers("aika", ServerKey.read(key));
    List<State> states =
        lines.stream()
            .map(line -> line.split(" ", -1))
            .filter(words -> words[0].equals("state"))
            .map(words -> new State(Long.parseLong(words[1]), Hash.parse(words[2])))
            .toList();
    before = states.get(0);
    after = states.get(1);
  }

  private byte[] recorded(String what) {
    String line =
        lines.stream().filter(one -> one.startsWith(what + " ")).findFirst().orElseThrow();
    return HexFormat.of().parseHex(line.substring(what.length() + 1));
  }

  /** What is believed of an answer; equal answers are equal. */
  private interface Reading {
    Object of(byte[] answer) throws InvalidProtocolBufferException;
  }

  private Object write(byte[] answer) throws InvalidProtocolBufferException {
    return answers.written(before, WRITTEN, VerifiableTx.parseFrom(answer));
  }

  private Object read(byte[] answer) throws InvalidProtocolBufferException {
    return answers.transaction(after, 13, VerifiableTx.parseFrom(answer));
  }

  private Object get(byte[] answer) throws InvalidProtocolBufferException {
    Answers.Proved<Answers.Stored> proved =
        answers.stored(after, "aika/b7", VerifiableEntry.parseFrom(answer));
    // How often a key was written is not proved.
    return List.of(proved.value().item(), proved.value().transaction(), proved.newest());
  }

  private Object current(byte[] answer) throws InvalidProtocolBufferException {
    return answers.current(ImmutableState.parseFrom(answer));
  }

  @Test
  void theyAreBelieved() throws InvalidProtocolBufferException {
    assertEquals(
        new Answers.Proved<>(new Answers.Written(22, writtenAt()), after),
        write(recorded("VerifiableSet")));
    Answers.Transaction thirteen =
        answers
            .transaction(after, 13, VerifiableTx.parseFrom(recorded("VerifiableTxById")))
            .value();
    assertEquals("aika/a13 aika/b13 aika/c13", String.join(" ", keys(thirteen)));
    assertEquals(List.of(), thirteen.odd());
    Answers.Stored stored =
        answers
            .stored(after, "aika/b7", VerifiableEntry.parseFrom(recorded("VerifiableGet")))
            .value();
    assertEquals(Item.of("aika/b7", "two"), stored.item());
    assertEquals(7, stored.transaction());
    assertEquals(after, current(recorded("CurrentState")));
  }

  private long writtenAt() throws InvalidProtocolBufferException {
    return VerifiableTx.parseFrom(recorded("VerifiableSet")).getTx().getHeader().getTs();
  }

  private static List<String> keys(Answers.Transaction transaction) {
    return transaction.items().stream().map(Item::key).toList();
  }

  @Test
  void everyFlippedByteIsRefusedOrChangesNothing() throws InvalidProtocolBufferException {
    assertTrue(refusals("VerifiableSet", this::write) > 0.75);
    assertTrue(refusals("VerifiableTxById", this::read) > 0.75);
    assertTrue(refusals("VerifiableGet", this::get) > 0.75);
    assertTrue(refusals("CurrentState", this::current) > 0.5);
  }

  /** Which part of them is refused; the others must change nothing that is believed. */
  private double refusals(String what, Reading reading) throws InvalidProtocolBufferException {
    byte[] answer = recorded(what);
    Object believed = reading.of(answer);
    int refused = 0;
    for (int at = 0; at < answer.length; at++) {
      byte[] changed = answer.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      try {
        assertEquals(believed, reading.of(changed), what + " with byte " + at + " flipped");
      } catch (SinkException | InvalidProtocolBufferException expected) {
        refused++;
      }
    }
    System.out.println(what + ": " + refused + " of " + answer.length + " are refused");
    return refused / (double) answer.length;
  }

  @Test
  void answersToOtherQuestionsAreRefused() {
    refused(() -> answers.written(after, WRITTEN, parsed("VerifiableSet")));
    refused(() -> answers.written(before, WRITTEN.subList(0, 2), parsed("VerifiableSet")));
    refused(() -> answers.written(before, WRITTEN.reversed(), parsed("VerifiableSet")));
    refused(() -> answers.transaction(after, 12, parsed("VerifiableTxById")));
    refused(() -> answers.transaction(before, 13, parsed("VerifiableTxById")));
    refused(() ->
        answers.stored(after, "aika/b8", VerifiableEntry.parseFrom(recorded("VerifiableGet"))));
    refused(() -> new Answers("other", key()).current(state()));
  }

  private VerifiableTx parsed(String what) throws InvalidProtocolBufferException {
    return VerifiableTx.parseFrom(recorded(what));
  }

  private ServerKey key() {
    return ServerKey.read(folder.resolve("key.pem"));
  }

  private ImmutableState state() throws InvalidProtocolBufferException {
    return ImmutableState.parseFrom(recorded("CurrentState"));
  }

  private static void refused(org.junit.jupiter.api.function.Executable what) {
    assertEquals(SinkException.Kind.TAMPERED, assertThrows(SinkException.class, what).kind());
  }
}
