package aika.sim;

import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Cosignature;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;

/** Those who keep the recovery keys of a chain; two of them sign what all have agreed on. */
final class RecoveryQuorum {
  private final World world;
  private final ChainId chain;

  RecoveryQuorum(World world, ChainId chain) {
    this.world = world;
    this.chain = chain;
  }

  /** Seats people who never sat, in place of those who sit now. */
  SignedRecovery seatsOthers(String reason) {
    long term = world.chain(chain).term();
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 0; i < world.settings().seats(); i++) {
      String name = "new" + i + "." + term + "." + chain;
      byte[] key = world.keys().signer(name).publicKey();
      seats.add(new VerifierKey(name, Cosignature.TYPE, key));
    }
    return signed(new Recovery.Seat(world.directory().federation(), chain, term, seats, reason));
  }

  /** Closes the chain. */
  SignedRecovery closes(ChainId successor, String reason) {
    long term = world.chain(chain).term();
    return signed(
        new Recovery.Close(world.directory().federation(), chain, term, successor, reason));
  }

  private SignedRecovery signed(Recovery decided) {
    Federation keys = world.federation();
    SignedNote note =
        SignedNote.sign(
                decided.text(),
                Federation.recoveryName(chain, 0),
                Ed25519.TYPE,
                keys.recovery(chain, 0))
            .signedBy(Federation.recoveryName(chain, 1), Ed25519.TYPE, keys.recovery(chain, 1));
    return SignedRecovery.parse(note.encode());
  }
}
