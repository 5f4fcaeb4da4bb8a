package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.gateway.ElsewhereException;
import aika.node.gateway.Payments;
import aika.node.gateway.RefusedException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.time.ZoneId;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one gateway. Their addresses are none of the API's. */
public final class Pages implements HttpService {
  /** Where pages write times for readers without scripts. */
  public static final ZoneId ZONE = ZoneId.of("Asia/Tokyo");

  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

  private static final Assets ASSETS = Assets.load();

  private final Federation federation;
  private final Chain at;
  private final ZoneId zone;
  private final LongSupplier clock;
  private final Desk desk;
  private final Statistics statistics;
  private final SendRoutes send;
  private final ReceiveRoutes receive;
  private final CancelRoutes cancel;
  private final AccountRoutes accounts;
  private final ChartRoutes charts;

  /**
   * @param at the continent or municipality whose gateway this is
   * @param clock ms since 1970
   * @param random for the ids of orders
   */
  public Pages(
      Federation federation,
      Chain at,
      Payments payments,
      Statistics statistics,
      ZoneId zone,
      LongSupplier clock,
      RandomGenerator random) {
    this(federation, at, Desk.of(payments), statistics, zone, clock, random);
  }

  Pages(
      Federation federation,
      Chain at,
      Desk desk,
      Statistics statistics,
      ZoneId zone,
      LongSupplier clock,
      RandomGenerator random) {
    this.federation = federation;
    this.at = at;
    this.zone = zone;
    this.clock = clock;
    this.desk = desk;
    this.statistics = statistics;
    Supplier<OrderId> ids = () -> OrderIds.next(clock.getAsLong(), random);
    send = new SendRoutes(desk, ids);
    receive = new ReceiveRoutes(desk);
    cancel = new CancelRoutes(desk);
    accounts = new AccountRoutes(desk, ids);
    charts = new ChartRoutes(statistics);
  }

  @Override
  public void routing(HttpRules routing) {
    get(routing, Paths.START, send::form);
    get(routing, Paths.SEND, send::form);
    get(routing, Paths.RECEIVE, receive::form);
    get(routing, Paths.CANCEL, cancel::confirm);
    get(routing, Paths.ACCOUNT, accounts::form);
    get(routing, Paths.CHARTS, charts::page);
    get(routing, Paths.REPRESENTATIVES, this::representatives);
    get(routing, Paths.TRANSFER + "{id}", this::transfer);
    post(routing, Paths.SEND_CHECK, send::check);
    post(routing, Paths.SEND_CONFIRM, send::confirm);
    post(routing, Paths.SEND_EDIT, send::edit);
    post(routing, Paths.SEND_ORDER, send::order);
    post(routing, Paths.CANCEL_ORDER, cancel::order);
    post(routing, Paths.RECEIVE_WHO, receive::who);
    post(routing, Paths.RECEIVE_CONFIRM, receive::confirm);
    post(routing, Paths.RECEIVE_ORDER, receive::order);
    post(routing, Paths.ACCOUNT_WHO, accounts::who);
    post(routing, Paths.ACCOUNT_CONFIRM, accounts::confirm);
    post(routing, Paths.ACCOUNT_ORDER, accounts::order);
    read(routing, Paths.API_TRANSFER + "{id}", Pages::toPage);
    read(routing, Paths.ASSETS + "{version}/{name}", Pages::asset);
  }

  /** What answers an address that nobody knows when a browser asks; others are passed on. */
  public HttpService unknown() {
    return rules ->
        read(
            rules,
            "/*",
            (request, response) -> {
              if (wantsPage(request)) {
                answer(new Exchange(request, response), Pages::notFound);
              } else {
                response.next();
              }
            });
  }

  private static Reply notFound(Visit visit) {
    throw new RefusedException(Refusal.of(Reason.NOT_FOUND, "no such page"));
  }

  /** For GET, and for HEAD, to which an exchange answers without the body. */
  private static void read(HttpRules routing, String path, Handler handler) {
    routing.get(path, handler);
    routing.head(path, handler);
  }

  private void get(HttpRules routing, String path, Function<Visit, Reply> page) {
    read(routing, path, (request, response) -> answer(new Exchange(request, response), page));
  }

  private void post(HttpRules routing, String path, Function<Visit, Reply> page) {
    routing.post(path, (request, response) -> answer(new Exchange(request, response), page));
    // Whoever reloads or types the address of a step gets the beginning, not an error.
    read(routing, path, (request, response) -> toBeginning(path, new Exchange(request, response)));
  }

  private static void toBeginning(String path, Exchange exchange) {
    String beginning =
        Stream.of(Paths.RECEIVE, Paths.ACCOUNT)
            .filter(path::startsWith)
            .findFirst()
            .orElse(Paths.SEND);
    exchange.answer(new Reply.Redirect(beginning));
  }

  private void answer(Exchange exchange, Function<Visit, Reply> page) {
    Words words = new Words(exchange.language(), federation, zone, clock.getAsLong());
    Layout layout = new Layout(words, at, ASSETS, statistics.kept());
    exchange.answer(reply(exchange, layout, page));
  }

  private Reply reply(Exchange exchange, Layout layout, Function<Visit, Reply> page) {
    try {
      if (exchange.isForeign()) {
        return new Reply.Page(Status.FORBIDDEN_403.code(), new ErrorPage(layout).foreign());
      }
      return page.apply(exchange.visit(layout));
    } catch (ElsewhereException elsewhere) {
      URI gateway = desk.gateway(elsewhere.chain());
      return gateway != null && exchange.isRead()
          ? new Reply.Redirect(gateway.resolve(exchange.path()).toString())
          : refused(layout, elsewhere.refusal());
    } catch (RefusedException refused) {
      return refused(layout, refused.refusal());
    } catch (MalformedException malformed) {
      return refused(layout, Refusal.of(Reason.MALFORMED, String.valueOf(malformed.getMessage())));
    } catch (RuntimeException broken) {
      LOG.error("a page could not be made", broken);
      return refused(layout, Refusal.of(Reason.INTERNAL, ""));
    }
  }

  private static Reply refused(Layout layout, Refusal refusal) {
    return new Reply.Page(refusal.reason().httpStatus(), new ErrorPage(layout).refused(refusal));
  }

  private Reply transfer(Visit visit) {
    TransferId id;
    try {
      id = TransferId.of(visit.path());
    } catch (MalformedException noSuchPage) {
      throw new RefusedException(
          Refusal.of(Reason.UNKNOWN_TRANSFER, String.valueOf(noSuchPage.getMessage())));
    }
    return Reply.page(new TransferPage(visit.layout()).page(desk.transfer(id, visit.caller())));
  }

  private Reply representatives(Visit visit) {
    return Reply.page(
        new RepresentativesPage(visit.layout(), desk.representatives(at.id())).page());
  }

  private static boolean wantsPage(ServerRequest request) {
    return request.headers().first(HeaderNames.ACCEPT).orElse("").contains("text/html");
  }

  /** A browser that was given the API's address of a transfer gets the page. */
  private static void toPage(ServerRequest request, ServerResponse response) {
    if (wantsPage(request)) {
      String id = request.path().pathParameters().get("id");
      response
          .status(Status.SEE_OTHER_303)
          .header(HeaderNames.LOCATION, Paths.TRANSFER + Paths.encoded(id))
          .header(HeaderNames.VARY, "Accept")
          .send();
    } else {
      response.next();
    }
  }

  private static void asset(ServerRequest request, ServerResponse response) {
    var file =
        ASSETS
            .file(request.path().pathParameters().get("name"))
            .filter(any -> request.path().pathParameters().get("version").equals(ASSETS.version()));
    if (file.isEmpty()) {
      response.status(Status.NOT_FOUND_404).send();
      return;
    }
    response
        .header(HeaderNames.CONTENT_TYPE, file.get().mediaType())
        .header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(Exchange.CONTENT_TYPE_OPTIONS, "nosniff");
    new Exchange(request, response).send(file.get().bytes());
  }
}
