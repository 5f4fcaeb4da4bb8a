/**
 * The {@code aika} command: one class per subcommand, and nothing that another module could own.
 */
@NullMarked
package aika.cli;

import org.jspecify.annotations.NullMarked;
