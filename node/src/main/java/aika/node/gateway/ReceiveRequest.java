package aika.node.gateway;

import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * A receive without a signature; see {@link SendRequest}.
 *
 * @param receiver the receiver's name in the register, or an account id
 * @param receiverMunicipality null or blank where the gateway's own is meant
 * @param continent of the receiver; null or blank when not said
 * @param transfer the one to receive; null for everything that waits
 * @param reject whether to decline instead; needs {@code transfer}
 */
public record ReceiveRequest(
    String receiver,
    @Nullable String receiverMunicipality,
    @Nullable String continent,
    @Nullable TransferId transfer,
    boolean reject) {}
