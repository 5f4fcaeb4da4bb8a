package aika.cli;

import aika.client.Official;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
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

  /**
   * @throws CommandException when no key of an issuer of this municipality is here
   */
  Official issuer(ChainId chain) {
    return issuer(List.of(municipality(chain.value())));
  }

  /**
   * An issuer who has not signed this yet.
   *
   * @throws CommandException when no key of such a one is here
   */
  Official issuer(ChainId chain, SignedNote note) {
    for (HeldKey held : home.keys().issuers(municipality(chain.value()))) {
      if (!hasLine(held.key(), note)) {
        return official(held);
      }
    }
    throw CommandException.of(
        home.directory() + " has no key of another issuer of " + chain + '.',
        home.directory() + " に " + chain + " のほかの発行者の鍵がありません。",
        null);
  }

  /** How many issuers of this municipality have a line in the note, valid or not. */
  static long issuersLines(Municipality municipality, SignedNote note) {
    return municipality.issuers().stream().filter(issuer -> hasLine(issuer, note)).count();
  }

  private static boolean hasLine(VerifierKey key, SignedNote note) {
    return note.signatureBy(key.name(), key.keyId()).isPresent();
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
