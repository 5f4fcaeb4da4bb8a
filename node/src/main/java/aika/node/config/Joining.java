package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import java.util.Optional;

/**
 * A municipality that is to be added to a federation; its keys are made.
 *
 * @param http its gateway's port
 * @param node the port of its node for others
 */
public record Joining(
    ChainId id, DisplayName name, int http, int node, Optional<Directory.Quorum> recovery) {}
