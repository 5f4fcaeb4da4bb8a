package aika.node;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.mirror.Standing;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Begins to order, when nothing speaks against it. */
final class Beginning {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Shard shard;
  private final Standing standing;
  private final KeyFiles keys;
  private final FederationFile file;
  private final Path data;
  private final boolean clockIsBelieved;
  private final Optional<Decision> decision;
  private volatile boolean stopped;
  private boolean checked;
  private boolean asking;
  private boolean begun;

  Beginning(
      Shard shard,
      Standing standing,
      KeyFiles keys,
      FederationFile file,
      NodeSettings settings,
      Optional<Decision> decision) {
    this.shard = shard;
    this.standing = standing;
    this.keys = keys;
    this.file = file;
    data = settings.data();
    clockIsBelieved = settings.clockIsRight() || !namesAnotherMachine(settings.gateways());
    this.decision = decision;
  }

  /** Otherwise there is nobody to ask: the demo, nodes that share a machine. */
  private boolean namesAnotherMachine(Map<ChainId, URI> gateways) {
    Set<ChainId> here = shard.chains().stream().map(Chain::id).collect(Collectors.toSet());
    return gateways.entrySet().stream()
        .anyMatch(
            one -> !here.contains(one.getKey()) && !LOOPBACK.contains(one.getValue().getHost()));
  }

  /**
   * Whether the chains may go on is asked once, unless they {@linkplain #goesOn go on} already.
   *
   * @throws NodeException when they must not, or it {@linkplain #stopWaiting was stopped} meanwhile
   */
  void begin() {
    if (!checked) {
      checkStanding();
      checkNotStopped();
      checked = true;
    }
    checkBegun();
    shard.begin();
    decision.ifPresent(one -> one.write(shard));
    if (!asking) {
      asking = true;
      standing.goOn(shard::leadingTerm, shard::forbid);
    }
    known();
  }

  /** Nothing waits in {@link #begin} any more, and what is asked there begins nothing. */
  void stopWaiting() {
    stopped = true;
    standing.stopWaiting();
  }

  private void checkNotStopped() {
    if (stopped) {
      throw new NodeException(Reason.NODE_BEHIND, "it was stopped before it had begun");
    }
  }

  /** Another peer has asked, and orders. */
  void goesOn() {
    checked = true;
  }

  /** Whether the chains have begun as far as this machine, which does not lead, has executed. */
  boolean hasBegun() {
    if (!begun && shard.chains().stream().allMatch(chain -> chain.size() > 0)) {
      known();
    }
    return begun;
  }

  private void known() {
    shard.chains().forEach(chain -> keys.begun(chain.id()));
    checkUnchanged();
    begun = true;
  }

  /** A chain whose data are elsewhere, or lost, must not begin a second time. */
  private void checkBegun() {
    for (Chain chain : shard.chains()) {
      if (chain.size() == 0 && !keys.mayBegin(chain.id())) {
        throw new NodeException(
            Reason.NODE_BEHIND,
            chain.id()
                + " has begun already, but nothing of it is in "
                + data
                + "; start it with the names and the directory as before, or restore it");
      }
    }
  }

  /** What others have seen must not be written a second time, and differently. */
  private void checkStanding() {
    Refusal behind = standing.check();
    if (behind != null) {
      throw new NodeException(behind.reason(), behind.detail());
    }
    Refusal apart = wrongClock();
    if (apart != null) {
      throw new NodeException(apart.reason(), apart.detail());
    }
  }

  /** Before the first leaf: with a wrong clock it would be of another year, and stay so. */
  private @Nullable Refusal wrongClock() {
    Refusal apart = shard.clock().refusal();
    OptionalLong newest =
        shard.chains().stream()
            .filter(chain -> chain.size() > 0)
            .mapToLong(chain -> chain.head().time())
            .max();
    return apart != null || clockIsBelieved || newest.isEmpty()
        ? apart
        : shard.clock().unconfirmed(newest.getAsLong());
  }

  /** What the chains execute by is on their logs; another file would be silently half in force. */
  private void checkUnchanged() {
    for (Chain chain : shard.chains()) {
      if (!file.directory().isFile(chain.head().federationFile())) {
        throw new NodeException(
            Reason.FEDERATION_FILE,
            file.path()
                + " is not the file that "
                + chain.id()
                + " started with (SHA-256 "
                + chain.head().federationFile().base64()
                + "), nor does it continue that one; put that one back");
      }
    }
  }
}
