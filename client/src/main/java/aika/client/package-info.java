/** The Java SDK: build and sign orders, submit them, follow the feed, verify receipts. */
@NullMarked
package aika.client;

import org.jspecify.annotations.NullMarked;
