/** The sink MongoDB: a document for each transfer. */
@NullMarked
package aika.sinks.mongo;

import org.jspecify.annotations.NullMarked;
