/** Tests of the sink immudb; those on a real server end in {@code IT}. */
@NullMarked
package aika.sinks.immudb;

import org.jspecify.annotations.NullMarked;
