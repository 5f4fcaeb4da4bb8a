package aika.cli.doctor;

import aika.node.config.SinksFile;
import aika.sinks.analytics.AnalyticsSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a store is, without anything that could be secret.
 *
 * @param name of the sink: {@code mongo Asia}
 * @param port 0 when only its own client finds the store
 */
record StoreAddress(String name, String host, int port) {
  private static final int MONGO_PORT = 27_017;
  private static final int POSTGRESQL_PORT = 5_432;
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** The user and the password end at the last @ before the path; hosts have none. */
  private static final Pattern MONGO = Pattern.compile("mongodb(\\+srv)?://(?:[^/]*@)?([^/?@]+).*");

  private static final Pattern POSTGRESQL = Pattern.compile("jdbc:postgresql://([^/?@]*).*");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^]]*]|[^:]*)(?::([0-9]{1,5}))?");

  static List<StoreAddress> of(SinksFile file) {
    List<StoreAddress> found = new ArrayList<>();
    file.mongo().forEach(one -> mongo(one.settings().name(), one.settings().uri().value(), found));
    file.immudb().forEach(one -> found.add(new StoreAddress(one.name(), one.host(), one.port())));
    file.analytics()
        .ifPresent(one -> {
          switch (one.settings()) {
            case AnalyticsSettings.DuckDb embedded -> {} // needs no server
            case AnalyticsSettings.PostgreSql server -> postgreSql(server.url(), found);
          }
        });
    file.webhooks().forEach(one -> found.add(hook(one.name(), one.url())));
    return found;
  }

  private static void mongo(String name, String uri, List<StoreAddress> found) {
    Matcher parts = MONGO.matcher(uri);
    if (!parts.matches()) {
      found.add(new StoreAddress(name, "", 0));
    } else if (parts.group(1) != null) {
      found.add(new StoreAddress(name, parts.group(2), 0)); // DNS says where it is
    } else {
      hosts(name, parts.group(2), MONGO_PORT, found);
    }
  }

  private static void postgreSql(String url, List<StoreAddress> found) {
    Matcher parts = POSTGRESQL.matcher(url);
    boolean named = parts.matches() && !parts.group(1).isEmpty();
    hosts("analytics", named ? parts.group(1) : "localhost", POSTGRESQL_PORT, found);
  }

  private static StoreAddress hook(String name, URI url) {
    int usual = "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    return new StoreAddress(name, url.getHost(), url.getPort() < 0 ? usual : url.getPort());
  }

  private static void hosts(String name, String list, int usual, List<StoreAddress> found) {
    for (String each : Arrays.asList(list.split(",", -1))) {
      Matcher parts = HOST_AND_PORT.matcher(each);
      if (parts.matches()) {
        String port = parts.group(2);
        found.add(
            new StoreAddress(name, parts.group(1), port == null ? usual : Integer.parseInt(port)));
      } else {
        found.add(new StoreAddress(name, "", 0));
      }
    }
  }
}
