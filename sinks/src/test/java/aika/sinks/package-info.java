/** Tests of the followers that write elsewhere, and what they all need: made-up chains. */
@NullMarked
package aika.sinks;

import org.jspecify.annotations.NullMarked;
