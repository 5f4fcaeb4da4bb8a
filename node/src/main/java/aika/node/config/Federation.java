package aika.node.config;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes of a federation agree on, as its file says it. Immutable; {@link FederationFile}
 * reads it from a file and refuses one that contradicts itself, so whoever holds one from there
 * need not check again.
 *
 * @param id the federation's name, a line of every order and the start of every log's origin
 * @param root Ed25519 key that signs each later federation file; its name is {@code id}
 * @param earlierFiles SHA-256 of the files that this one continues, the first one first
 * @param continents in the file's order; exactly one is the default
 * @param municipalities in the file's order; exactly one belongs to the default continent
 */
public record Federation(
    String id,
    VerifierKey root,
    List<Hash> earlierFiles,
    BlockRule block,
    Limits limits,
    Term term,
    List<Continent> continents,
    List<Municipality> municipalities) {

  /** With a file that is the first. */
  public Federation(
      String id,
      VerifierKey root,
      BlockRule block,
      Limits limits,
      Term term,
      List<Continent> continents,
      List<Municipality> municipalities) {
    this(id, root, List.of(), block, limits, term, continents, municipalities);
  }

  public Federation {
    earlierFiles = List.copyOf(earlierFiles);
    continents = List.copyOf(continents);
    municipalities = List.copyOf(municipalities);
  }

  /** Every chain: the continents', then the municipalities'. */
  public Stream<Chain> chains() {
    return Stream.concat(continents.stream(), municipalities.stream());
  }

  public Optional<Chain> chain(ChainId id) {
    return chains().filter(chain -> chain.id().equals(id)).findFirst();
  }

  public Optional<Continent> continent(String name) {
    return continents.stream().filter(one -> one.id().value().equals(name)).findFirst();
  }

  public Optional<Municipality> municipality(String name) {
    return municipalities.stream().filter(one -> one.id().value().equals(name)).findFirst();
  }

  public List<Municipality> municipalitiesOf(Continent continent) {
    return municipalities.stream()
        .filter(one -> one.id().continent().equals(continent.id()))
        .toList();
  }

  /** The continent that serves whatever names no known continent. */
  public Continent defaultContinent() {
    return continents.stream().filter(Continent::isDefault).findFirst().orElseThrow();
  }

  /** The limits by which every chain executes. */
  public Policy policy() {
    return new Policy(
        block.entries(),
        limits.openHoldsPerAccount(),
        limits.validUntilMax().toMillis(),
        limits.crossChainMin(),
        limits.exposurePerCounterpart(),
        limits.exposureSum(),
        limits.issued(),
        term.rule());
  }

  /**
   * Who is who, as the ledger wants it; the seats are those of the first term.
   *
   * @param fileHash SHA-256 of the file that says so
   */
  public Directory directory(Hash fileHash) {
    Map<ChainId, Directory.Entry> entries =
        chains().map(Federation::entry).collect(toMap(Directory.Entry::id, identity()));
    return new Directory(id, fileHash, earlierFiles, policy(), entries);
  }

  private static Directory.Entry entry(Chain chain) {
    Seats seats = new Seats(1, chain.representatives().stream().map(Seat::key).toList());
    Directory.Quorum recovery = chain.recovery().orElse(null);
    return switch (chain) {
      case Continent one ->
          new Directory.Entry(one.id(), one.log(), seats, List.of(), List.of(), recovery);
      case Municipality one ->
          new Directory.Entry(
              one.id(), one.log(), seats, one.issuers(), one.registrars(), recovery);
    };
  }

  /** The same with these municipalities, by a file that continues these. */
  Federation with(List<Municipality> others, List<Hash> earlier) {
    return new Federation(id, root, earlier, block, limits, term, continents, others);
  }

  /** The origin of a chain's log, which is also the name of its log key. */
  public String origin(ChainId chain) {
    return origin(id, chain);
  }

  static String origin(String federation, ChainId chain) {
    return federation + '/' + chain;
  }

  /**
   * Chooses the chain for a request that names a municipality, a continent, both or none. A known
   * continent in front of the municipality's name decides; a {@code continent} that says otherwise
   * is a contradiction; when neither names a known continent, the default one serves. Blank is the
   * same as absent; names are compared exactly (FED-13).
   */
  public Route route(@Nullable String municipality, @Nullable String continent) {
    String place = municipality == null ? "" : municipality.strip();
    String wanted = continent == null ? "" : continent.strip();
    int dash = place.indexOf('-');
    Optional<Continent> prefix = continent(dash < 0 ? place : place.substring(0, dash));
    if (prefix.isPresent()) {
      Continent found = prefix.get();
      if (!wanted.isEmpty() && !wanted.equals(found.id().value())) {
        return new Route.Contradiction(place, wanted);
      }
      return within(found, place);
    }
    return continent(wanted).map(found -> within(found, place)).orElseGet(this::toDefault);
  }

  private Route within(Continent continent, String place) {
    Optional<Municipality> named = municipality(place);
    if (named.isPresent()) {
      return new Route.To(continent, named.get());
    }
    return continent.isDefault() && !place.startsWith(continent.id() + "-")
        ? toDefault()
        : new Route.NoMunicipality(continent, place);
  }

  private Route toDefault() {
    Continent continent = defaultContinent();
    return new Route.To(continent, municipalitiesOf(continent).getFirst());
  }

  /**
   * The same federation with {@code offset} added to every port, for a machine where the file's
   * ports are taken.
   *
   * @throws FederationException when a port would leave 1 … 65535
   */
  public Federation shifted(int offset) {
    if (offset == 0) {
      return this;
    }
    IntUnaryOperator shift = port -> Ports.shifted(port, offset);
    return new Federation(
        id,
        root,
        earlierFiles,
        block,
        limits,
        term,
        continents.stream().map(one -> one.shifted(shift)).toList(),
        municipalities.stream().map(one -> one.shifted(shift)).toList());
  }
}
