package aika.cli;

import aika.core.audit.AuditReport;
import aika.core.audit.Finding;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** An audit's report, for people and for programs. */
record AuditText(String federation, AuditReport report) {
  private static final List<Integer> WIDTHS = List.of(18, 11, 10, 13, 14, 14, 13);
  private static final long MILLIS = 1_000;

  void print(Screen screen) {
    screen.row(
        WIDTHS,
        "chain 台帳",
        "leaves 記録",
        "sends 送金",
        "received 受取",
        "balances 残高",
        "holds 保留",
        "approved 承認");
    for (AuditReport.OfChain chain : report.chains()) {
      screen.row(
          WIDTHS,
          chain.chain().value(),
          String.valueOf(chain.leaves()),
          String.valueOf(chain.sends()),
          String.valueOf(chain.received()),
          chain.balances().toString(),
          chain.holds().toString(),
          chain.seats().size() + " 席 seats",
          Timestamp.seconds(chain.approvedAt() * MILLIS));
    }
    screen.line();
    AuditReport.Sums sums = report.sums();
    if (sums != null) {
      String exposed =
          sums.exposed().equals(Money.ZERO) ? "" : " + exposed 捨てられた履歴による差 " + sums.exposed();
      screen.line(
          "issued 発行 %s%s = balances 残高 %s + waiting 受け取り待ち %s"
              .formatted(sums.issued(), exposed, sums.balances(), sums.waiting()));
    }
    report.notes().forEach(note -> print(screen, note));
    more(screen, report.more().notes());
    if (report.notes().stream().anyMatch(AuditText::unprovable)) {
      screen.line("以上は、選ばれなかった履歴に基づいているため、今はだれにも確かめられません。");
      screen.line("Nobody can prove these any more: they rest on a history that was given up.");
      screen.line();
    }
    report.findings().forEach(finding -> print(screen, finding));
    more(screen, report.more().findings());
    if (report.clean()) {
      screen.line("すべて正しいです。署名、記録、承認、お金の合計を調べました。");
      screen.line("Everything holds: signatures, leaves, approvals, evidence and all sums.");
    } else {
      screen.line(
          "正しくないところが %1$d つあります。 / %1$d findings."
              .formatted(report.findings().size() + report.more().findings()));
    }
  }

  private static boolean unprovable(Finding note) {
    return note.kind() == Finding.Kind.GIVEN_UP || note.kind() == Finding.Kind.UNPROVEN;
  }

  private static void print(Screen screen, Finding one) {
    screen.line("%s  %s  %s".formatted(one.kind(), one.chain(), one.place()));
    screen.line("  " + one.kind().ja() + "。");
    screen.line("  " + sentence(one.kind().en()) + ": " + one.what());
  }

  private static void more(Screen screen, long more) {
    if (more > 0) {
      screen.line("ほかに %1$d つ（ここには書いていません）。 / And %1$d more.".formatted(more));
    }
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** What stands in the report's place until there is one. */
  static String unfinished(String federation) {
    return json(out -> head(out, federation, false, false));
  }

  String json() {
    return json(this::write);
  }

  /** Writes the fields of an object. */
  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  private static String json(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.setPrettyPrinter(new DefaultPrettyPrinter());
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text + "\n";
  }

  private static void head(JsonGenerator out, String federation, boolean finished, boolean clean)
      throws IOException {
    out.writeStringField("federation", federation);
    out.writeBooleanField("finished", finished);
    out.writeBooleanField("clean", clean);
  }

  private void write(JsonGenerator out) throws IOException {
    head(out, federation, true, report.clean());
    AuditReport.Sums sums = report.sums();
    if (sums != null) {
      out.writeObjectFieldStart("sums");
      out.writeStringField("issued", sums.issued().toString());
      out.writeStringField("balances", sums.balances().toString());
      out.writeStringField("waiting", sums.waiting().toString());
      out.writeStringField("exposed", sums.exposed().toString());
      out.writeEndObject();
    }
    write(out, "findings", report.findings());
    out.writeNumberField("moreFindings", report.more().findings());
    write(out, "notes", report.notes());
    out.writeNumberField("moreNotes", report.more().notes());
    out.writeArrayFieldStart("chains");
    for (AuditReport.OfChain chain : report.chains()) {
      write(out, chain);
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, String name, List<Finding> all) throws IOException {
    out.writeArrayFieldStart(name);
    for (Finding finding : all) {
      out.writeStartObject();
      out.writeStringField("code", finding.kind().name());
      out.writeStringField("chain", finding.chain().value());
      out.writeStringField("place", finding.place());
      out.writeStringField("what", finding.what());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, AuditReport.OfChain chain) throws IOException {
    out.writeStartObject();
    out.writeStringField("chain", chain.chain().value());
    out.writeNumberField("leaves", chain.leaves());
    out.writeNumberField("approved", chain.approved());
    out.writeStringField("root", chain.root());
    out.writeStringField("approvedAt", Timestamp.seconds(chain.approvedAt() * MILLIS));
    out.writeArrayFieldStart("approvedBy");
    for (String seat : chain.seats()) {
      out.writeString(seat);
    }
    out.writeEndArray();
    out.writeNumberField("accounts", chain.accounts());
    out.writeNumberField("sends", chain.sends());
    out.writeNumberField("received", chain.received());
    out.writeStringField("issued", chain.issued().toString());
    out.writeStringField("balances", chain.balances().toString());
    out.writeStringField("holds", chain.holds().toString());
    out.writeStringField("clearing", chain.clearing().toString());
    out.writeEndObject();
  }
}
