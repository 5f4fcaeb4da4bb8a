/**
 * Measures the node: complete transfers a second beside the machine's own rate of checking
 * signatures. It is no test: nothing here fails for being slow, only for losing money.
 */
@NullMarked
package aika.bench;

import org.jspecify.annotations.NullMarked;
