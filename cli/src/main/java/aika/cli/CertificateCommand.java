package aika.cli;

import aika.core.money.ChainId;
import aika.node.config.Federation;
import aika.node.config.KeyFiles;
import aika.node.tls.CertificateMaker;
import aika.node.tls.Expiry;
import aika.node.tls.NodeTls;
import aika.node.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Certificates of nodes, and the CA that signs them. */
@Command(
    name = "certificate",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Certificates with which nodes know each other (TLS).",
      "ノードどうしの通信（TLS）に使う証明書を扱います。"
    })
final class CertificateCommand implements Runnable {
  private static final int URI_NAME = 6; // RFC 5280, GeneralName

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say show, renew or authority. / show、renew、authority のどれかを指定してください。");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Show whose a node's certificate is, by whom, and until when.",
        "ノードの証明書の持ち主、発行者、期限を示します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika certificate show --data ~/komatsu",
        "",
        "Exit codes / 終了コード: 0 it counts, 1 it has ended or cannot be used, 2 wrong arguments"
      })
  int show(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {
                "The directory with federation.yaml and tls.",
                "federation.yaml と tls のあるフォルダー。"
              })
          Path data) {
    Path tls = data.resolve(TlsFiles.DIRECTORY);
    Screen screen = new Screen(spec.commandLine().getOut());
    try (NodeTls read =
        NodeTls.open(tls, System::currentTimeMillis)
            .orElseThrow(() ->
                CommandException.of(
                    tls + " is missing: this node speaks plain HTTP with others.",
                    tls + " がありません。このノードは TLS を使っていません。",
                    null))) {
      describe(screen, tls);
      long now = System.currentTimeMillis();
      boolean over = read.expiries().stream().anyMatch(one -> one.stage(now) == Expiry.Stage.OVER);
      if (over) {
        screen.line("It has ended. / 期限が切れています。");
      }
      return over ? 1 : 0;
    }
  }

  private static void describe(Screen screen, Path tls) {
    for (String name : List.of(TlsFiles.CERTIFICATE, TlsFiles.AUTHORITIES)) {
      for (X509Certificate one : TlsFiles.certificates(tls.resolve(name))) {
        Instant end = one.getNotAfter().toInstant();
        long days = Duration.between(Instant.now(), end).toDays();
        screen.line(name + "  " + one.getSubjectX500Principal().getName());
        identities(one).forEach(identity -> screen.line("  for / 対象    " + identity));
        screen.line("  by / 発行者  " + one.getIssuerX500Principal().getName());
        screen.line(
            "  until / 期限 "
                + end.truncatedTo(ChronoUnit.SECONDS)
                + "  ("
                + days
                + " days / あと "
                + days
                + " 日)");
      }
    }
  }

  private static List<String> identities(X509Certificate certificate) {
    List<String> found = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        names.stream()
            .filter(one -> one.getFirst().equals(URI_NAME))
            .forEach(one -> found.add(String.valueOf(one.get(1))));
      }
    } catch (CertificateParsingException none) {
      found.add("? " + none.getMessage());
    }
    return found;
  }

  @Command(
      name = "renew",
      mixinStandardHelpOptions = true,
      description = {
        "Make a node's certificate, or a new one, with the federation's CA.",
        "連合の認証局で、ノードの証明書を作ります（作り直します）。"
      },
      footer = {
        "",
        "Into a running node's tls directory: it takes the new one within seconds.",
        "動いているノードの tls フォルダーに置けば、数秒で切り替わります。再起動は要りません。",
        "",
        "Example / 例:",
        "  aika certificate renew Asia-Komatsu --data ~/aika --to ~/komatsu-tls",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int renew(
      @Parameters(
              arity = "1..*",
              paramLabel = "NAME",
              description = {"The chains that the node serves.", "ノードのチェーンの名前。"})
          List<String> names,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {
                "The directory that aika init made, with the CA's key.",
                "aika init で作った、認証局の鍵のあるフォルダー。"
              })
          Path data,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              required = true,
              description = {
                "Where ca.crt, node.crt and node.key go, over earlier ones.",
                "ca.crt、node.crt、node.key の置き場所。前のものは置き換えます。"
              })
          Path to) {
    NodeHome home = NodeHome.open(data);
    if (!hasAuthority(home)) {
      throw CommandException.of(
          "There is no CA's key in " + keys(home) + ". Make a CA: aika certificate authority",
          keys(home) + " に認証局の鍵がありません。aika certificate authority で作れます。",
          null);
    }
    make(home, names, to);
    describe(new Screen(spec.commandLine().getOut()), to);
    return 0;
  }

  private static Path keys(NodeHome home) {
    return home.directory().resolve(KeyFiles.DIRECTORY);
  }

  /** Whether certificates can be made there. */
  static boolean hasAuthority(NodeHome home) {
    return Files.exists(keys(home).resolve(CertificateMaker.AUTHORITY_KEY));
  }

  /** A certificate for the node that is started with these names. */
  static void make(NodeHome home, List<String> names, Path to) {
    Federation federation = home.federation();
    List<String> identities =
        home.serving(names).stream()
            .map(ChainId::value)
            .map(chain -> CertificateMaker.identity(federation.id(), chain))
            .toList();
    new CertificateMaker(new SecureRandom()).node(keys(home), to, identities);
  }

  @Command(
      name = "authority",
      mixinStandardHelpOptions = true,
      description = {
        "Make the federation's CA, or a new one; certificates of the old one still count.",
        "連合の認証局を作ります（作り直します）。前の認証局の証明書も引き続き使えます。"
      },
      footer = {
        "",
        "Bring the new ca.crt to every node first, then renew their certificates.",
        "まず新しい ca.crt をすべてのノードに配り、それから証明書を作り直してください。",
        "",
        "Example / 例:",
        "  aika certificate authority --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int authority(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {"The directory that aika init made.", "aika init で作ったフォルダー。"})
          Path data) {
    NodeHome home = NodeHome.open(data);
    new CertificateMaker(new SecureRandom()).authority(keys(home), home.federation().id());
    Screen screen = new Screen(spec.commandLine().getOut());
    screen.line("key   " + keys(home).resolve(CertificateMaker.AUTHORITY_KEY));
    screen.line("CA    " + keys(home).resolve(TlsFiles.AUTHORITIES));
    return 0;
  }
}
