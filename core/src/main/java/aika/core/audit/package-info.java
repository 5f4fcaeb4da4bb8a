/**
 * The audit of a whole federation from what its chains publish. It trusts nobody: every signature,
 * every leaf, every piece of evidence and every sum is worked out again. Nothing here reads files
 * or the network; where the published files come from is the caller's matter.
 */
@NullMarked
package aika.core.audit;

import org.jspecify.annotations.NullMarked;
