package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.ChainId;

/**
 * Executes one chain's commands. A pure function of the chain's rows and the command: guards from
 * the top down, writes last, a refusal changes nothing.
 *
 * <p>Rules are numbered in docs/spec/execution.md; comments cite them as [X-n], and those of
 * docs/spec/evidence.md as [E-n].
 */
public final class Protocol {
  private final ChainId chain;
  private final Directory directory;
  private final Accounts accounts = new Accounts();
  private final Treasury treasury;
  private final Sending sending;
  private final Deciding deciding;
  private final Recording recording;
  private final Settlement settlement;
  private final Terms terms;

  /**
   * @param siblings chains that are executed by every replica of this one
   */
  public Protocol(ChainId chain, Directory directory, Siblings siblings) {
    this(chain, directory, new Evidence(chain, directory.federation(), siblings));
  }

  Protocol(ChainId chain, Directory directory, Evidence evidence) {
    this.chain = chain;
    this.directory = directory;
    treasury = new Treasury(directory);
    sending = new Sending(directory);
    deciding = new Deciding(evidence);
    recording = new Recording(directory);
    settlement = new Settlement(chain, evidence);
    terms = new Terms(directory);
  }

  /**
   * Works out what {@code command} does to a chain in {@code state}; the caller keeps the result.
   *
   * @throws BrokenInvariantException when a rule that always holds would be broken
   */
  public Applied apply(LedgerState state, Command command) {
    Row.Head head = state.head();
    if (head == null) {
      return command.action() instanceof Action.Genesis genesis
          ? genesis(genesis.federationFile(), command.time())
          : Applied.refused(Reason.CHAIN_NOT_STARTED, chain.value());
    }
    if (full(head) && !(command.action() instanceof Action.Seal)) {
      return Applied.refused(Reason.BUSY, "the block is full; its seal comes first");
    }
    long time = Math.max(command.time(), head.time()); // time never goes back
    Turn turn = new Turn(state, head, time);
    return switch (command.action()) {
      case Action.Genesis g -> Applied.refused(Reason.CHAIN_STARTED, chain.value());
      case Action.Submit submit -> submit(turn, submit);
      case Action.Conclude conclude -> deciding.conclude(turn, conclude);
      case Action.RecordCheckpoint record -> recording.record(turn, record);
      case Action.Settle settle -> settlement.apply(turn, settle);
      case Action.Seal seal -> terms.seal(turn, seal);
      case Action.Recover recover -> terms.recover(turn, recover);
      case Action.Convict convict -> recording.convict(turn, convict);
    };
  }

  /** A block has at most so many leaves before its seal. */
  static boolean full(Row.Head head) {
    return head.blockLeaves() >= head.policy().blockEntries();
  }

  /** */
  private Applied genesis(Hash file, long time) {
    if (!directory.isFile(file)) {
      return Applied.refused(Reason.FEDERATION_FILE, "SHA-256 " + file.base64());
    }
    Seats seats = directory.entry(chain).seats();
    Row.Head empty =
        new Row.Head(
            chain,
            file,
            directory.policy(),
            new Row.Incumbency(seats.term(), seats.hash(), 0, time),
            0,
            time,
            0,
            0,
            Row.Totals.ZERO,
            false);
    Draft draft = new Draft(new Turn(new MemoryState(), empty, time));
    draft.add(
        new Leaf.Genesis(
            time, directory.federation(), chain, file, directory.policy(), seats.hash()));
    draft.put(new Row.Term(seats, 0, false));
    return draft.accept();
  }

  private Applied submit(Turn turn, Action.Submit submit) {
    SignedOrder signed = submit.order();
    Order order = signed.order();
    Order.Header header = order.header();
    if (!header.federation().equals(directory.federation())) {
      return Applied.refused(Reason.WRONG_FEDERATION, header.federation());
    }
    if (!order.chain().equals(chain) || !chain.municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, order.chain().value());
    }
    if (turn.time() > header.notAfter()) {
      return Applied.refused(Reason.STALE, "not-after has passed");
    }
    if (header.notAfter() - turn.time() > Order.NOT_AFTER_MILLIS_MAX) {
      return Applied.refused(Reason.TOO_FAR_AHEAD, "not-after is more than 24 hours ahead");
    }
    Row.Ordered earlier = turn.get(new Key.OfOrder(order.account(), header.id()));
    if (earlier != null) {
      return earlier.content().equals(signed.content())
          ? new Applied.Repeated(earlier.index())
          : Applied.refused(Reason.ID_REUSED, header.id().toString());
    }
    return switch (order) {
      case Order.Open open -> accounts.open(turn, submit, open);
      case Order.RotateKey rotate -> accounts.rotate(turn, submit, rotate);
      case Order.RecoverKey recover -> accounts.recover(turn, submit, recover);
      case Order.VetoRecovery veto -> accounts.veto(turn, submit, veto);
      case Order.Freeze freeze -> accounts.freeze(turn, submit, freeze);
      case Order.Close close -> accounts.close(turn, submit, close);
      case Order.AutoReceive auto -> accounts.autoReceive(turn, submit, auto);
      case Order.Issue issue -> treasury.issue(turn, submit, issue);
      case Order.Redeem redeem -> treasury.redeem(turn, submit, redeem);
      case Order.Clear clear -> treasury.clear(turn, submit, clear);
      case Order.Send send -> sending.send(turn, submit, send);
      case Order.SendBatch batch -> sending.batch(turn, submit, batch);
      case Order.Cancel cancel -> sending.cancel(turn, submit, cancel);
      case Order.Decide decide -> deciding.decide(turn, submit, decide);
      case Order.Stand stand -> terms.stand(turn, submit, stand);
    };
  }
}
