package aika.node;

import aika.node.store.StoreSettings;
import java.nio.file.Path;

/**
 * Where and how a node runs.
 *
 * @param data its directory: keys, logs, state
 * @param host address on which the gateways listen; {@code 127.0.0.1} keeps them to this machine
 * @param portOffset added to every port of the federation file
 */
public record NodeSettings(Path data, String host, int portOffset, StoreSettings store) {}
