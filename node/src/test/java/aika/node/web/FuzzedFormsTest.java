package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import aika.core.note.Fuzz;
import org.junit.jupiter.api.Test;

/** The bodies of forms, with changed texts. */
final class FuzzedFormsTest {
  @Test
  void forms() {
    Fuzz.of(
            "form",
            "from=Asia-Komatsu%2Fk3v9q2mw&to=Asia-Kanazawa%2Fp8d1x7aa&sum=1.00&memo=%E6%98%BC+12",
            "sender=A&sender_municipality=Asia-Komatsu&receiver=B&amount=1&memo=&id=1",
            "a=1&a=2&=3&b")
        .cases(1_500)
        .runTexts(text -> {
          assertNotNull(Exchange.parse(text));
          return null;
        });
  }
}
