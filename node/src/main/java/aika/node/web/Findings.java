package aika.node.web;

import aika.core.money.Money;
import aika.node.gateway.AccountView;
import aika.node.gateway.Party;
import aika.node.gateway.RefundView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about the entries of the send form.
 *
 * @param problems in the order of the fields; empty where all that was written will do
 * @param sender null while not known
 * @param receiver null while not known
 * @param amount null while not valid
 * @param refund null when it gives nothing back
 */
record Findings(
    List<Problem> problems,
    @Nullable AccountView sender,
    @Nullable Party receiver,
    @Nullable Money amount,
    @Nullable RefundView refund) {
  static final Findings NONE = new Findings(List.of(), null, null, null, null);

  Findings {
    problems = List.copyOf(problems);
  }
}
