package aika.node.gateway;

import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a transfer back without a signature; see {@link SendRequest}.
 *
 * @param sender the sender's name in the register, or an account id
 * @param senderMunicipality null or blank where the gateway's own is meant
 * @param continent of the sender; null or blank when not said
 */
public record CancelRequest(
    String sender,
    @Nullable String senderMunicipality,
    @Nullable String continent,
    TransferId transfer) {}
