package aika.node.web;

import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Addresses of the pages. No name stands in one, so that none gets into histories and logs. */
public final class Paths {
  static final String START = "/";
  static final String SEND = "/send";
  static final String SEND_CHECK = "/send/check";
  static final String SEND_CONFIRM = "/send/confirm";
  static final String SEND_EDIT = "/send/edit";
  static final String SEND_ORDER = "/send/order";
  static final String RECEIVE = "/receive";
  static final String RECEIVE_WHO = "/receive/who";
  static final String RECEIVE_CONFIRM = "/receive/confirm";
  static final String RECEIVE_ORDER = "/receive/order";
  static final String CANCEL = "/cancel";
  static final String CANCEL_ORDER = "/cancel/order";
  static final String ACCOUNT = "/account";
  static final String ACCOUNT_WHO = "/account/who";
  static final String ACCOUNT_CONFIRM = "/account/confirm";
  static final String ACCOUNT_ORDER = "/account/order";
  static final String TRANSFER = "/t/";
  static final String API_TRANSFER = "/transfers/";
  static final String API = "/api";
  static final String CHARTS = "/charts";
  static final String REPRESENTATIVES = "/representatives";
  static final String ASSETS = "/assets/";

  private Paths() {}

  /** A transfer's page. */
  public static String transfer(TransferId id) {
    return TRANSFER + id;
  }

  /** The form that gives back what was received by a transfer. */
  static String refund(TransferId id) {
    return SEND + "?" + Entries.REFUND_OF + "=" + encoded(id.toString());
  }

  /** Asks whether to take a transfer back. */
  static String cancel(TransferId id) {
    return CANCEL + "?transfer=" + encoded(id.toString());
  }

  static String waitingFor(AccountId account) {
    return RECEIVE + "?account=" + encoded(account.toString());
  }

  /** The same after some were received. */
  static String waitingFor(AccountId account, List<TransferId> taken) {
    String ids = taken.stream().map(TransferId::toString).collect(Collectors.joining(","));
    return waitingFor(account) + "&taken=" + encoded(ids);
  }

  /** How an account stands, and what its holder can do about it. */
  static String account(AccountId account) {
    return ACCOUNT + "?account=" + encoded(account.toString());
  }

  /** The same after an order was accepted. */
  static String account(AccountId account, OrderId done) {
    return account(account) + "&done=" + done;
  }

  /** An account's statement, in a form that spreadsheets read. */
  static String statement(AccountId account) {
    return "/accounts/" + account + "/statement.csv?mark=true";
  }

  /** Each part of a path encoded, so that it is a path whatever was typed. */
  static String encodedPath(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(part -> !part.isEmpty())
        .map(part -> encoded(part).replace("+", "%20"))
        .collect(Collectors.joining("/", "/", ""));
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
