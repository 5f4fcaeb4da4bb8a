/**
 * How blocks are approved: what a representative checks before it cosigns, and how it executes a
 * chain by itself.
 */
@NullMarked
package aika.core.approval;

import org.jspecify.annotations.NullMarked;
