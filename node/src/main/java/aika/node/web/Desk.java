package aika.node.web;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.gateway.AccountRequest;
import aika.node.gateway.AccountView;
import aika.node.gateway.Caller;
import aika.node.gateway.CancelRequest;
import aika.node.gateway.OrderView;
import aika.node.gateway.Party;
import aika.node.gateway.Payments;
import aika.node.gateway.PendingQuery;
import aika.node.gateway.PendingViews;
import aika.node.gateway.ReceiveRequest;
import aika.node.gateway.Received;
import aika.node.gateway.RefundView;
import aika.node.gateway.RepresentativesView;
import aika.node.gateway.SendRequest;
import aika.node.gateway.TransferView;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the pages need of {@link Payments}, so that each state can be shown without a federation.
 */
interface Desk {
  /** Somebody who acts here: the sender of a send, the receiver of a receive. */
  AccountView acting(String name, String municipality, Caller caller);

  /** The other side of a transfer, anywhere. */
  Party find(String name, String municipality, Caller caller);

  AccountView account(AccountId account, Caller caller);

  TransferView send(SendRequest request, Caller caller);

  PendingViews waitingFor(AccountId receiver, Caller caller);

  Received receive(ReceiveRequest request, Caller caller);

  TransferView cancel(CancelRequest request, Caller caller);

  /** An order about an account in its own name. */
  OrderView change(AccountRequest request, Caller caller);

  /** An accepted order. */
  OrderView order(AccountId account, OrderId id, Caller caller);

  TransferView transfer(TransferId id, Caller caller);

  RefundView refunds(TransferId received, Caller caller);

  RepresentativesView representatives(ChainId chain);

  /** Where the gateway of a chain that another node serves is; null when nobody knows. */
  @Nullable URI gateway(ChainId chain);

  static Desk of(Payments payments) {
    return new Desk() {
      @Override
      public @Nullable URI gateway(ChainId chain) {
        return payments.neighbours().gateway(chain);
      }

      @Override
      public AccountView acting(String name, String municipality, Caller caller) {
        return payments.account(name, municipality, null, caller);
      }

      @Override
      public Party find(String name, String municipality, Caller caller) {
        return payments.find(name, municipality, caller);
      }

      @Override
      public AccountView account(AccountId account, Caller caller) {
        return payments.account(account, caller);
      }

      @Override
      public TransferView send(SendRequest request, Caller caller) {
        return payments.send(request, caller);
      }

      @Override
      public PendingViews waitingFor(AccountId receiver, Caller caller) {
        PendingQuery all = new PendingQuery.OfAccount(receiver);
        return payments.pending(all, Payments.PENDING_MAX, caller);
      }

      @Override
      public Received receive(ReceiveRequest request, Caller caller) {
        return payments.receive(request, caller);
      }

      @Override
      public TransferView cancel(CancelRequest request, Caller caller) {
        return payments.cancel(request, caller);
      }

      @Override
      public OrderView change(AccountRequest request, Caller caller) {
        return payments.change(request, caller);
      }

      @Override
      public OrderView order(AccountId account, OrderId id, Caller caller) {
        return payments.order(account, id, caller);
      }

      @Override
      public RefundView refunds(TransferId received, Caller caller) {
        return payments.refunds(received, caller);
      }

      @Override
      public TransferView transfer(TransferId id, Caller caller) {
        return payments.transfer(id, caller);
      }

      @Override
      public RepresentativesView representatives(ChainId chain) {
        return payments.representatives(chain);
      }
    };
  }
}
