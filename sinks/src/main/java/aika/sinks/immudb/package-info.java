/** The sink immudb: an immutable archive of approved blocks. */
@NullMarked
package aika.sinks.immudb;

import org.jspecify.annotations.NullMarked;
