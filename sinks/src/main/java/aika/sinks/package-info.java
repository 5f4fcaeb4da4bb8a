/**
 * Followers that write elsewhere: what a sink reads ({@link aika.sinks.Source}), what it is ({@link
 * aika.sinks.Sink}) and the thread that drives it ({@link aika.sinks.Follower}). A sink that is
 * down costs lag, never data: everything in it is a function of the logs and can be written again.
 */
@NullMarked
package aika.sinks;

import org.jspecify.annotations.NullMarked;
