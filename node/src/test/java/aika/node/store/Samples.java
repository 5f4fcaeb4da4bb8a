package aika.node.store;

import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A directory whose keys nobody holds: enough for what is stored and never signed. */
final class Samples {
  static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");

  private Samples() {}

  static Directory directory() {
    Map<ChainId, Directory.Entry> chains = new HashMap<>();
    for (String name : List.of("Asia", "Asia-Komatsu")) {
      ChainId id = ChainId.of(name);
      VerifierKey log = new VerifierKey("test.example/" + name, 1, new byte[32]);
      VerifierKey seat = new VerifierKey("test.example/" + name + "/seat", 6, new byte[1312]);
      Seats seats = new Seats(1, List.of(seat));
      chains.put(id, new Directory.Entry(id, log, seats, List.of(), List.of()));
    }
    return new Directory("test.example", Hash.of(new byte[32]), Policy.standard(), chains);
  }
}
