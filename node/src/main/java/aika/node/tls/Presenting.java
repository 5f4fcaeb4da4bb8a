package aika.node.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the node's certificate, always the newest. A handshake that began before a change ends with
 * what it began with: each has a name of its own.
 */
final class Presenting extends X509ExtendedKeyManager {
  /**
   * @param name unlike those before
   */
  private record Held(String name, Credentials credentials, @Nullable Held before) {}

  private volatile Held held;

  Presenting(Credentials first) {
    held = new Held("node-1", first, null);
  }

  void use(Credentials next) {
    Held old = held;
    int number = Integer.parseInt(old.name.substring("node-".length())) + 1;
    held = new Held("node-" + number, next, new Held(old.name, old.credentials, null));
  }

  private @Nullable Credentials of(String name) {
    for (Held one = held; one != null; one = one.before) {
      if (one.name.equals(name)) {
        return one.credentials;
      }
    }
    return null;
  }

  private @Nullable String chosen(String... types) {
    Held now = held;
    String type = now.credentials.key().getAlgorithm();
    return List.of(types).contains(type) ? now.name : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chosen(types);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chosen(type);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(types);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(type);
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    String name = chosen(type);
    return name == null ? null : new String[] {name};
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return getClientAliases(type, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String name) {
    Credentials credentials = of(name);
    return credentials == null ? null : credentials.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String name) {
    Credentials credentials = of(name);
    return credentials == null ? null : credentials.key();
  }
}
