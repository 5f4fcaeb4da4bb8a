package aika.node.web;

/** The send form as it was filled in; nothing is checked yet. */
record Entries(
    String senderMunicipality,
    String sender,
    String receiverMunicipality,
    String receiver,
    String amount,
    String memo) {

  /** An empty form at this municipality's counter. */
  static Entries at(String municipality) {
    return new Entries(municipality, "", municipality, "", "", "");
  }

  static Entries of(FormData form) {
    return new Entries(
        form.get(Problem.Field.SENDER.municipality()),
        form.get(Problem.Field.SENDER.id()).strip(),
        form.get(Problem.Field.RECEIVER.municipality()),
        form.get(Problem.Field.RECEIVER.id()).strip(),
        form.get(Problem.Field.AMOUNT.id()).strip(),
        form.get(Problem.Field.MEMO.id()).strip());
  }

  String of(Problem.Field field) {
    return switch (field) {
      case SENDER -> sender;
      case RECEIVER -> receiver;
      case AMOUNT -> amount;
      case MEMO -> memo;
    };
  }

  /** Without what people wrote. */
  @Override
  public String toString() {
    return "Entries[…]";
  }
}
