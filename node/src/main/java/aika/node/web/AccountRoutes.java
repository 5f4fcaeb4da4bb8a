package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.gateway.AccountRequest;
import aika.node.gateway.AccountView;
import aika.node.gateway.OrderView;
import aika.node.gateway.RefusedException;
import aika.node.web.Problem.Field;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An account: whose, how it stands, the confirmation of what is to be done about it, the order. */
final class AccountRoutes {
  private static final int UNPROCESSABLE = 422;

  private final Desk desk;
  private final Supplier<OrderId> ids;

  /**
   * @param ids a new one for each order
   */
  AccountRoutes(Desk desk, Supplier<OrderId> ids) {
    this.desk = desk;
    this.ids = ids;
  }

  /** Asks whose account, or shows the one that the address names. */
  Reply form(Visit visit) {
    String account = visit.query().getOrDefault(AccountPage.ACCOUNT, "");
    if (account.isEmpty()) {
      return Reply.page(new AccountPage(visit.layout()).who(visit.ownMunicipality(), "", null));
    }
    AccountId id = AccountId.of(account);
    OrderView done = done(id, visit);
    return Reply.page(
        new AccountPage(visit.layout())
            .account(new AccountPage.Shown(view(id, visit), done, null, null)));
  }

  private AccountView view(AccountId account, Visit visit) {
    if (!visit.layout().serves(account.chain())) {
      throw new RefusedException(Refusal.of(Reason.WRONG_CHAIN, account.toString()));
    }
    return desk.account(account, visit.caller());
  }

  /** What was done just now, as the chain has it; an address cannot make it up. */
  private @Nullable OrderView done(AccountId account, Visit visit) {
    String id = visit.query().getOrDefault(AccountPage.DONE, "");
    if (id.isEmpty()) {
      return null;
    }
    try {
      return desk.order(account, OrderId.of(id), visit.caller());
    } catch (RefusedException notAccepted) {
      return null;
    }
  }

  Reply who(Visit visit) {
    String name = visit.form().get(Field.SENDER.id()).strip();
    String municipality = visit.form().get(Field.SENDER.municipality());
    Inspection look = new Inspection(visit.words());
    AccountView found =
        look.person(
            Field.SENDER,
            name,
            municipality,
            Text.NAME_MISSING_HOLDER,
            () -> desk.acting(name, municipality, visit.caller()));
    if (found != null) {
      return new Reply.Redirect(Paths.account(found.owner().account()));
    }
    return new Reply.Page(
        UNPROCESSABLE,
        new AccountPage(visit.layout()).who(municipality, name, look.problems().getFirst()));
  }

  Reply confirm(Visit visit) {
    FormData form = visit.form();
    AccountView view = view(AccountId.of(form.get(AccountPage.ACCOUNT)), visit);
    Act act = Act.of(form);
    if (!act.possible(view.standing())) {
      return new Reply.Redirect(Paths.account(view.owner().account())); // its page tells why
    }
    Money limit = Money.ZERO;
    if (act == Act.AUTO_RECEIVE) {
      Inspection look = new Inspection(visit.words());
      String written = form.get(Field.AMOUNT.id()).strip();
      limit = look.limit(written);
      if (limit == null) {
        Problem problem = look.problems().getFirst();
        return new Reply.Page(
            UNPROCESSABLE,
            new AccountPage(visit.layout())
                .account(new AccountPage.Shown(view, null, written, problem)));
      }
    }
    String id = form.get(ConfirmAccountPage.ID);
    OrderId order = id.isEmpty() ? ids.get() : OrderId.of(id);
    return Reply.page(new ConfirmAccountPage(visit.layout()).page(view, act, limit, order));
  }

  Reply order(Visit visit) {
    FormData form = visit.form();
    AccountId account = AccountId.of(form.get(AccountPage.ACCOUNT));
    Act act = Act.of(form);
    Money limit = act == Act.AUTO_RECEIVE ? Money.of(form.get(Field.AMOUNT.id())) : Money.ZERO;
    OrderId id = OrderId.of(form.get(ConfirmAccountPage.ID));
    try {
      OrderView done =
          Doubt.attempt(
              () -> desk.change(new AccountRequest(account, id, act.wish(limit)), visit.caller()));
      return new Reply.Redirect(Paths.account(account, done.id()));
    } catch (RefusedException refused) {
      ErrorPage page = new ErrorPage(visit.layout());
      Refusal refusal = refused.refusal();
      Reason reason = refusal.reason();
      List<Tag> order = ConfirmAccountPage.order(account, act, limit, id);
      if (Doubt.of(form).remains(reason)) {
        return new Reply.Page(
            Reason.OUTCOME_UNKNOWN.httpStatus(), page.unknownChange(order, refusal));
      }
      return new Reply.Page(
          reason.httpStatus(),
          reason.retryable()
              ? page.changeLater(order, refusal)
              : page.notChanged(account, refusal));
    }
  }
}
