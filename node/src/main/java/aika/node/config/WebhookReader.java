package aika.node.config;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.sinks.Secret;
import aika.sinks.webhook.WebhookSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code webhooks} of the operator's file. */
final class WebhookReader {
  /** It is a part of a directory's name. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  private final Path data;
  private final Federation federation;
  private final SecretText secrets;

  WebhookReader(Path data, Federation federation, SecretText secrets) {
    this.data = data;
    this.federation = federation;
    this.secrets = secrets;
  }

  List<WebhookSettings> read(@Nullable YamlCell cell) {
    YamlSection section = cell == null ? null : cell.section();
    List<WebhookSettings> found = new ArrayList<>();
    if (section != null) {
      for (YamlCell one : section.all()) {
        WebhookSettings settings = one(one);
        if (settings != null) {
          found.add(settings);
        }
      }
    }
    return found;
  }

  private @Nullable WebhookSettings one(YamlCell cell) {
    if (!NAME.matcher(cell.name()).matches()) {
      cell.fault(Fault.NOT_LIKE, Fault.Shape.HOOK_NAME);
    }
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    URI url = section.required("url", this::url);
    String secret = section.required("secret", secrets::of);
    Set<ChainId> chains = new TreeSet<>(list(section, "chains", this::chain));
    if (section.optional("chains") == null) {
      federation.chains().forEach(chain -> chains.add(chain.id()));
    }
    YamlCell account = section.optional("account");
    Optional<AccountId> only = Optional.ofNullable(account == null ? null : account(account));
    Set<String> kinds = new TreeSet<>(list(section, "kinds", YamlCell::text));
    boolean approvedOnly = section.optional("approved-only", true, YamlCell::truth);
    section.close();
    if (url == null || secret == null) {
      return null;
    }
    String name = "hook " + cell.name();
    Path directory = data.resolve(SinksFile.DIRECTORY).resolve("hook-" + cell.name());
    try {
      return new WebhookSettings(
          name, url, new Secret(secret), List.copyOf(chains), only, kinds, approvedOnly, directory);
    } catch (IllegalArgumentException unusable) {
      cell.fault(Fault.UNUSABLE, String.valueOf(unusable.getMessage()));
      return null;
    }
  }

  private @Nullable URI url(YamlCell cell) {
    String text = secrets.ofAddress(cell);
    try {
      return text == null ? null : new URI(text);
    } catch (URISyntaxException notOne) {
      cell.fault(Fault.NOT_LIKE, Fault.Shape.HTTPS_URL); // its message would show what was found
      return null;
    }
  }

  private static <T> List<T> list(
      YamlSection section, String key, Function<YamlCell, @Nullable T> read) {
    YamlCell cell = section.optional(key);
    List<YamlCell> cells = cell == null ? null : cell.list();
    List<T> found = new ArrayList<>();
    if (cells != null) {
      for (YamlCell one : cells) {
        T value = read.apply(one);
        if (value != null) {
          found.add(value);
        }
      }
    }
    return found;
  }

  private @Nullable ChainId chain(YamlCell cell) {
    String text = cell.text();
    if (text == null) {
      return null;
    }
    Optional<ChainId> found =
        federation.chains().map(Chain::id).filter(id -> id.value().equals(text)).findFirst();
    if (found.isEmpty()) {
      cell.fault(Fault.UNKNOWN_PLACE, cell.told(text));
    }
    return found.orElse(null);
  }

  private static @Nullable AccountId account(YamlCell cell) {
    String text = cell.text();
    try {
      return text == null ? null : AccountId.of(text);
    } catch (MalformedException malformed) {
      cell.fault(Fault.NOT_LIKE, Fault.Shape.ACCOUNT);
      return null;
    }
  }
}
