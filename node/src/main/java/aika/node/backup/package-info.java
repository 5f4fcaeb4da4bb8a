/** Backups of a node, and nodes built again from published logs. */
@NullMarked
package aika.node.backup;

import org.jspecify.annotations.NullMarked;
