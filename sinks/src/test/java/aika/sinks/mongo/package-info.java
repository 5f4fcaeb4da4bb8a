/** Tests of the sink MongoDB. */
@NullMarked
package aika.sinks.mongo;

import org.jspecify.annotations.NullMarked;
