package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.note.MalformedException;
import aika.node.config.Federation;
import io.helidon.http.HeaderNames;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accounts, their orders, and what waits for receivers. */
final class AccountRoutes {
  static final int PENDING_USUAL = 100;

  private final Payments payments;
  private final Statements statements;
  private final Federation federation;

  AccountRoutes(Payments payments, Statements statements, Federation federation) {
    this.payments = payments;
    this.statements = statements;
    this.federation = federation;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/accounts/{chain}/{local}", this::account)
        .get("/accounts/{chain}/{local}/statement.csv", this::statement)
        .get("/accounts/{chain}/{local}/orders/{order}", this::order)
        .get("/pending", this::pending);
  }

  private void account(Exchange exchange) {
    exchange.json(Answers.account(payments.account(accountId(exchange), exchange.caller())));
  }

  private void statement(Exchange exchange) {
    exchange.onlyQueries(Set.of("from", "to", "mark"));
    AccountId account = accountId(exchange);
    long from = time(exchange.query("from"), 0);
    long to = time(exchange.query("to"), Long.MAX_VALUE);
    boolean mark =
        switch (exchange.query("mark")) {
          case "true" -> true;
          case "false" -> false;
          case null -> false;
          default -> throw new MalformedException("mark is true or false");
        };
    List<StatementLine> lines = statements.of(account, from, to, exchange.caller());
    String file = "statement-" + account.chain() + '-' + account.local() + ".csv";
    exchange
        .response()
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + file + '"');
    exchange.send(StatementCsv.CONTENT_TYPE, StatementCsv.of(lines, mark));
  }

  private static long time(@Nullable String text, long otherwise) {
    return text == null ? otherwise : Timestamp.parseSeconds(text);
  }

  private void order(Exchange exchange) {
    OrderId id = exchange.path("order", OrderId::of);
    exchange.json(Answers.order(payments.order(accountId(exchange), id, exchange.caller())));
  }

  private static AccountId accountId(Exchange exchange) {
    String local = exchange.path("local");
    return exchange.path("chain", chain -> AccountId.of(chain + '/' + local));
  }

  private void pending(Exchange exchange) {
    int limit = limit(exchange.query("limit"));
    PendingViews views = payments.pending(query(exchange), limit + 1, exchange.caller());
    exchange.json(Answers.pending(views, limit, exchange.language()));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PENDING_USUAL;
    }
    if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= Payments.PENDING_MAX) {
      return Integer.parseInt(text);
    }
    throw new MalformedException("limit is 1 to " + Payments.PENDING_MAX);
  }

  private PendingQuery query(Exchange exchange) {
    String receiver = exchange.query("receiver");
    String account = exchange.query("account");
    String municipality = exchange.query("municipality");
    String continent = exchange.query("continent");
    if (receiver != null) {
      return new PendingQuery.OfPerson(receiver, municipality, continent);
    }
    if (account != null) {
      return new PendingQuery.OfAccount(AccountId.of(account));
    }
    if (municipality != null) {
      ChainId named = payments.anyMunicipality(municipality, continent, exchange.caller()).id();
      return new PendingQuery.OfMunicipality(named);
    }
    if (continent != null) {
      ChainId named =
          federation
              .continent(continent)
              .orElseThrow(() ->
                  RefusedException.of(
                      Reason.UNKNOWN_CHAIN, Shown.of(continent) + " is no continent"))
              .id();
      return new PendingQuery.OfContinent(named);
    }
    throw new MalformedException("say receiver, account, municipality or continent");
  }
}
