/** Faults on the real processes of a federation, in network namespaces of their own. */
@NullMarked
package aika.cli.faults;

import org.jspecify.annotations.NullMarked;
