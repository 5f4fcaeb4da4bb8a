package aika.sim;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.CosignerRules;
import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Merkle;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Takes one guard away at a time and shows that a check of the simulator notices. */
class SabotageTest {
  /** Every chain is a sibling of all others, and no separate cosigner is there to notice first. */
  private static final SimSettings ALONE =
      SimSettings.of(31, 2_000).withPlaces(6, 1).withSeats(4, 0, 0);

  /** Every shard crashes every few seconds. */
  private static final SimSettings CRASHING =
      SimSettings.of(37, 2_000)
          .withSeats(4, 0, 0)
          .withSiblings(false)
          .withFaults(new Faults(0.02, 0.02, 0.02, 4_000, 4_000, 1_000, 10_000, 200));

  /**
   * @param what a regular expression for the check that notices
   */
  private static void caught(SimSettings settings, Sabotage sabotage, String what) {
    Simulation simulation = new Simulation(settings, sabotage);
    SimFailure failure =
        assertThrows(SimFailure.class, () -> simulation.run((ended, transfers, millis) -> {}));
    System.out.println(failure.getMessage());
    assertTrue(Pattern.compile(what).matcher(failure.what()).find(), failure::what);
    assertTrue(
        String.valueOf(failure.getMessage()).contains("aika sim --seed " + settings.seed() + " "));
  }

  /** A state in which one kind of row reads differently. */
  private abstract static class Altered implements LedgerState {
    private final LedgerState honest;

    Altered(LedgerState honest) {
      this.honest = honest;
    }

    @Override
    @SuppressWarnings("unchecked") // a row is replaced by one of the same kind
    public final <R extends Row> @Nullable R get(Key<R> key) {
      R row = honest.get(key);
      return row == null ? null : (R) alter(row);
    }

    abstract @Nullable Row alter(Row row);
  }

  @Test
  void anOrderForgottenIsExecutedTwice() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return protocol.apply(without(state), command);
          }

          private LedgerState without(LedgerState state) {
            return new Altered(state) {
              @Override
              @Nullable Row alter(Row row) {
                return row instanceof Row.Ordered ? null : row;
              }
            };
          }
        },
        "executes order");
  }

  @Test
  void anOutcomeForgottenIsDecidedTwice() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return protocol.apply(without(state), command);
          }

          private LedgerState without(LedgerState state) {
            return new Altered(state) {
              @Override
              @Nullable Row alter(Row row) {
                return row instanceof Row.Outcome ? null : row;
              }
            };
          }
        },
        "and then|is decided but does not exist");
  }

  @Test
  void aHoldThatStaysHeldIsSettledTwice() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return command.action() instanceof Action.Settle
                ? protocol.apply(held(state), command)
                : protocol.apply(state, command);
          }

          private LedgerState held(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Hold hold
                    ? new Row.Hold(hold.offer(), Row.Hold.Status.HELD, hold.cancelIndex())
                    : row;
              }
            };
          }
        },
        "is settled but");
  }

  /** What a sibling's hold says, changed. */
  private abstract static class LyingSiblings implements Sabotage {
    @Override
    public final Siblings siblings(Siblings honest) {
      return chain -> {
        LedgerState state = honest.state(chain);
        return state == null
            ? null
            : new Altered(state) {
              @Override
              Row alter(Row row) {
                return lie(row);
              }
            };
      };
    }

    abstract Row lie(Row row);
  }

  @Test
  void evidenceOfMoreThanWasSentIsReceived() {
    caught(
        ALONE,
        new LyingSiblings() {
          @Override
          Row lie(Row row) {
            if (!(row instanceof Row.Hold hold)) {
              return row;
            }
            Offer offer = hold.offer();
            Money twice = offer.amount().plus(offer.amount());
            Offer inflated =
                new Offer(
                    offer.transfer(),
                    offer.from(),
                    offer.to(),
                    twice,
                    offer.validUntil(),
                    offer.sendLeaf());
            return new Row.Hold(inflated, hold.status(), hold.cancelIndex());
          }
        },
        "credits other than");
  }

  @Test
  void evidenceOfALaterDeadlineIsReceived() {
    caught(
        SimSettings.of(31, 6_000).withPlaces(6, 1).withSeats(4, 0, 0),
        new LyingSiblings() {
          @Override
          Row lie(Row row) {
            if (!(row instanceof Row.Hold hold)) {
              return row;
            }
            Offer offer = hold.offer();
            Offer longer =
                new Offer(
                    offer.transfer(),
                    offer.from(),
                    offer.to(),
                    offer.amount(),
                    offer.validUntil() + 60_000,
                    offer.sendLeaf());
            return new Row.Hold(longer, hold.status(), hold.cancelIndex());
          }
        },
        "received too late");
  }

  @Test
  void aHoldThatEndsAgainstTheDecisionIsNoticed() {
    caught(
        ALONE,
        new LyingSiblings() {
          @Override
          Row lie(Row row) {
            return row instanceof Row.Outcome outcome && outcome.kind() == OutcomeKind.RECEIVED
                ? new Row.Outcome(
                    outcome.transfer(), OutcomeKind.REJECTED, outcome.index(), outcome.sendLeaf())
                : row;
          }
        },
        "but was decided RECEIVED");
  }

  @Test
  void aLeaderThatMakesMoneyOutOfNothingIsNoticed() {
    caught(
        SimSettings.of(32, 2_000),
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            Row.Head head = state.head();
            boolean now = head != null && head.size() > 200;
            return now && command.action() instanceof Action.Submit
                ? protocol.apply(rich(state), command)
                : protocol.apply(state, command);
          }

          private LedgerState rich(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Account account
                    ? new Row.Account(
                        account.id(),
                        account.publicKey(),
                        account.balance().plus(Money.ofMinor(1)),
                        account.openHolds())
                    : row;
              }
            };
          }
        },
        ", not Posting");
  }

  /** */
  @Test
  void aClosedChainThatForgetsItIsNoticed() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return protocol.apply(open(state), command);
          }

          private LedgerState open(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Head head && head.closed()
                    ? new Row.Head(
                        head.chain(),
                        head.federationFile(),
                        head.policy(),
                        head.incumbency(),
                        head.size(),
                        head.time(),
                        head.height(),
                        head.blockStart(),
                        head.totals(),
                        false)
                    : row;
              }
            };
          }
        },
        "where all is closed|, a closed chain");
  }

  /** */
  @Test
  void aClosedAccountThatIsOpenAgainIsNoticed() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return protocol.apply(open(state), command);
          }

          private LedgerState open(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Account account && account.standing().closed()
                    ? account.with(Row.Standing.USUAL)
                    : row;
              }
            };
          }
        },
        "which is closed|where all is closed");
  }

  @Test
  void aDissolvedTownWhoseDebtsNobodyPaysDoesNotRest() {
    caught(
        SimSettings.of(39, 300).withSeats(1, 0, 0),
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return command.action() instanceof Action.Submit submit
                    && submit.order().order().kind().equals("clear")
                ? new Applied.Refused(Refusal.of(Reason.CLEARS_TOO_MUCH, "nobody pays"))
                : protocol.apply(state, command);
          }
        },
        "no rest: .* have not cleared");
  }

  @Test
  void aDiskThatLiesLosesWhatWasAcknowledged() {
    caught(
        CRASHING,
        new Sabotage() {
          @Override
          public boolean syncs() {
            return false;
          }
        },
        "lost leaves");
  }

  @Test
  void answeringBeforeTheDiskLosesWhatWasAcknowledged() {
    caught(
        CRASHING,
        new Sabotage() {
          @Override
          public boolean answersAfterSync() {
            return false;
          }
        },
        "lost leaves");
  }

  @Test
  void aClockThatIsReadAgainInReplayIsNoticed() {
    caught(
        CRASHING,
        new Sabotage() {
          @Override
          public long journaled(long time) {
            return time + 1;
          }
        },
        "differently");
  }

  @Test
  void aSeatThatSignsAnotherRootIsNoticed() {
    caught(
        SimSettings.of(33, 500),
        new Sabotage() {
          @Override
          public CosignerRules.Signed signs(CosignerRules.Signed honest) {
            return honest.size() > 50
                ? new CosignerRules.Signed(honest.size(), Merkle.EMPTY_ROOT)
                : honest;
          }
        },
        "a seat signs another root");
  }

  @Test
  void aWalletThatForgetsItsOrderIdPaysTwice() {
    caught(
        ALONE,
        new Sabotage() {
          @Override
          public boolean forgetsOrderIds() {
            return true;
          }
        },
        "paid twice");
  }

  @Test
  void aFailureIsExplained() {
    Sabotage forgetful =
        new Sabotage() {
          @Override
          public boolean forgetsOrderIds() {
            return true;
          }
        };
    Simulation simulation = new Simulation(ALONE, forgetful);
    SimFailure failure =
        assertThrows(SimFailure.class, () -> simulation.run((ended, transfers, millis) -> {}));
    List<String> lines = simulation.explain(failure);
    lines.forEach(System.out::println);
    assertTrue(lines.size() > 10 && lines.size() <= Diary.LINES_MAX);
    assertTrue(lines.getLast().matches("0:00:\\d\\d\\.\\d{3}  the chain of .*  leaf \\d+: .*"));
  }

  @Test
  void aFollowerThatForgetsAnOutcomeLeavesAHold() {
    caught(
        SimSettings.of(34, 300).withSeats(1, 0, 0),
        new Sabotage() {
          @Override
          public @Nullable Action relays(Action honest) {
            if (!(honest instanceof Action.Settle settle)) {
              return honest;
            }
            List<Action.Item> kept =
                settle.items().stream().filter(item -> item.hold() % 11 != 0).toList();
            return kept.isEmpty()
                ? null
                : new Action.Settle(settle.from(), settle.recorded(), kept);
          }
        },
        "no rest");
  }

  @Test
  void aFollowerThatForgetsWhatIsDueLeavesAHold() {
    caught(
        SimSettings.of(38, 300).withSeats(1, 0, 0),
        new Sabotage() {
          @Override
          public @Nullable Action relays(Action honest) {
            return honest instanceof Action.Conclude ? null : honest;
          }
        },
        "no rest");
  }

  @Test
  void aCursorThatIsAheadOfItsRowsLeavesAHold() {
    caught(
        CRASHING,
        new Sabotage() {
          @Override
          public boolean writesWhole() {
            return false;
          }
        },
        "no rest");
  }

  @Test
  void cosignersAloneNoticeALeaderThatBelievesTooMuch() {
    caught(
        SimSettings.of(35, 2_000).withPlaces(6, 1),
        new LyingSiblings() {
          @Override
          public boolean audits() {
            return false;
          }

          @Override
          Row lie(Row row) {
            return row instanceof Row.Outcome outcome && outcome.kind() == OutcomeKind.RECEIVED
                ? new Row.Outcome(
                    outcome.transfer(), OutcomeKind.REJECTED, outcome.index(), outcome.sendLeaf())
                : row;
          }
        },
        "DivergedException.*execution writes another leaf");
  }

  @Test
  void aContinentThatInventsAnOfferIsNoticed() {
    caught(
        SimSettings.of(36, 500),
        new Sabotage() {
          @Override
          public Offer lists(Offer honest) {
            return new Offer(
                honest.transfer(),
                honest.from(),
                honest.to(),
                honest.amount().plus(honest.amount()),
                honest.validUntil(),
                honest.sendLeaf());
          }
        },
        "lists an offer that");
  }

  private static SimSettings against(long seed, Adversary one) {
    return SimSettings.of(seed, 1_200)
        .withPlaces(8, 4)
        .withSeats(4, 0, 0)
        .withAdversaries(Set.of(one));
  }

  @Test
  void aContinentThatBelievesAnothersListIsNoticed() {
    caught(
        against(61, Adversary.CONTINENT),
        new Sabotage() {
          @Override
          public boolean believesLists() {
            return true;
          }
        },
        "believes an offer that .* did not make");
  }

  @Test
  void aLeaderThatBelievesALyingRelayIsNoticed() {
    caught(
        against(63, Adversary.RELAY),
        new Sabotage() {
          @Override
          public boolean recordsUnapproved() {
            return true;
          }
        },
        "records another history");
  }

  /** Takes no evidence of what ran out more than an hour ago, as if nobody could need it. */
  private static final class Impatient implements Sabotage {
    private static final long HOUR_MILLIS = 60L * 60 * 1_000;

    @Override
    public Applied execute(Protocol protocol, LedgerState state, Command command) {
      return command.action() instanceof Action.Conclude conclude && old(conclude, command.time())
          ? Applied.refused(Reason.EVIDENCE_INVALID, "too old")
          : protocol.apply(state, command);
    }

    private static boolean old(Action.Conclude conclude, long time) {
      Action.Proof proof = conclude.citation().proof();
      Offer offer = proof == null ? null : offer(conclude, proof.leaf());
      return offer != null && offer.validUntil() + HOUR_MILLIS < time;
    }

    private static @Nullable Offer offer(Action.Conclude conclude, byte[] leaf) {
      try {
        return LeafText.parse(leaf).offer(conclude.transfer(), Merkle.leafHash(leaf));
      } catch (MalformedException forged) {
        return null;
      }
    }
  }

  @Test
  void aChainThatForgetsWhatRanOutDuringAPartitionLeavesAHold() {
    caught(against(65, Adversary.PARTITION), new Impatient(), "no rest");
    SimSettings joined = against(65, Adversary.PARTITION).withAdversaries(Set.of());
    new Simulation(joined, new Impatient()).run((ended, transfers, millis) -> {});
  }

  @Test
  void seatsThatSignTheFutureAreNoticed() {
    caught(
        against(64, Adversary.CLOCKS),
        new Sabotage() {
          @Override
          public boolean looksAtTheClock() {
            return false;
          }
        },
        "signs a seal of the future");
  }

  /** */
  @Test
  void whoForgetsAConflictIsNoticed() {
    caught(
        against(66, Adversary.SCANDAL),
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return command.action() instanceof Action.RecordCheckpoint record
                    && record.handover() == null
                ? protocol.apply(trusting(state), command)
                : protocol.apply(state, command);
          }

          private LedgerState trusting(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Sitting sits && sits.conflict()
                    ? new Row.Sitting(
                        sits.origin(), sits.seats(), false, sits.line(), sits.earlier())
                    : row;
              }
            };
          }
        },
        "records another history");
  }

  /** [E-9] */
  @Test
  void whoTakesADecisionAboutAnotherHistoryForItsOwnIsNoticed() {
    caught(
        against(67, Adversary.SCANDAL),
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return command.action() instanceof Action.Settle settle
                ? protocol.apply(credulous(state, settle), command)
                : protocol.apply(state, command);
          }

          private LedgerState credulous(LedgerState state, Action.Settle settle) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Hold hold ? credulous(hold, settle) : row;
              }
            };
          }

          private Row.Hold credulous(Row.Hold hold, Action.Settle settle) {
            Offer offer = hold.offer();
            for (Action.Item item : settle.items()) {
              Leaf.Decision decided = decision(item.proof());
              if (decided != null && decided.transfer().equals(offer.transfer())) {
                Offer same =
                    new Offer(
                        offer.transfer(),
                        offer.from(),
                        offer.to(),
                        offer.amount(),
                        offer.validUntil(),
                        decided.sendLeaf());
                return new Row.Hold(same, hold.status(), hold.cancelIndex());
              }
            }
            return hold;
          }

          private Leaf.@Nullable Decision decision(Action.@Nullable Proof proof) {
            try {
              return proof == null ? null : LeafText.parse(proof.leaf()).decision();
            } catch (MalformedException forged) {
              return null;
            }
          }
        },
        "is settled as .* but was decided null");
  }

  /** [NBR-7] */
  @Test
  void aNodeThatGoesOnWithAnOldDiskIsNoticed() {
    caught(
        against(68, Adversary.DISKS),
        new Sabotage() {
          @Override
          public long rebuilds(long held, long approved) {
            return approved;
          }
        },
        "leaf \\d+ after \\d+|acknowledged as leaf|another root");
  }

  @Test
  void chainsWithoutExposureLimitsLoseMoreToMoneyFromNothing() {
    caught(
        against(62, Adversary.INFLATION),
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            return protocol.apply(unlimited(state), command);
          }

          private LedgerState unlimited(LedgerState state) {
            return new Altered(state) {
              @Override
              Row alter(Row row) {
                return row instanceof Row.Head head
                    ? new Row.Head(
                        head.chain(),
                        head.federationFile(),
                        unlimited(head.policy()),
                        head.incumbency(),
                        head.size(),
                        head.time(),
                        head.height(),
                        head.blockStart(),
                        head.totals(),
                        head.closed())
                    : row;
              }
            };
          }

          private Policy unlimited(Policy policy) {
            return new Policy(
                policy.blockEntries(),
                policy.openHoldsMax(),
                policy.validMillisMax(),
                policy.crossChainMin(),
                Policy.MONEY_MAX,
                Policy.MONEY_MAX,
                policy.issuedMax(),
                policy.term());
          }
        },
        "may lose|is owed more than its limits allow");
  }
}
