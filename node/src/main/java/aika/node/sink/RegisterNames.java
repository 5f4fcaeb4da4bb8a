package aika.node.sink;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.node.register.Person;
import aika.node.register.Register;
import aika.sinks.Names;
import java.util.Map;
import java.util.Optional;

/** Names for the sinks whose operator allows them, as the registers of this node have them now. */
public final class RegisterNames implements Names {
  private final Map<ChainId, Register> registers;

  public RegisterNames(Map<ChainId, Register> registers) {
    this.registers = Map.copyOf(registers);
  }

  @Override
  public Optional<String> of(AccountId account) {
    Register register = registers.get(account.chain());
    return register == null ? Optional.empty() : register.person(account).map(Person::shown);
  }
}
