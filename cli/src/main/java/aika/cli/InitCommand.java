package aika.cli;

import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.tls.CertificateMaker;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A new federation: its file and its keys. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Make a federation: its file and all private keys, in a new directory.",
      "連合を作ります。設定ファイルとすべての秘密鍵を、新しいフォルダーに置きます。"
    },
    footer = {
      "",
      "Each municipality's keys go to its own machine with: aika federation kit NAME",
      "それぞれの市町村の鍵は aika federation kit 名前 で取り出し、その機械に移します。",
      "",
      "Examples / 例:",
      "  aika init ~/aika                      the demo's federation / デモと同じ連合",
      "  aika init ~/aika --ask                asks / 順にたずねます",
      "  aika init ~/aika --id aika.example --municipality Asia-Komatsu=小松市/Komatsu \\",
      "      --municipality Asia-Kanazawa=金沢市/Kanazawa",
      "  aika init ~/aika --template towns.yaml",
      "",
      "Exit codes / 終了コード: 0 made, 1 failed, 2 wrong arguments"
    })
final class InitCommand implements Callable<Integer> {
  private static final Pattern TOWN = Pattern.compile("([^=]+)=([^/]+)/(.+)");

  @Parameters(
      paramLabel = "DIR",
      description = {"Where; made when it is not there.", "場所。なければ作ります。"})
  private Path directory;

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = {
        "A federation file without keys. Without: ten continents and Default, Komatsu, Kanazawa,"
            + " Paris.",
        "鍵のない連合のファイル。指定しないと、十の大陸と Default、小松・金沢・パリです。"
      })
  private @Nullable Path template;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = {
        "The federation's id: a name of yours, like aika.example. It can never change.",
        "連合の名前（例 aika.example）。あとから変えられません。"
      })
  private @Nullable String id;

  @Option(
      names = "--municipality",
      paramLabel = "NAME=JA/EN",
      description = {
        "A municipality: continent and name, and what people read in Japanese and English. As often"
            + " as there are some.",
        "市町村。大陸名-名前と、日本語・英語の表示名。いくつでも。"
      })
  private List<String> municipalities = List.of();

  @Option(
      names = "--ask",
      description = {"Ask for the id and the municipalities.", "名前と市町村を順にたずねます。"})
  private boolean ask;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    FederationTemplate wanted = wanted();
    try (DataDirectory made = DataDirectory.open(directory)) {
      Path path = made.path().resolve(FederationFile.NAME);
      if (Files.exists(path)) {
        throw CommandException.of(
            path + " is there already; nothing was changed.", path + " はもうあります。何も変えていません。", null);
      }
      KeyFiles keys = new KeyFiles(made.path().resolve(KeyFiles.DIRECTORY), new SecureRandom());
      PlannedKeys.make(wanted, keys);
      Federation federation = wanted.federation(keys);
      authority(made.path().resolve(KeyFiles.DIRECTORY), federation);
      FederationFile file = FederationFile.write(path, federation);
      told(screen, made.path(), file);
    }
    return 0;
  }

  private FederationTemplate wanted() {
    boolean flags = id != null || !municipalities.isEmpty();
    if (template != null && (flags || ask) || flags && ask) {
      throw wrong(
          "Say either --template, or --id and --municipality, or --ask." + " / どれか一つの方法で指定してください。");
    }
    if (template != null) {
      return FederationTemplate.read(template);
    }
    if (ask) {
      return asked();
    }
    if (!flags) {
      return FederationTemplate.demo();
    }
    if (id == null || municipalities.isEmpty()) {
      throw wrong("--id and --municipality go together / 両方を指定してください。");
    }
    return FederationTemplate.of(id, municipalities.stream().map(this::town).toList());
  }

  private FederationTemplate.Town town(String text) {
    Matcher parts = TOWN.matcher(text);
    if (!parts.matches()) {
      throw wrong(
          "--municipality: "
              + text
              + " is not like Asia-Komatsu=小松市/Komatsu / Asia-Komatsu=小松市/Komatsu の形で指定してください。");
    }
    return new FederationTemplate.Town(parts.group(1), parts.group(2), parts.group(3));
  }

  private FederationTemplate asked() {
    PrintWriter err = spec.commandLine().getErr();
    String federation = "";
    while (federation.isEmpty()) {
      federation = Terminal.answer(err, "The federation's id, like aika.example / 連合の名前");
    }
    List<FederationTemplate.Town> towns = new ArrayList<>();
    while (true) {
      String name =
          Terminal.answer(
              err,
              "A municipality, like Asia-Komatsu; nothing when these are all / 市町村（終わりなら何も入れない）");
      if (name.isEmpty() && !towns.isEmpty()) {
        return FederationTemplate.of(federation, towns);
      }
      if (!name.isEmpty()) {
        towns.add(
            new FederationTemplate.Town(
                name,
                Terminal.answer(err, "  its name in Japanese / 日本語の名前"),
                Terminal.answer(err, "  its name in English / 英語の名前")));
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Unless an earlier start that did not finish has made it. */
  private static void authority(Path keys, Federation federation) {
    if (!Files.exists(keys.resolve(CertificateMaker.AUTHORITY_KEY))) {
      new CertificateMaker(new SecureRandom()).authority(keys, federation.id());
    }
  }

  private void told(Screen screen, Path path, FederationFile file) {
    Federation federation = file.federation();
    screen.line("愛貨 Aika federation: " + federation.id());
    screen.line("file  " + file.path());
    screen.line("keys  " + path.resolve(KeyFiles.DIRECTORY));
    screen.line();
    screen.line(
        "Keep keys/root.key and keys/ca.key off line. /"
            + " keys/root.key と keys/ca.key はネットワークから離して保管してください。");
    screen.line("Start a node / ノードを動かす:");
    screen.line(
        "  aika node " + federation.municipalities().getFirst().id() + " --data " + directory);
  }
}
