/** Webhooks: events posted to other programs. */
@NullMarked
package aika.sinks.webhook;

import org.jspecify.annotations.NullMarked;
