package aika.cli.doctor;

/**
 * A result and what it is about.
 *
 * @param check the check's name, stable, for programs
 */
public record Finding(String check, Said title, Result result) {}
