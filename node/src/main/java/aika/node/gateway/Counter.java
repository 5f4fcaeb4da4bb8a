package aika.node.gateway;

import aika.core.money.ChainId;
import aika.node.register.Register;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import java.util.Map;

/**
 * What the node keeps beside the logs for people without a device.
 *
 * @param registers of the municipalities that this node serves
 */
public record Counter(
    Map<ChainId, Register> registers,
    CounterWallet wallet,
    AccountTokens tokens,
    RepeatGuard repeats) {
  public Counter {
    registers = Map.copyOf(registers);
  }
}
