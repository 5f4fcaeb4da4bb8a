/** Tests of the sink analytics, on both databases. */
@NullMarked
package aika.sinks.analytics;

import org.jspecify.annotations.NullMarked;
