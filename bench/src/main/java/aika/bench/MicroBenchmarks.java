package aika.bench;

import aika.core.ledger.Applied;
import aika.core.ledger.LeafText;
import aika.core.ledger.SignedOrder;
import aika.core.log.Frontier;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.node.FastSignatures;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The steps of a transfer one by one, on one thread. Public for what JMH generates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MicroBenchmarks {
  private final Ed25519 ed25519 = FastSignatures.install();
  private final MicroWorld world = new MicroWorld();
  private final byte[] note = world.send().bytes();
  private final byte[] text = world.send().note().textBytes();
  private final byte[] key = world.senderKey();
  private final byte[] signature = signature(world.send());
  private final Frontier frontier = new Frontier();

  private static byte[] signature(SignedOrder order) {
    NoteSignature line = order.note().signatures().getFirst();
    return line.bytes();
  }

  @Benchmark
  public SignedOrder parseOrder() {
    return SignedOrder.parse(note);
  }

  @Benchmark
  public boolean checkEd25519() {
    if (!ed25519.verify(key, text, signature)) {
      throw new BenchException("a right signature was refused");
    }
    return true;
  }

  @Benchmark
  public long appendToMerkleTree() {
    frontier.append(world.sendLeaf().hash());
    return frontier.size();
  }

  @Benchmark
  public byte[] encodeLeaf() {
    return LeafText.encode(world.sendLeaf().leaf());
  }

  @Benchmark
  public Applied applySend() {
    return world.applySend();
  }

  @Benchmark
  public Applied applyReceive() {
    return world.applyReceive();
  }

  @Benchmark
  public byte[] cosignMlDsa44() {
    return world.cosign();
  }
}
