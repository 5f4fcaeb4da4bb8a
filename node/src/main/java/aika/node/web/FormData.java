package aika.node.web;

import java.util.List;
import java.util.Map;

/** The fields of a form that was sent; one that is missing is empty. */
record FormData(Map<String, List<String>> values) {
  FormData {
    values = Map.copyOf(values);
  }

  String get(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    return all.isEmpty() ? "" : all.getFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Without what people wrote. */
  @Override
  public String toString() {
    return "FormData" + values.keySet();
  }
}
