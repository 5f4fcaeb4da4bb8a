package aika.core.audit;

import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * [AUD-17] Whether all sources of a log show one history. Nothing of it is executed: each approved
 * checkpoint has to continue the smaller ones, by the hashes of the source that shows it.
 */
public final class SourceComparison {
  private static final LogReader.Room ROOM = new LogReader.Room(2, 64);

  private final Directory directory;
  private final FederationAudit.Schemes schemes;

  /** One source of a chain's log. */
  public record Source(String name, PublishedLog log) {}

  private record Shown(String source, LogReader log, LogReader.Approved approved) {}

  /**
   * @param directory from a federation file that the auditor trusts
   */
  public SourceComparison(Directory directory, FederationAudit.Schemes schemes) {
    this.directory = directory;
    this.schemes = schemes;
  }

  /**
   * What does not hold of any chain's sources, or of two of them together.
   *
   * @param sources of each chain; those that have no checkpoint of it are passed over
   * @throws UnreadableLogException when one cannot be read, which says nothing about it
   */
  public List<Finding> findings(Function<ChainId, List<Source>> sources) {
    List<Finding> findings = new ArrayList<>();
    for (Directory.Entry entry : directory.chains().values()) {
      List<Source> all =
          sources.apply(entry.id()).stream()
              .filter(source -> source.log.file("checkpoint") != null)
              .toList();
      if (all.size() > 1) {
        compare(entry, all, findings);
      }
    }
    return findings;
  }

  private void compare(Directory.Entry entry, List<Source> sources, List<Finding> findings) {
    List<Shown> before = new ArrayList<>();
    for (Source source : sources) {
      try {
        LogReader log =
            new LogReader(
                entry, source.log, schemes.logs(), schemes.cosignatures(), ROOM, null, seen -> {});
        Shown shown = new Shown(source.name, log, log.approved());
        log.checkEnded();
        for (Shown other : before) {
          if (!agree(shown, other)) {
            String what =
                "%d leaves, which is another history than that of %s with %d"
                    .formatted(size(shown), other.source, size(other));
            findings.add(at(source, entry.id(), Finding.Kind.TWO_HISTORIES, "checkpoint", what));
          }
        }
        before.add(shown);
      } catch (FindingException bad) {
        Finding finding = bad.finding();
        findings.add(at(source, entry.id(), finding.kind(), finding.place(), finding.what()));
      }
    }
  }

  private static Finding at(
      Source source, ChainId chain, Finding.Kind kind, String place, String what) {
    return new Finding(chain, kind, place, source.name + ": " + what);
  }

  private static long size(Shown shown) {
    return shown.approved.checkpoint().size();
  }

  private static boolean agree(Shown one, Shown other) {
    boolean larger = size(one) >= size(other);
    Shown longest = larger ? one : other;
    Shown shorter = larger ? other : one;
    return longest.log.continuedBy(shorter.approved.checkpoint(), longest.approved.checkpoint())
        || gaveUp(one, other)
        || gaveUp(other, one);
  }

  /**
   * Whether the recovery quorum has seated others in the one history, and the other does not know
   * of it: then that one may have been given up, and its source is behind.
   */
  private static boolean gaveUp(Shown one, Shown other) {
    Set<Hash> recoveries = recoveries(one);
    Set<Hash> known = recoveries(other);
    return recoveries.size() > known.size() && recoveries.containsAll(known);
  }

  private static Set<Hash> recoveries(Shown shown) {
    Set<Hash> recoveries = new HashSet<>();
    for (TlogProof handover : shown.log.handovers()) {
      byte[] leaf = handover.extra().orElseThrow();
      if (LeafText.parse(leaf) instanceof Leaf.Recovered) {
        recoveries.add(Merkle.leafHash(leaf));
      }
    }
    return recoveries;
  }
}
