package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.cli.doctor.Doctor;
import aika.cli.doctor.Finding;
import aika.cli.doctor.Patient;
import aika.cli.doctor.Result;
import aika.cli.doctor.Said;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationException;
import aika.node.config.KeyFiles;
import aika.node.config.NeighboursFile;
import aika.node.gateway.Json;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a node can run here, or how it runs. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Look at this machine, a node and its neighbours, and say what to do next. Changes nothing.",
      "この機械とノードと隣のノードを調べ、次にすることを示します。何も変えません。"
    },
    footer = {
      "",
      "Without names: the chains whose nodes have run in the directory; if none has, those",
      "whose keys are there.",
      "名前がなければ、そこで動いたことのあるノードを、なければ鍵のあるチェーンを調べます。",
      "",
      "Examples / 例:",
      "  aika doctor --data ~/aika",
      "  aika doctor Asia-Komatsu --data ~/komatsu --host 0.0.0.0",
      "  aika doctor --data ~/aika --json | jq .status",
      "",
      "Exit codes / 終了コード: 0 nothing is wrong, 1 something is, 2 wrong arguments"
    })
final class DoctorCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = {"Chains that the node serves.", "ノードのチェーンの名前。"})
  private List<String> names = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {"The directory with federation.yaml and keys.", "federation.yaml と鍵のあるフォルダー。"})
  private Path data;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {"As the node is started. Default: ${DEFAULT-VALUE}.", "ノードと同じ値。"})
  private String host;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"As the node is started.", "ノードと同じ値。"})
  private int portOffset;

  @Option(
      names = "--json",
      description = {"One JSON object, for programs.", "プログラムのために JSON で出します。"})
  private boolean json;

  @Spec private CommandSpec spec;

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    Screen progress = new Screen(spec.commandLine().getErr());
    Doctor doctor =
        new Doctor(
            finding -> {
              findings.add(finding);
              if (!json) {
                show(screen, finding);
              }
            },
            said -> progress.line(said.en() + " / " + said.ja()));
    Path directory = data.toAbsolutePath().normalize();
    doctor.machine(directory);
    examine(doctor, directory);
    boolean wrong = findings.stream().anyMatch(one -> one.result() instanceof Result.Wrong);
    boolean attention = findings.stream().anyMatch(one -> one.result() instanceof Result.Attention);
    if (json) {
      String worst = wrong ? "WRONG" : attention ? "ATTENTION" : "OK";
      screen.line(new String(Json.write(report(worst)), UTF_8));
    } else {
      screen.line();
      screen.line(
          wrong
              ? "Something is wrong. / 直すところがあります。"
              : attention
                  ? "Nothing is wrong; see what wants attention. / 問題はありません。注意するところを見てください。"
                  : "Nothing is wrong. / 問題はありません。");
    }
    return wrong ? 1 : 0;
  }

  private void examine(Doctor doctor, Path directory) throws InterruptedException {
    Patient patient;
    try {
      NodeHome home = NodeHome.open(directory);
      Set<ChainId> served = home.serving(names.isEmpty() ? here(home) : names);
      patient = patient(home, served);
    } catch (FederationException fault) {
      doctor.unusable(new Said(String.valueOf(fault.getMessage()), ""));
      return;
    } catch (CommandException missing) {
      doctor.unusable(new Said(missing.en(), missing.ja()));
      return;
    }
    doctor.examine(patient);
  }

  private Patient patient(NodeHome home, Set<ChainId> served) {
    Federation federation = home.federation().shifted(portOffset);
    List<Chain> chains = federation.chains().filter(chain -> served.contains(chain.id())).toList();
    List<Path> homes = chains.stream().map(chain -> home.nodeOf(chain.id())).distinct().toList();
    Set<ChainId> begun =
        served.stream().filter(chain -> hasRun(home, chain)).collect(Collectors.toSet());
    Map<ChainId, URI> gateways = NeighboursFile.read(home.directory(), home.federation());
    return new Patient(
        home.directory(),
        home.file(),
        federation,
        home.keys(),
        chains,
        homes,
        begun,
        gateways,
        host);
  }

  /** The chains whose nodes have run here; before the first start, those whose keys are here. */
  private static List<String> here(NodeHome home) {
    Path keys = home.directory().resolve(KeyFiles.DIRECTORY);
    List<String> held = names(home, name -> Files.exists(keys.resolve(name).resolve("log.key")));
    List<String> ran = names(home, name -> Files.isDirectory(home.node(name)));
    return isAllLocal(home) || ran.isEmpty() ? held : ran;
  }

  private static boolean hasRun(NodeHome home, ChainId chain) {
    return isAllLocal(home) || !home.nodeOf(chain).equals(home.directory());
  }

  /** Whether one node of the whole federation has run in the directory. */
  private static boolean isAllLocal(NodeHome home) {
    return Files.isDirectory(home.directory().resolve("shard"));
  }

  private static List<String> names(NodeHome home, Predicate<String> wanted) {
    return home.federation().chains().map(chain -> chain.id().value()).filter(wanted).toList();
  }

  private static String status(Result result) {
    return switch (result) {
      case Result.Ok ok -> "OK";
      case Result.Attention attention -> "ATTENTION";
      case Result.Wrong wrong -> "WRONG";
      case Result.Skipped skipped -> "SKIPPED";
    };
  }

  private static void show(Screen screen, Finding finding) {
    Said title = finding.title();
    String head = title.en().equals(title.ja()) ? title.en() : title.en() + " " + title.ja();
    screen.row(List.of(9), status(finding.result()), head);
    both(screen, "           ", finding.result().found());
    finding
        .result()
        .next()
        .ifPresent(advice -> {
          both(screen, "         → ", advice.said());
          advice.commands().forEach(command -> screen.line("             " + command));
        });
  }

  private static void both(Screen screen, String margin, Said said) {
    screen.line(margin + indented(said.en(), margin));
    if (!said.ja().isEmpty() && !said.ja().equals(said.en())) {
      screen.line(margin + indented(said.ja(), margin));
    }
  }

  private static String indented(String text, String margin) {
    return text.replace("\n", "\n" + " ".repeat(margin.length()));
  }

  private Map<String, Object> report(String worst) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("check", finding.check());
      one.put("status", status(finding.result()));
      one.put("found", said(finding.result().found()));
      finding
          .result()
          .next()
          .ifPresent(advice -> {
            one.put("next", said(advice.said()));
            one.put("commands", advice.commands());
          });
      all.add(one);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", worst);
    report.put("findings", all);
    return report;
  }

  private static Map<String, String> said(Said said) {
    Map<String, String> both = new LinkedHashMap<>();
    both.put("en", said.en());
    both.put("ja", said.ja().isEmpty() ? said.en() : said.ja());
    return both;
  }
}
