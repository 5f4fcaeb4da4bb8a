/**
 * What {@code aika doctor} looks at, one class for each thing. A check changes nothing; what it
 * needs of the machine is given to it, so that tests can give it another one.
 */
@NullMarked
package aika.cli.doctor;

import org.jspecify.annotations.NullMarked;
