package aika.node.gateway;

import aika.core.log.Hash;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.wallet.CanonicalBody;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A send without a signature, as people write it. The node makes the order and signs it with the
 * sender's key in the counter wallet.
 *
 * @param sender the sender's name in the register, or an account id
 * @param senderMunicipality null or blank where the gateway's own is meant
 * @param receiver the receiver's name in the register, or an account id
 * @param receiverMunicipality null or blank where the gateway's own is meant
 * @param amount as written, {@code 200} or {@code 200.00}
 * @param continent of the sender; null or blank when not said
 * @param memo a line for the receiver, kept beside the log; null for none
 * @param refundOf the transfer received here of which this gives back; null for none
 * @param validUntil until when it can be received, ms since 1970; null for the federation's usual
 * @param id the client's own id; null to get one
 * @param again whether an identical request within a minute is meant as another payment
 * @param body by which identical requests are told, see {@code CanonicalBody}; null for the hash of
 *     the fields above
 */
public record SendRequest(
    String sender,
    @Nullable String senderMunicipality,
    String receiver,
    @Nullable String receiverMunicipality,
    String amount,
    @Nullable String continent,
    @Nullable String memo,
    @Nullable TransferId refundOf,
    @Nullable Long validUntil,
    @Nullable OrderId id,
    boolean again,
    @Nullable Hash body) {

  /** By which an identical request is told: the body's hash, or that of what is said here. */
  Hash bodyHash() {
    if (body != null) {
      return body;
    }
    Map<String, @Nullable Object> said = new HashMap<>();
    said.put("sender", sender);
    said.put("sender_municipality", senderMunicipality);
    said.put("receiver", receiver);
    said.put("receiver_municipality", receiverMunicipality);
    said.put("amount", amount);
    said.put("continent", continent);
    said.put("memo", memo);
    said.put("valid_until", validUntil);
    if (refundOf != null) { // else the hash is that of before there were refunds
      said.put("refund_of", refundOf.toString());
    }
    return CanonicalBody.hash(said);
  }

  /** Without names and memo. */
  @Override
  public String toString() {
    return "SendRequest[" + id + ']';
  }
}
