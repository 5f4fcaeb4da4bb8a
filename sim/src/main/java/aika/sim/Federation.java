package aika.sim;

import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.Sha256;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who takes part: the names and keys that a federation file would hold. */
final class Federation {
  static final int CONTINENTS_MAX = 11;
  private static final int RECOVERY_KEYS = 3;

  private static final String NAME = "sim.aika.example";
  private static final List<String> CONTINENTS =
      List.of(
          "Asia",
          "Europe",
          "Oceania",
          "Africa",
          "NorthAmerica",
          "SouthAmerica",
          "Antarctica",
          "MiddleEast",
          "CentralAmerica",
          "Arctic",
          "Default");

  private final KeyedHash keys;
  private final List<ChainId> continents = new ArrayList<>();
  private final List<ChainId> municipalities = new ArrayList<>();
  private final Directory directory;

  Federation(SimSettings settings, KeyedHash keys) {
    this.keys = keys;
    for (int i = 0; i < settings.continents(); i++) {
      continents.add(ChainId.of(CONTINENTS.get(i)));
    }
    for (int i = 0; i < settings.municipalities(); i++) {
      ChainId continent = continents.get(i % continents.size());
      municipalities.add(ChainId.of(continent + "-Town" + (i + 1)));
    }
    Map<ChainId, Directory.Entry> chains = new LinkedHashMap<>();
    for (ChainId id : continents) {
      chains.put(id, entry(id, settings.seats()));
    }
    for (ChainId id : municipalities) {
      chains.put(id, entry(id, settings.seats()));
    }
    Hash file = Hash.of(Sha256.of(NAME.getBytes(StandardCharsets.UTF_8)));
    directory = new Directory(NAME, file, policy(settings), chains);
  }

  List<ChainId> continents() {
    return continents;
  }

  List<ChainId> municipalities() {
    return municipalities;
  }

  Directory directory() {
    return directory;
  }

  /** The log key of a chain, named as its origin. */
  Signer logSigner(ChainId chain) {
    return keys.signer("log " + chain);
  }

  private Signer seatSigner(ChainId chain, int seat) {
    return keys.signer("seat " + seat + " " + chain);
  }

  Signer issuer(ChainId chain, int issuer) {
    return keys.signer("issuer " + issuer + " " + chain);
  }

  static String issuerName(ChainId chain, int issuer) {
    return "issuer" + issuer + "." + chain;
  }

  Signer recovery(ChainId chain, int keeper) {
    return keys.signer("recovery " + keeper + " " + chain);
  }

  static String recoveryName(ChainId chain, int keeper) {
    return "recovery" + keeper + "." + chain;
  }

  Signer registrar(ChainId chain) {
    return keys.signer("registrar " + chain);
  }

  static String registrarName(ChainId chain) {
    return "registrar." + chain;
  }

  private Directory.Entry entry(ChainId id, int seats) {
    String origin = NAME + '/' + id;
    VerifierKey log = new VerifierKey(origin, Ed25519.TYPE, logSigner(id).publicKey());
    List<VerifierKey> seated = new ArrayList<>();
    for (int i = 0; i < seats; i++) {
      byte[] key = seatSigner(id, i).publicKey();
      seated.add(new VerifierKey("seat" + i + "." + id, Cosignature.TYPE, key));
    }
    List<VerifierKey> issuers = new ArrayList<>();
    List<VerifierKey> registrars = new ArrayList<>();
    if (id.municipal()) {
      for (int i = 0; i < 2; i++) {
        byte[] key = issuer(id, i).publicKey();
        issuers.add(new VerifierKey(issuerName(id, i), Ed25519.TYPE, key));
      }
      byte[] key = registrar(id).publicKey();
      registrars.add(new VerifierKey(registrarName(id), Ed25519.TYPE, key));
    }
    List<VerifierKey> quorum = new ArrayList<>();
    for (int i = 0; i < RECOVERY_KEYS; i++) {
      quorum.add(new VerifierKey(recoveryName(id, i), Ed25519.TYPE, recovery(id, i).publicKey()));
    }
    Directory.Quorum recovery = new Directory.Quorum(RECOVERY_KEYS / 2 + 1, quorum);
    return new Directory.Entry(id, log, new Seats(1, seated), issuers, registrars, recovery);
  }

  /** Limits low enough that they are met now and then, however many transfers there are. */
  private static Policy policy(SimSettings settings) {
    double towns = settings.municipalities();
    double eachWay = settings.transfers() / (towns * towns);
    long drift = Math.round(4_000 * Math.sqrt(2 * eachWay)); // of a random walk, in minor units
    return new Policy(
            settings.blockEntries(),
            25,
            90L * 24 * 60 * 60 * 1000,
            Money.ofMinor(1),
            Money.ofMinor(Math.max(20_000, 2 * drift)),
            Money.ofMinor(Math.max(100_000, 10 * drift)))
        .with(new Policy.Term(settings.seats(), settings.termBlocks(), 0));
  }
}
