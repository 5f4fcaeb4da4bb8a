package aika.node.web;

/** What is wrong with one field, as its reader is told. */
record Problem(Field field, String message) {

  /** The fields of the two forms. */
  enum Field {
    SENDER("sender"),
    RECEIVER("receiver"),
    AMOUNT("amount"),
    MEMO("memo");

    private final String id;

    Field(String id) {
      this.id = id;
    }

    /** The control's id and name. */
    String id() {
      return id;
    }

    /** Where the page says what it found of this field. */
    String saysId() {
      return id + "-says";
    }

    /** The name of the control for the person's municipality, as in the source's JSON. */
    String municipality() {
      return id + "_municipality";
    }
  }
}
