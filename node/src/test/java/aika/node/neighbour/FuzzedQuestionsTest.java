package aika.node.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.Fuzz;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.register.PersonName;
import org.junit.jupiter.api.Test;

/** What another node asks and answers, with changed texts. */
final class FuzzedQuestionsTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final AccountId ACCOUNT = AccountId.of("Asia-Kanazawa/k3v9q2mw");
  private static final long TIME = 1_793_491_200_123L;

  private static String question(Question.About about) {
    return new Question("test.example", KOMATSU, KANAZAWA, TIME, about).text();
  }

  @Test
  void questions() {
    Fuzz.of(
            "question",
            question(new Question.About.Person(PersonName.of("Hanako"))),
            question(new Question.About.Account(ACCOUNT)),
            question(new Question.About.Party(TransferId.of("Asia-Komatsu:7"), ACCOUNT)))
        .runTexts(text -> Question.parse(text).text());
  }

  /** Signed again after the change: what a node says that means ill. */
  @Test
  void answers() {
    Signer signer = Ed25519.signer(new byte[32]);
    Ed25519 ed25519 = new Ed25519(4);
    String name = "test.example/Asia-Kanazawa";
    VerifierKey key = new VerifierKey(name, Ed25519.TYPE, signer.publicKey());
    SignedNote asked =
        SignedNote.sign(question(new Question.About.Account(ACCOUNT)), name, Ed25519.TYPE, signer);
    Refusal refusal = Refusal.of(Reason.UNKNOWN_PERSON, "nobody of that name");
    Fuzz.of(
            "answer",
            Told.text(new Told.Yes("Asia-Kanazawa/k3v9q2mw"), asked),
            Told.text(new Told.No(refusal), asked))
        .runTexts(text -> {
          byte[] note = SignedNote.sign(text, name, Ed25519.TYPE, signer).encode();
          assertEquals(text, Told.text(Told.parse(note, asked, key, ed25519), asked));
          return text;
        });
  }
}
