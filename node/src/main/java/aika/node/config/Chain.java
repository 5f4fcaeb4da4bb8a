package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What continental and municipal chains have in common in the federation file. */
public sealed interface Chain permits Continent, Municipality {
  /** From a gateway's port to the node's port, where the file gives none. */
  int NODE_PORT_DISTANCE = 18_000;

  ChainId id();

  DisplayName name();

  /** HTTP port of the gateway. */
  int http();

  /** Port for peers, where the file gives one. */
  OptionalInt node();

  /**
   * Port for other nodes: the file's, else as far above the gateway's as the file's usually are.
   * Beyond 65,535 there is none.
   */
  default int nodePort() {
    return node().orElse(http() + NODE_PORT_DISTANCE);
  }

  /** Port of the MongoDB that this chain's sink writes to, where the file gives one. */
  OptionalInt mongo();

  /** Ed25519 key that signs the chain's checkpoints; its name is the log's origin. */
  VerifierKey log();

  /** The first term's representatives, in the file's order. */
  List<Seat> representatives();

  Optional<Directory.Quorum> recovery();
}
