package aika.node.neighbour;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.mirror.Addresses;
import aika.node.mirror.TimedHttp;
import aika.node.register.Memo;
import aika.node.register.PersonName;
import aika.node.register.Rate;
import aika.node.register.RateLimit;
import aika.node.tls.NodeTls;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the registers of other nodes. Nothing waits longer than a few seconds for one that
 * does not answer.
 */
public final class Neighbours implements AutoCloseable {
  /** Where a gateway takes questions. */
  public static final String PATH = "/neighbour";

  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final long ANSWER_BYTES_MAX = 65_536;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final int NAMES_KEPT = 10_000;
  private static final int NAME_CHARS_MAX = 128;
  private static final Duration RECEIVING_KEPT_MAX = Duration.ofMinutes(5);

  /** After a node did not answer it is not asked for names for so long. */
  private static final Duration AWAY = Duration.ofSeconds(15);

  /** A name that was erased over there is forgotten here after this long. */
  private static final Duration NAME_KEPT_MAX = Duration.ofMinutes(10);

  private final Directory directory;
  private final SignatureScheme signatures;
  private final Addresses addresses;
  private final Map<ChainId, HeldKey> keys;
  private final LongSupplier clock;
  private final RateLimit limit = new RateLimit(Rate.DEFAULT, System::nanoTime);
  private final Cache<AccountId, Boolean> receiving = kept(RECEIVING_KEPT_MAX);
  private final Cache<ChainId, Boolean> away = Caffeine.newBuilder().expireAfterWrite(AWAY).build();
  private final Cache<AccountId, Optional<String>> names = kept(NAME_KEPT_MAX);
  private final HttpClient http;

  /**
   * @param addresses of the chains that other nodes serve
   * @param keys log keys of the chains that are served here, in whose names questions are asked
   * @param clock ms since 1970
   * @param tls null for none of one's own
   */
  public Neighbours(
      Directory directory,
      Addresses addresses,
      Map<ChainId, HeldKey> keys,
      SignatureScheme signatures,
      LongSupplier clock,
      @Nullable NodeTls tls) {
    this.directory = directory;
    http = NodeTls.http(tls).connectTimeout(ANSWER_MAX).build();
    this.signatures = signatures;
    this.addresses = addresses;
    this.keys = Map.copyOf(keys);
    this.clock = clock;
  }

  /** What is known of so many accounts, for so long. */
  static <V> Cache<AccountId, V> kept(Duration time) {
    return Caffeine.newBuilder().maximumSize(NAMES_KEPT).expireAfterWrite(time).build();
  }

  /** Where a chain's gateway is; null for a chain that is served here, or by nobody known. */
  public @Nullable URI gateway(ChainId chain) {
    return addresses.gateway(chain);
  }

  /** Where it may be, in the order in which to ask; see {@link Addresses#gateways}. */
  public List<URI> gateways(ChainId chain) {
    return addresses.gateways(chain);
  }

  /** A chain's node has answered at one of its gateways. */
  public void answered(ChainId chain, URI gateway) {
    addresses.answered(chain, gateway);
  }

  /**
   * Whose account this name is over there.
   *
   * @param caller who wants to know and is limited; null for the municipality's own counter
   */
  public Told account(ChainId municipality, PersonName name, @Nullable String caller) {
    if (caller != null && !limit.take(caller)) {
      return new Told.No(Refusal.of(Reason.TOO_MANY_REQUESTS, "look-ups"));
    }
    Told told = ask(any(), municipality, new Question.About.Person(name));
    if (told instanceof Told.Yes yes) {
      try {
        AccountId account = AccountId.of(yes.what());
        if (account.chain().equals(municipality)) {
          names.put(account, Optional.of(name.value()));
          return told;
        }
      } catch (MalformedException noAccount) {
        LOG.warn("{} names no account: {}", municipality, noAccount.getMessage());
      }
      return unreachable(municipality);
    }
    return told;
  }

  /** Whether an account can receive. */
  public Told receives(AccountId account) {
    if (receiving.getIfPresent(account) != null) {
      return new Told.Yes("");
    }
    Told told = ask(any(), account.chain(), new Question.About.Account(account));
    if (told instanceof Told.Yes) {
      receiving.put(account, true);
    }
    return told;
  }

  /**
   * What the other party of a transfer is called; empty when it is not told, or not now.
   *
   * @param asker the chain of the party that is served here
   */
  public Optional<String> name(TransferId transfer, AccountId party, ChainId asker) {
    Optional<String> known = names.getIfPresent(party);
    if (known != null || !keys.containsKey(asker) || away.getIfPresent(party.chain()) != null) {
      return known == null ? Optional.empty() : known;
    }
    return switch (ask(asker, party.chain(), new Question.About.Party(transfer, party))) {
      case Told.Yes yes -> kept(party, shown(yes.what()));
      case Told.No no ->
          switch (no.refusal().reason()) {
            case UNKNOWN_PERSON -> kept(party, Optional.empty());
            case REGISTER_UNREACHABLE -> {
              away.put(party.chain(), true); // a list of people must not wait for each of them
              yield Optional.empty();
            }
            default -> Optional.empty(); // it may be told at the next look
          };
    };
  }

  /** A name as the register over there would have taken it. */
  private static Optional<String> shown(String name) {
    boolean usual =
        !name.isBlank()
            && name.codePointCount(0, name.length()) <= NAME_CHARS_MAX
            && name.codePoints().noneMatch(Character::isISOControl);
    return usual ? Optional.of(name) : Optional.empty();
  }

  private Optional<String> kept(AccountId party, Optional<String> name) {
    names.put(party, name);
    return name;
  }

  /** Hands over a text for the receiver of a transfer, before the transfer is ordered. */
  public Told keep(ChainId receivers, Memo memo) {
    return ask(any(), receivers, new Question.About.Keep(memo));
  }

  private Told ask(ChainId asker, ChainId to, Question.About about) {
    HeldKey key = Objects.requireNonNull(keys.get(asker));
    List<URI> gateways = addresses.gateways(to);
    if (gateways.isEmpty()) {
      return new Told.No(Refusal.of(Reason.REGISTER_UNREACHABLE, "the register of " + to));
    }
    Question question = new Question(directory.federation(), asker, to, clock.getAsLong(), about);
    SignedNote note =
        SignedNote.sign(question.text(), key.key().name(), Ed25519.TYPE, key.signer());
    Duration most = ANSWER_MAX.dividedBy(gateways.size());
    for (URI gateway : gateways) {
      try {
        Told told = ask(gateway, to, note, most);
        addresses.answered(to, gateway);
        return about(to, told);
      } catch (MalformedException another) {
        LOG.warn("{} does not answer as a node at {}: {}", to, gateway, another.getMessage());
      } catch (IOException away) {
        LOG.info("{} does not answer at {}: {}", to, gateway, away.toString());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return unreachable(to);
  }

  /** A question may be asked twice: whoever keeps a memo twice has it once. */
  private Told ask(URI gateway, ChainId to, SignedNote note, Duration most)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve(PATH))
            .timeout(most)
            .header("Content-Type", "text/plain; charset=utf-8")
            .POST(BodyPublishers.ofByteArray(note.encode()))
            .build();
    HttpResponse<byte[]> answer = TimedHttp.send(http, request, ANSWER_BYTES_MAX, most);
    if (answer.statusCode() == UNAVAILABLE) {
      throw new IOException("HTTP status " + UNAVAILABLE); // as a machine that does not lead says
    }
    if (answer.statusCode() != OK) {
      throw new MalformedException("HTTP status " + answer.statusCode());
    }
    return Told.parse(answer.body(), note, directory.entry(to).logKey(), signatures);
  }

  private static Told unreachable(ChainId to) {
    return new Told.No(Refusal.of(Reason.REGISTER_UNREACHABLE, "the node of " + to));
  }

  /** What is wrong between the two nodes is not what is wrong with somebody's payment. */
  private static Told about(ChainId to, Told told) {
    if (!(told instanceof Told.No no)) {
      return told;
    }
    return switch (no.refusal().reason()) {
      case UNKNOWN_PERSON, UNKNOWN_ACCOUNT, UNKNOWN_TRANSFER, TOO_MANY_REQUESTS -> told;
      default -> {
        LOG.warn("{} refuses to answer: {}", to, no.refusal());
        yield unreachable(to);
      }
    };
  }

  /** A chain that is served here. */
  private ChainId any() {
    return keys.keySet().iterator().next();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
