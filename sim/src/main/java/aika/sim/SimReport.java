package aika.sim;

import aika.core.ledger.Reason;
import java.util.SortedMap;

/**
 * What a run without a failure did.
 *
 * @param steps events
 * @param leaves leaves of all chains, seals included
 * @param sent transfers; each ended in one of the four ways
 * @param refused orders and relays' requests that were refused, by reason
 * @param orders orders that were accepted, by kind
 * @param deeds what adversaries did, and how often
 * @param elections terms that ended
 * @param convictions times that a chain wrote down that another's seats approved two histories
 * @param repeated orders that a chain had accepted before
 * @param approvals checkpoints that a quorum approved
 * @param audited leaves that the federation's audit executed at last
 * @param messages messages, those lost or doubled included
 * @param lost messages lost, also those to an actor that was down
 * @param duplicated messages that arrived twice
 * @param crashes actors that crashed and came back
 * @param virtualMillis virtual duration, ms
 * @param digest SHA-256 in hexadecimal over every chain's size and root and the counts above: equal
 *     for equal settings
 */
public record SimReport(
    long seed,
    long steps,
    long leaves,
    long sent,
    long received,
    long rejected,
    long cancelled,
    long expired,
    SortedMap<Reason, Long> refused,
    SortedMap<String, Long> orders,
    SortedMap<String, Long> deeds,
    long elections,
    long convictions,
    long repeated,
    long approvals,
    long audited,
    long messages,
    long lost,
    long duplicated,
    long crashes,
    long virtualMillis,
    String digest) {}
