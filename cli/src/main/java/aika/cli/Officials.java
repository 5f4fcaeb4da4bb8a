package aika.cli;

import aika.client.Official;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.config.Municipality;
import java.nio.file.Path;
import java.util.List;

/** The registrars and issuers whose keys are in a directory. */
record Officials(NodeHome home) {
  static Officials open(Path data) {
    return new Officials(NodeHome.open(data));
  }

  /**
   * @throws CommandException when no key of a registrar of this municipality is here
   */
  Official registrar(ChainId chain) {
    List<HeldKey> registrars = home.keys().registrars(municipality(chain.value()));
    if (registrars.isEmpty()) {
      throw CommandException.of(
          home.directory() + " has no registrar's key of " + chain + '.',
          home.directory() + " に " + chain + " の登録者の鍵がありません。",
          null);
    }
    return official(registrars.getFirst());
  }

  /**
   * An issuer of the first of these municipalities that has one here.
   *
   * @throws CommandException when none has
   */
  Official issuer(List<Municipality> municipalities) {
    for (Municipality one : municipalities) {
      List<HeldKey> issuers = home.keys().issuers(one);
      if (!issuers.isEmpty()) {
        return official(issuers.getFirst());
      }
    }
    String all = String.join(", ", municipalities.stream().map(one -> one.id().value()).toList());
    throw CommandException.of(
        home.directory() + " has no issuer's key of " + all + '.',
        home.directory() + " に " + all + " の発行者の鍵がありません。",
        null);
  }

  /** Whether an issuer of this municipality has a line in the note, valid or not. */
  static boolean hasIssuersLine(Municipality municipality, SignedNote note) {
    return municipality.issuers().stream()
        .anyMatch(issuer -> note.signatureBy(issuer.name(), issuer.keyId()).isPresent());
  }

  /**
   * @throws CommandException when the federation file has no municipality of this name
   */
  Municipality municipality(String name) {
    if (home.chain(name) instanceof Municipality municipality) {
      return municipality;
    }
    throw CommandException.of(Refusal.of(Reason.UNKNOWN_CHAIN, name + " is no municipality"));
  }

  private Official official(HeldKey held) {
    return Official.of(home.federation().id(), held.key().name(), held.signer());
  }
}
