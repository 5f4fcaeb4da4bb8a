package aika.core.audit;

import aika.core.ledger.Directory;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * [AUD-17] Whether all sources of a log show one history. Nothing of it is executed: each approved
 * checkpoint has to continue the smaller ones, by the hashes of the source that shows it.
 */
public final class SourceComparison {
  private static final LogReader.Room ROOM = new LogReader.Room(2, 64);

  private final FederationAudit.Schemes schemes;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> notes = new ArrayList<>();

  /** One source of a chain's log. */
  public record Source(String name, PublishedLog log) {}

  /**
   * What came of it.
   *
   * @param findings what does not hold of any chain's sources, or of two of them together
   * @param notes which sources could not be read, or show what may have been given up
   */
  public record Compared(List<Finding> findings, List<Finding> notes) {
    /** Of one source. */
    public static final Compared NOTHING = new Compared(List.of(), List.of());

    public Compared {
      findings = List.copyOf(findings);
      notes = List.copyOf(notes);
    }
  }

  private record Shown(String source, LogReader log, LogReader.Approved approved) {
    long size() {
      return approved.checkpoint().size();
    }
  }

  private SourceComparison(FederationAudit.Schemes schemes) {
    this.schemes = schemes;
  }

  /**
   * Compares all sources of each chain. One that cannot be read keeps nobody from comparing the
   * others.
   *
   * @param directory from a federation file that the auditor trusts
   * @param sources of each chain; those that have no checkpoint of it are passed over
   * @param next is called before each chain; it may throw, to stop
   */
  public static Compared compare(
      Directory directory,
      FederationAudit.Schemes schemes,
      Function<ChainId, List<Source>> sources,
      Runnable next) {
    SourceComparison comparison = new SourceComparison(schemes);
    for (Directory.Entry entry : directory.chains().values()) {
      next.run();
      List<Source> all = sources.apply(entry.id());
      if (all.size() > 1) {
        comparison.compare(entry, all);
      }
    }
    return new Compared(comparison.findings, comparison.notes);
  }

  private void compare(Directory.Entry entry, List<Source> sources) {
    List<Shown> before = new ArrayList<>();
    for (Source source : sources) {
      checked(
          entry.id(),
          source.name,
          () -> {
            if (source.log.file("checkpoint") != null) {
              Shown shown = shown(entry, source);
              before.forEach(other -> compare(entry.id(), shown, other));
              before.add(shown);
            }
          });
    }
  }

  /** What is wrong in the files of one source is said of that one. */
  private void checked(ChainId chain, String source, Runnable reading) {
    try {
      reading.run();
    } catch (FindingException bad) {
      Finding finding = bad.finding();
      findings.add(at(source, chain, finding.kind(), finding.place(), finding.what()));
    } catch (UnreadableLogException away) {
      String why = String.valueOf(away.getMessage());
      notes.add(at(source, chain, Finding.Kind.NOT_COMPARED, "checkpoint", why));
    }
  }

  private Shown shown(Directory.Entry entry, Source source) {
    LogReader log =
        new LogReader(
            entry, source.log, schemes.logs(), schemes.cosignatures(), ROOM, null, seen -> {});
    Shown shown = new Shown(source.name, log, log.approved());
    log.checkEnded();
    return shown;
  }

  private void compare(ChainId chain, Shown shown, Shown other) {
    boolean larger = shown.size() >= other.size();
    Shown longest = larger ? shown : other;
    Shown shorter = larger ? other : shown;
    checked(
        chain,
        longest.source,
        () -> {
          if (longest.log.continuedBy(
              shorter.approved.checkpoint(), longest.approved.checkpoint())) {
            return;
          }
          if (gaveUp(shown, other)) {
            notes.add(at(other, chain, Finding.Kind.GIVEN_UP, shown));
          } else if (gaveUp(other, shown)) {
            notes.add(at(shown, chain, Finding.Kind.GIVEN_UP, other));
          } else {
            findings.add(at(shown, chain, Finding.Kind.TWO_HISTORIES, other));
          }
        });
  }

  private static Finding at(Shown one, ChainId chain, Finding.Kind kind, Shown other) {
    String what =
        "%d leaves, which is another history than that of %s with %d"
            .formatted(one.size(), other.source, other.size());
    return at(one.source, chain, kind, "checkpoint", what);
  }

  private static Finding at(
      String source, ChainId chain, Finding.Kind kind, String place, String what) {
    return new Finding(chain, kind, place, source + ": " + what);
  }

  /**
   * Whether the recovery quorum has seated others in the one history, and the other does not know
   * of it: then that one may have been given up, and its source is behind.
   */
  private static boolean gaveUp(Shown one, Shown other) {
    Set<Hash> recoveries = one.log.recoveries();
    Set<Hash> known = other.log.recoveries();
    return recoveries.size() > known.size() && recoveries.containsAll(known);
  }
}
