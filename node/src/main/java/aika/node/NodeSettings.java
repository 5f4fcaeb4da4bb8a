package aika.node;

import aika.node.store.StoreSettings;
import java.nio.file.Path;

/**
 * Where and how a node runs.
 *
 * @param data its directory: keys, logs, state
 * @param portOffset added to every port of the federation file
 */
public record NodeSettings(Path data, int portOffset, StoreSettings store) {}
