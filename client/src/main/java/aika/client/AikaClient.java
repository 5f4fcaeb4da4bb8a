package aika.client;

import aika.client.Http.Attempt;
import aika.core.ledger.SignedOrder;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A gateway, as programs use it. Blocks; safe for use by several threads. What is asked throws
 * {@link ClientException} with the code of the refusal; what is ordered gives a {@link Result}.
 */
public final class AikaClient implements AutoCloseable {
  /** Offers in one answer. */
  public static final int PENDING_MAX = 1_000;

  /** Transfers that are looked at for refunds. */
  public static final int REFUNDS_MAX = 100;

  private static final long SECOND_MILLIS = 1_000;

  /** Orders that have an address of their own, which answers with the transfer. */
  private static final Set<String> OWN_ADDRESS = Set.of("send", "receive", "reject", "cancel");

  private static final String EARLIER = "an earlier attempt may have been accepted; now";

  private final ClientSettings settings;
  private final Http http;

  public AikaClient(ClientSettings settings) {
    this.settings = settings;
    http = new Http(settings);
  }

  /** A node of several machines, of which one answers at a time. */
  public static AikaClient at(List<URI> machines) {
    return new AikaClient(ClientSettings.of(machines));
  }

  /** With the standard patience. */
  public static AikaClient at(URI gateway) {
    return new AikaClient(ClientSettings.of(gateway));
  }

  /** Which half of a transfer a receipt proves. */
  public enum Half {
    SEND("send"),
    RECEIVE("receive");

    private final String word;

    Half(String word) {
      this.word = word;
    }
  }

  /**
   * Hands in an order of any kind, and the same again while the answer is lost or the gateway is
   * busy: it is executed at most once.
   *
   * @throws ClientException {@code UNREACHABLE} when no attempt reached the gateway: nothing was
   *     ordered
   */
  public Result submit(SignedOrder order) {
    String kind = order.order().kind();
    String path = OWN_ADDRESS.contains(kind) ? '/' + kind : "/orders";
    String doubt = null;
    for (int failed = 0; ; http.pause(failed)) {
      Attempt attempt = http.post(path, "text/plain", order.bytes());
      failed++;
      boolean last = failed >= settings.attemptsInAll() || Thread.currentThread().isInterrupted();
      switch (attempt) {
        case Attempt.Answered answered when answered.isOk() -> {
          return accepted(order, answered.body());
        }
        case Attempt.Answered answered -> {
          Problem problem = Answers.problem(answered.status(), answered.body());
          doubt = problem.isDoubtful() ? problem.toString() : doubt;
          if (last || !problem.isPassing()) {
            return refused(order, problem, doubt);
          }
        }
        case Attempt.Lost lost -> {
          doubt = lost.sent() ? String.valueOf(lost.cause().getMessage()) : doubt;
          if (last && doubt != null) {
            return new Result.Unknown(order, doubt);
          }
          if (last) {
            throw lost.unreachable();
          }
        }
      }
    }
  }

  /**
   * Hands in an order that is kept until its result is known, also across crashes. One that was in
   * the outbox already counts as attempted before, perhaps by another process: a refusal of it is
   * not believed while that attempt may arrive, and when the chain says that it is too late it is
   * looked up.
   *
   * @throws ClientException {@code UNREACHABLE} when no attempt ever reached the gateway
   */
  public Result submit(SignedOrder order, Outbox outbox) {
    boolean before = outbox.holds(order);
    outbox.keep(order);
    Result result = before ? submitAgain(order) : submit(order);
    switch (result) {
      case Result.Accepted accepted -> outbox.forget(order);
      case Result.Refused refused when refused.problem().isPassing() -> {}
      case Result.Refused refused -> outbox.forget(order);
      case Result.Unknown unknown -> {}
    }
    return result;
  }

  private Result submitAgain(SignedOrder order) {
    try {
      Result result = submit(order);
      return result instanceof Result.Refused again
          ? refused(order, again.problem(), EARLIER + ": " + again.problem())
          : result;
    } catch (ClientException notReached) {
      return new Result.Unknown(order, String.valueOf(notReached.getMessage()));
    }
  }

  private static Result accepted(SignedOrder order, byte[] body) {
    try {
      return Answers.read(
          body,
          json ->
              new Result.Accepted(
                  OWN_ADDRESS.contains(order.order().kind())
                      ? List.of(Answers.transfer(json))
                      : Answers.transfers(json),
                  json.path("repeated").asBoolean(false)));
    } catch (ClientException notAGateway) {
      return new Result.Unknown(order, String.valueOf(notAGateway.getMessage()));
    }
  }

  /**
   * An attempt that was lost may still arrive until the chain's time, of which this machine's clock
   * tells nothing, is past the order's not-after.
   */
  private Result refused(SignedOrder order, Problem problem, @Nullable String doubt) {
    if (doubt != null && problem.code().equals(Problem.STALE)) {
      return late(order, problem, doubt);
    }
    return doubt == null || problem.isFinal()
        ? new Result.Refused(problem)
        : new Result.Unknown(order, doubt);
  }

  /** This attempt came too late; the lost one may have been accepted in time. */
  private Result late(SignedOrder order, Problem problem, String doubt) {
    try {
      return lookUp(order) instanceof Result.Accepted accepted
          ? accepted
          : new Result.Refused(problem);
    } catch (ClientException notAnswered) {
      return new Result.Unknown(order, doubt);
    }
  }

  /**
   * Whether an order was accepted, by the id that its wallet gave it.
   *
   * @return {@link Result.Accepted}, or {@link Result.Unknown} while the chain does not have it
   */
  public Result lookUp(SignedOrder order) {
    AccountId account = order.order().account();
    String path = "/accounts/" + account + "/orders/" + order.order().header().id();
    return switch (http.ask(path)) {
      case Attempt.Answered answered when answered.isOk() ->
          Answers.read(answered.body(), json -> new Result.Accepted(Answers.transfers(json), true));
      case Attempt.Answered answered -> {
        Problem problem = Answers.problem(answered.status(), answered.body());
        if (problem.code().equals("NOT_FOUND")) {
          yield new Result.Unknown(order, "the chain does not have it, or not yet");
        }
        throw ClientException.of(problem);
      }
      case Attempt.Lost lost -> throw lost.unreachable();
    };
  }

  public Transfer transfer(TransferId id) {
    return Answers.read(ask("/transfers/" + id), Answers::transfer);
  }

  public Account account(AccountId id) {
    return Answers.read(ask("/accounts/" + id), Answers::account);
  }

  /**
   * What the receiver of a transfer has given back of it so far: the refunds among what it sent to
   * the same account since, of which the newest {@link #REFUNDS_MAX} are looked at. One that was
   * declined, taken back or not received is among them, too.
   *
   * @param received with its history
   * @throws ClientException {@code TOO_LARGE} when the receiver's statement since then is
   */
  public List<Transfer> refunds(Transfer received) {
    long since =
        received.history().stream()
            .filter(step -> step.state().equals("receive_pending"))
            .mapToLong(Transfer.Step::time)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    if (since == Long.MAX_VALUE) {
      return List.of();
    }
    String from = Timestamp.seconds(since / SECOND_MILLIS * SECOND_MILLIS);
    String path = "/accounts/" + received.receiver() + "/statement.csv?from=" + from;
    // in this order: what is not approved, as statements have to be, is held
    Set<TransferId> sent = new TreeSet<>(held(received.receiver(), received.sender()));
    sent.addAll(Answers.sent(ask(path), received.sender()));
    return sent.stream()
        .skip(Math.max(0, sent.size() - REFUNDS_MAX))
        .map(this::transfer)
        .filter(one -> received.id().equals(one.refundOf()))
        .toList();
  }

  private List<TransferId> held(AccountId from, AccountId to) {
    return account(from).holds().stream()
        .filter(hold -> hold.receiver().equals(to))
        .map(Account.Hold::transfer)
        .toList();
  }

  /** What waits for this account, at most {@link #PENDING_MAX}. */
  public Waiting pending(AccountId receiver) {
    String path = "/pending?account=" + receiver + "&limit=" + PENDING_MAX;
    return Answers.read(ask(path), Answers::pending);
  }

  /**
   * A receipt, for {@link FederationKeys#receipt} and for the archive.
   *
   * @throws ClientException {@code NOT_LISTED_YET} while it is not approved
   */
  public byte[] receipt(TransferId transfer, Half half) {
    return ask("/transfers/" + transfer + "/receipt?half=" + half.word);
  }

  /** The largest approved checkpoint of a chain; nothing of it has been checked. */
  public SignedCheckpoint checkpoint(ChainId chain) {
    try {
      return SignedCheckpoint.parse(ask("/chains/" + chain + "/checkpoint"));
    } catch (MalformedException other) {
      throw new ClientException(ClientException.NOT_UNDERSTOOD, "no checkpoint", other);
    }
  }

  /** A published file of a chain's log, or empty when there is none. */
  Optional<byte[]> file(ChainId chain, String path) {
    return switch (http.ask("/chains/" + chain + "/" + path)) {
      case Attempt.Answered answered when answered.isOk() -> Optional.of(answered.body());
      case Attempt.Answered answered when answered.status() == 404 -> Optional.empty();
      case Attempt.Answered answered ->
          throw ClientException.of(Answers.problem(answered.status(), answered.body()));
      case Attempt.Lost lost -> throw lost.unreachable();
    };
  }

  /** Follows a chain, from a position on and without end. */
  public Feed feed(FeedQuery query) {
    return new Feed(query, http, settings);
  }

  /** A chain's log, of which only what the representatives approved is believed. */
  public VerifiedLog log(ChainId chain, FederationKeys keys) {
    return new VerifiedLog(this, chain, keys);
  }

  private byte[] ask(String path) {
    return switch (http.ask(path)) {
      case Attempt.Answered answered when answered.isOk() -> answered.body();
      case Attempt.Answered answered ->
          throw ClientException.of(Answers.problem(answered.status(), answered.body()));
      case Attempt.Lost lost -> throw lost.unreachable();
    };
  }

  /** Cuts short what is on its way, feeds too. */
  @Override
  public void close() {
    http.close();
  }
}
