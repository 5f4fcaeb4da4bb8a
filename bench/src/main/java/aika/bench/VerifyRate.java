package aika.bench;

/**
 * How many Ed25519 signatures this machine checks a second when it does nothing else.
 *
 * @param perSecond on all cores together, by the clock
 * @param cpuMicros processor time of one check, which other programs hardly change
 */
public record VerifyRate(double perSecond, double cpuMicros) {}
