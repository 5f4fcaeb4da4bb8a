/** Tests of the SDK against a gateway that a test scripts; the real one is in {@code cli}. */
@NullMarked
package aika.client;

import org.jspecify.annotations.NullMarked;
