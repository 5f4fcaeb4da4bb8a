package aika.node.web;

import aika.node.config.Continent;
import aika.node.config.Municipality;
import aika.node.gateway.Caller;
import java.util.Map;

/**
 * One request for a page.
 *
 * @param path the part of the address that names something
 * @param query the address's parameters, the first of each
 * @param form what was sent; empty for a page that is only read
 */
record Visit(Caller caller, Layout layout, String path, Map<String, String> query, FormData form) {
  Words words() {
    return layout.words();
  }

  /** The municipality of this gateway, or the first of its continent; empty when it has none. */
  String ownMunicipality() {
    return switch (layout.at()) {
      case Municipality own -> own.id().value();
      case Continent own ->
          words().federation().municipalitiesOf(own).stream()
              .findFirst()
              .map(first -> first.id().value())
              .orElse("");
    };
  }
}
