package aika.cli;

import aika.core.audit.FederationAudit;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.node.FastSignatures;
import aika.node.config.Chain;
import aika.node.config.DurableFile;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.KeyType;
import aika.node.config.UsedFile;
import aika.node.cosign.CosignException;
import aika.node.cosign.Cosigner;
import aika.node.mirror.Addresses;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A representative's own machine: it executes a chain and cosigns what holds. */
@Command(
    name = "cosign",
    mixinStandardHelpOptions = true,
    description = {
      "Cosign a chain's blocks for one seat on the representative's own machine, until Ctrl-C.",
      "代表者が自分の機械で記録を調べ、正しいブロックに署名します。Ctrl-C まで動きます。"
    },
    footer = {
      "",
      "The first start makes the seat's key and prints its public half, which the office needs.",
      "Without --gateway that is all. Then it pulls every entry, executes it, and signs what holds;",
      "it needs no open port, and has no other power. DIR has what the key has signed:",
      "never put back an older copy of it, and never cosign a chain with one key in two places.",
      "最初に席の鍵を作り、役所に渡す公開鍵を表示します。--gateway がなければそこで終わります。",
      "DIR には鍵が署名した記録があります。古い写しに戻したり、同じ鍵を二か所で動かしたりしないでください。",
      "",
      "Examples / 例:",
      "  aika cosign Asia-Komatsu --seat seat-2 --dir ~/seat --federation federation.yaml",
      "  aika cosign Asia-Komatsu --dir ~/seat --gateway http://komatsu.example:2001",
      "",
      "Exit codes / 終了コード:",
      "  0 done, 1 it signs nothing more before somebody looks (the code says why), 2 wrong arguments,",
      "  130 Ctrl-C, 143 SIGTERM"
    })
final class CosignCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CosignCommand.class);
  private static final long MIB = 1024 * 1024;
  private static final StoreSettings STORE =
      new StoreSettings(16 * MIB, 32 * MIB, 200_000, 8 * MIB, 8 * MIB);

  @Parameters(
      paramLabel = "CHAIN",
      description = {"The chain, as in Asia-Komatsu.", "チェーン（例：Asia-Komatsu）。"})
  private String name = "";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = {
        "This cosigner's own directory: key, federation file, what was executed and signed.",
        "この署名者だけのフォルダー（鍵、連合のファイル、署名の記録）。"
      })
  private Path dir;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      split = ",",
      description = {
        "The gateway of the node that orders the chain, as http://localhost:2001; of a node of"
            + " several machines all of them, with commas.",
        "そのチェーンのノードのアドレス（何台もあるノードは、コンマで区切ってすべて）。"
      })
  private List<String> gateways = List.of();

  @Option(
      names = "--seat",
      paramLabel = "SEAT",
      description = {
        "The seat's name: seat-2 of the federation file, or the account that stands for election.",
        "席の名前（seat-2 など、または立候補する口座）。最初だけ必要です。"
      })
  private @Nullable String seat;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = {
        "Take the seat's key from this file; it must not have cosigned this chain yet.",
        "席の鍵をこのファイルから取ります。このチェーンの署名にまだ使っていない鍵に限ります。"
      })
  private @Nullable Path key;

  @Option(
      names = "--federation",
      paramLabel = "FILE",
      description = {
        "The federation file, from a source that you trust; it is copied into DIR.",
        "信頼できるところから得た連合のファイル。DIR に写します。"
      })
  private @Nullable Path federation;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkSeat();
    List<URI> addresses = gateways.stream().map(this::address).toList();
    Screen screen = new Screen(spec.commandLine().getOut());
    try (Stop stop = new Stop();
        DataDirectory own = DataDirectory.open(dir)) {
      NodeHome home = home(own.path());
      Chain chain = home.chain(name);
      HeldKey held = held(home, chain);
      tell(screen, chain, held);
      if (!addresses.isEmpty()) {
        Logs.into(own.path());
        try {
          run(home, chain.id(), held, addresses, stop, screen);
        } finally {
          Logs.close();
        }
        screen.line("stopped / 終了しました");
      }
    } catch (CosignException refused) {
      throw CommandException.of(refused.refusal(), refused);
    }
    return 0;
  }

  private void checkSeat() {
    if (seat != null && !seat.matches("([A-Za-z0-9-]{1,64}/)?[a-z0-9-]{1,64}")) {
      throw new ParameterException(
          spec.commandLine(), "--seat: " + seat + " is no seat's name / 席の名前ではありません");
    }
  }

  private URI address(String text) {
    try {
      return Addresses.gateway(text.replaceAll("/+$", ""));
    } catch (MalformedException none) {
      throw new ParameterException(
          spec.commandLine(), "--gateway: " + none.getMessage() + " / アドレスが正しくありません", none);
    }
  }

  /**
   * With the federation file that was given; an earlier one than that which is here changes
   * nothing. Until the chain is executed by one it can be another, since the seat's key goes into
   * it.
   */
  private NodeHome home(Path own) throws IOException {
    Path file = own.resolve(FederationFile.NAME);
    if (federation != null) {
      FederationFile given = FederationFile.read(federation);
      boolean earlier =
          Files.exists(file) && FederationFile.read(file).directory().isFile(given.hash());
      if (!earlier) {
        if (Files.exists(own.resolve(UsedFile.NAME))) {
          UsedFile.check(own, given);
        }
        DurableFile.write(file, Files.readAllBytes(federation));
      }
    } else if (!Files.exists(file)) {
      throw CommandException.of(
          file + " is missing. Name the federation's file with --federation.",
          file + " がありません。--federation で連合のファイルを指定してください。",
          null);
    }
    return NodeHome.open(own);
  }

  private HeldKey held(NodeHome home, Chain chain) throws IOException {
    KeyFiles keys = home.keys();
    String place = place(home, chain);
    String keyName = home.federation().id() + '/' + place;
    if (keys.has(place)) {
      if (key != null) {
        throw new ParameterException(
            spec.commandLine(), "--key: the seat has a key here already / 鍵はもうあります");
      }
      return keys.seat(place, keyName);
    }
    Cosigner.begin(home.directory()); // before the key: one that has no such note was used
    if (key != null) {
      keys.take(key, place, keyName);
    } else {
      var _ = keys.key(place, KeyType.ML_DSA_44, keyName);
    }
    return keys.seat(place, keyName);
  }

  /** Where the key is, which is how it is named within the federation. */
  private String place(NodeHome home, Chain chain) throws IOException {
    List<String> there = seats(home.directory().resolve(KeyFiles.DIRECTORY));
    if (there.size() > 1) {
      throw CommandException.of(
          "There are several keys in " + dir + "; one directory is for one seat.",
          dir + " に鍵がいくつもあります。一つのフォルダーには一つの席だけを置きます。",
          null);
    }
    if (seat == null) {
      if (there.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "Say which seat: --seat seat-2 / 席を --seat で指定してください。");
      }
      return there.getFirst();
    }
    String wanted = seat.contains("/") ? seat : chain.id() + "/" + seat;
    if (!there.isEmpty() && !there.getFirst().equals(wanted)) {
      throw CommandException.of(
          dir + " is of " + there.getFirst() + "; one directory is for one seat.",
          dir + " は " + there.getFirst() + " のものです。席ごとにフォルダーを分けてください。",
          null);
    }
    return wanted;
  }

  private static List<String> seats(Path keys) throws IOException {
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(keys)) {
      return found;
    }
    try (DirectoryStream<Path> owners = Files.newDirectoryStream(keys, Files::isDirectory)) {
      for (Path owner : owners) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(owner, "*.key")) {
          for (Path file : files) {
            String label = String.valueOf(file.getFileName()).replaceAll("\\.key$", "");
            found.add(owner.getFileName() + "/" + label);
          }
        }
      }
    }
    return found;
  }

  private static void tell(Screen screen, Chain chain, HeldKey held) {
    screen.line("seat  " + held.key().name());
    screen.line("key   " + held.key().format());
    boolean first = chain.representatives().stream().anyMatch(one -> one.key().equals(held.key()));
    if (!first) {
      screen.line(
          "      It is not in the federation file: give it to the office before the chain begins,");
      screen.line("      or stand for election with it, or give it to the recovery quorum.");
      screen.line("      連合のファイルにない鍵です。始まる前なら役所に渡し、あとなら立候補するか、");
      screen.line("      復旧の鍵を持つ人に渡してください。");
    }
  }

  private void run(
      NodeHome home, ChainId chain, HeldKey held, List<URI> gateways, Stop stop, Screen screen)
      throws InterruptedException {
    UsedFile.check(home.directory(), home.file()); // before anything is executed by it
    Ed25519 ed25519 = FastSignatures.install();
    LOG.info("cosigning {} as {}, from {}", chain, held.key().name(), gateways);
    Cosigner.Settings settings =
        new Cosigner.Settings(
            gateways, home.directory(), STORE, home.file().directory(), chain, held);
    try (Cosigner cosigner =
        new Cosigner(
            settings,
            new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
            System::currentTimeMillis,
            new CosignText(screen))) {
      stop.waking(cosigner::stop);
      gateways.forEach(gateway -> screen.line("from  " + gateway));
      screen.line("ready; Ctrl-C ends it / 動いています。Ctrl-C で終了します");
      cosigner.run();
    }
  }
}
