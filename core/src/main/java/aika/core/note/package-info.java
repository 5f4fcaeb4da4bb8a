/** C2SP signed notes: text with signature lines, the keys and the signature schemes behind them. */
@NullMarked
package aika.core.note;

import org.jspecify.annotations.NullMarked;
