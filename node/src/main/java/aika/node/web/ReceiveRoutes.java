package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.gateway.AccountView;
import aika.node.gateway.PendingView;
import aika.node.gateway.PendingViews;
import aika.node.gateway.ReceiveRequest;
import aika.node.gateway.Received;
import aika.node.gateway.RefusedException;
import aika.node.web.Problem.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Receiving: who, what waits for them, the confirmation, the orders. */
final class ReceiveRoutes {
  private static final int UNPROCESSABLE = 422;
  private static final int GONE = 409;

  private final Desk desk;

  ReceiveRoutes(Desk desk) {
    this.desk = desk;
  }

  /** Asks who is receiving, or lists what waits for the account that the address names. */
  Reply form(Visit visit) {
    String account = visit.query().getOrDefault(ReceivePage.ACCOUNT, "");
    if (account.isEmpty()) {
      return Reply.page(new ReceivePage(visit.layout()).who(visit.ownMunicipality(), "", null));
    }
    AccountId receiver = AccountId.of(account);
    if (!visit.layout().serves(receiver.chain())) {
      throw new RefusedException(Refusal.of(Reason.WRONG_CHAIN, receiver.toString()));
    }
    PendingViews waiting = desk.waitingFor(receiver, visit.caller());
    return Reply.page(
        new ReceivePage(visit.layout())
            .list(
                new ReceivePage.Waiting(
                    desk.account(receiver, visit.caller()),
                    waiting,
                    memos(waiting.offers(), visit),
                    ids(visit.query().getOrDefault("taken", "")))));
  }

  private static List<TransferId> ids(String listed) {
    return listed.isEmpty()
        ? List.of()
        : List.of(listed.split(",", -1)).stream()
            .limit(ReceivePage.OFFERS_MAX)
            .map(TransferId::of)
            .toList();
  }

  /** The lines that senders wrote; an offer whose sender's chain cannot be asked has none. */
  private Map<TransferId, String> memos(List<PendingView> offers, Visit visit) {
    Map<TransferId, String> memos = new HashMap<>();
    for (PendingView offer : offers.subList(0, Math.min(offers.size(), ReceivePage.OFFERS_MAX))) {
      String memo = memo(offer.transfer(), visit);
      if (memo != null) {
        memos.put(offer.transfer(), memo);
      }
    }
    return memos;
  }

  private @Nullable String memo(TransferId transfer, Visit visit) {
    try {
      return desk.transfer(transfer, visit.caller()).memo();
    } catch (RefusedException notKnownHere) {
      return null;
    }
  }

  Reply who(Visit visit) {
    String name = visit.form().get(Field.RECEIVER.id()).strip();
    String municipality = visit.form().get(Field.RECEIVER.municipality());
    Inspection look = new Inspection(visit.words());
    AccountView found =
        look.person(
            Field.RECEIVER,
            name,
            municipality,
            Text.NAME_MISSING_RECEIVER,
            () -> desk.acting(name, municipality, visit.caller()));
    if (found != null) {
      return new Reply.Redirect(Paths.waitingFor(found.owner().account()));
    }
    Problem problem = look.problems().getFirst();
    return new Reply.Page(
        UNPROCESSABLE, new ReceivePage(visit.layout()).who(municipality, name, problem));
  }

  Reply confirm(Visit visit) {
    Wanted wanted = Wanted.of(visit.form());
    List<PendingView> offers =
        desk.waitingFor(wanted.receiver, visit.caller()).offers().stream()
            .filter(offer -> wanted.transfers.contains(offer.transfer()))
            .toList();
    if (offers.isEmpty()) {
      return new Reply.Page(GONE, new ErrorPage(visit.layout()).nothingLeft(wanted.receiver));
    }
    return Reply.page(
        new ConfirmReceivePage(visit.layout())
            .page(desk.account(wanted.receiver, visit.caller()), offers, wanted.reject));
  }

  /** Receives exactly what was confirmed; what came since waits for its own yes. */
  Reply order(Visit visit) {
    Wanted wanted = Wanted.of(visit.form());
    Map<TransferId, Refusal> refused = new LinkedHashMap<>();
    List<TransferId> taken = new ArrayList<>();
    for (TransferId transfer : wanted.transfers) {
      ReceiveRequest request =
          new ReceiveRequest(
              wanted.receiver.toString(),
              wanted.receiver.chain().value(),
              null,
              transfer,
              wanted.reject);
      try {
        Received received = Doubt.attempt(() -> desk.receive(request, visit.caller()));
        for (Received.Result result : received.results()) {
          switch (result) {
            case Received.Taken one -> taken.add(one.transfer());
            case Received.Refused one -> refused.put(one.transfer(), one.refusal());
          }
        }
      } catch (RefusedException one) {
        refused.put(transfer, one.refusal());
      }
    }
    Map<TransferId, Refusal> unknown = new LinkedHashMap<>(refused);
    Doubt doubt = Doubt.of(visit.form());
    unknown.values().removeIf(one -> !doubt.remainsOfDecision(one.reason()));
    if (!unknown.isEmpty()) {
      refused.keySet().removeAll(unknown.keySet());
      return new Reply.Page(
          Reason.OUTCOME_UNKNOWN.httpStatus(),
          new ErrorPage(visit.layout())
              .unknownReceive(
                  ConfirmReceivePage.order(wanted.receiver, unknown.keySet(), wanted.reject),
                  unknown,
                  refused));
    }
    if (!refused.isEmpty()) {
      Refusal first = refused.values().iterator().next();
      return new Reply.Page(
          first.reason().httpStatus(),
          new ErrorPage(visit.layout()).notReceived(wanted.receiver, refused));
    }
    return new Reply.Redirect(
        taken.size() == 1
            ? Paths.transfer(taken.getFirst())
            : Paths.waitingFor(wanted.receiver, taken));
  }

  /** Whose decision about which transfers a form asks for. */
  private record Wanted(AccountId receiver, Set<TransferId> transfers, boolean reject) {
    static Wanted of(FormData form) {
      List<String> ids = form.all(ReceivePage.TRANSFER);
      if (ids.isEmpty() || ids.size() > ReceivePage.OFFERS_MAX) {
        throw new MalformedException("one to " + ReceivePage.OFFERS_MAX + " transfers");
      }
      return new Wanted(
          AccountId.of(form.get(ReceivePage.ACCOUNT)),
          ids.stream().map(TransferId::of).collect(Collectors.toCollection(LinkedHashSet::new)),
          !form.get(ReceivePage.REJECT).isEmpty());
    }
  }
}
