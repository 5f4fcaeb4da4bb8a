package aika.node.gateway;

import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Paths of this API, the same on every gateway. */
final class Links {
  private Links() {}

  static String transfer(TransferId id) {
    return "/transfers/" + id;
  }

  /** Where people see it. */
  static String page(TransferId id) {
    return "/t/" + id;
  }

  static String order(AccountId account, OrderId id) {
    return "/accounts/" + account + "/orders/" + id;
  }

  static Map<String, String> of(TransferView view) {
    String self = transfer(view.id());
    Map<String, String> links = new LinkedHashMap<>();
    links.put("self", self);
    links.put("page", page(view.id()));
    links.put("events", self + "/events");
    links.put("order", order(view.sender().account(), view.order()));
    links.put("send_receipt", self + "/receipt?half=send");
    links.put("receive_receipt", self + "/receipt?half=receive");
    return links;
  }
}
