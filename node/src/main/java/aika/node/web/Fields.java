package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Continent;
import aika.node.config.Municipality;
import aika.node.register.PersonName;
import java.util.Comparator;
import java.util.List;

/** The controls of the forms, with what the page says of each beside it. */
record Fields(Words words, Chain at) {

  /** What stands beside a control. */
  sealed interface Says {
    record Nothing() implements Says {}

    record Good(Html message) implements Says {}

    /** Nothing is wrong with what was written, but its writer should know this. */
    record Attention(Html message) implements Says {}

    record Wrong(String message) implements Says {}
  }

  /** Somebody who acts here: a municipality's gateway serves its own people only. */
  Tag actingPerson(Problem.Field field, Text legend, String name, String municipality, Says says) {
    return at instanceof Municipality own
        ? person(field, legend, name, List.of(own), own.id().value(), says)
        : person(field, legend, name, municipality, says);
  }

  /** A person: a municipality and a name. */
  Tag person(Problem.Field field, Text legend, String name, String municipality, Says says) {
    return person(field, legend, name, words.federation().municipalities(), municipality, says);
  }

  private Tag person(
      Problem.Field field,
      Text legend,
      String name,
      List<Municipality> choice,
      String municipality,
      Says says) {
    String select = field.municipality();
    return tag("fieldset")
        .add(
            tag("legend").text(words.of(legend)),
            tag("div", "pair")
                .add(
                    tag("div")
                        .add(
                            tag("label").attr("for", select).text(words.of(Text.MUNICIPALITY)),
                            municipalities(select, choice, municipality)),
                    tag("div")
                        .add(
                            tag("label").attr("for", field.id()).text(words.of(Text.NAME)),
                            input(field, name, says)
                                .attr("maxlength", String.valueOf(PersonName.BYTES_MAX))
                                .attr("autocapitalize", "off")
                                .attr("spellcheck", "false"))),
            place(field, says));
  }

  Tag input(Problem.Field field, String value, Says says, String... describedBy) {
    String described = String.join(" ", describedBy);
    return tag("input")
        .attr("type", "text")
        .id(field.id())
        .attr("name", field.id())
        .attr("value", value)
        .attr("aria-describedby", (field.saysId() + " " + described).strip())
        .attrIf(says instanceof Says.Wrong, "aria-invalid", "true");
  }

  /** Where a page says what it found, now or while the form is being filled in. */
  Tag place(Problem.Field field, Says says) {
    Tag place = tag("div").id(field.saysId()).flag("data-live").attr("aria-live", "polite");
    return switch (says) {
      case Says.Nothing() -> place;
      case Says.Good(Html message) ->
          place.add(tag("p", "found").add(Icon.DONE.html(), tag("span").add(message)));
      case Says.Attention(Html message) ->
          place.add(tag("p", "attention").add(Icon.WAITING.html(), tag("span").add(message)));
      case Says.Wrong(String message) ->
          place.add(tag("p", "error").add(Icon.WRONG.html(), tag("span").text(message)));
    };
  }

  /** Municipalities by continent, the gateway's own continent first. */
  private Tag municipalities(String id, List<Municipality> choice, String chosen) {
    ChainId own = at.id().continent();
    List<Continent> continents =
        words.federation().continents().stream()
            .sorted(Comparator.comparing(continent -> !continent.id().equals(own)))
            .toList();
    Tag select = tag("select").id(id).attr("name", id);
    for (Continent continent : continents) {
      List<Municipality> here =
          choice.stream().filter(one -> one.id().continent().equals(continent.id())).toList();
      if (!here.isEmpty()) {
        select.add(
            tag("optgroup")
                .attr("label", words.place(continent))
                .add(here.stream().map(one -> option(one, chosen)).toList()));
      }
    }
    return tag("div", "select").add(select);
  }

  private Tag option(Municipality one, String chosen) {
    return tag("option")
        .attr("value", one.id().value())
        .attrIf(one.id().value().equals(chosen), "selected", "")
        .text(words.place(one));
  }
}
