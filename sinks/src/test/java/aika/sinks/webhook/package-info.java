/** Tests of webhooks. */
@NullMarked
package aika.sinks.webhook;

import org.jspecify.annotations.NullMarked;
