package aika.cli.doctor;

import aika.node.config.Chain;
import aika.node.config.Continent;
import aika.node.config.DurableFile;
import aika.node.config.FederationException;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.wallet.WalletLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chains' private keys are here, are the federation's, and nobody else can read them. */
final class KeysCheck implements Check {
  /** Where a node keeps its counter wallet. */
  private static final String WALLET = "wallet";

  private final KeyFiles keys;
  private final List<Chain> chains;
  private final List<Path> homes;

  /**
   * @param homes where the nodes keep what is theirs
   */
  KeysCheck(KeyFiles keys, List<Chain> chains, List<Path> homes) {
    this.keys = keys;
    this.chains = chains;
    this.homes = homes;
  }

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public Said title() {
    return new Said("Keys", "鍵");
  }

  @Override
  public List<Result> results() {
    if (chains.isEmpty()) {
      return List.of(
          wrong(
              new Said("There are no keys of any chain here.", "どのチェーンの鍵もありません。"),
              "Put the keys of the node's chain here.",
              "ノードのチェーンの鍵をここに置いてください。"));
    }
    List<Result> results = new ArrayList<>();
    chains.forEach(chain -> results.add(of(chain)));
    homes.forEach(home -> wallet(home, results));
    return results;
  }

  private Result of(Chain chain) {
    try {
      var _ = keys.log(chain);
      int seats = keys.seats(chain).size();
      int all = chain.representatives().size();
      int quorum = 2 * all / 3 + 1;
      Said offices = offices(chain);
      Said found =
          new Said(
              "%s: log key, %d of %d seats%s.".formatted(chain.id(), seats, all, offices.en()),
              "%s：記録の鍵、%d 席のうち %d 席%s。".formatted(chain.id(), all, seats, offices.ja()));
      return seats >= quorum
          ? new Result.Ok(found)
          : new Result.Attention(
              found,
              Advice.of(
                  "%d seats approve a block of %s: the others have to cosign."
                      .formatted(quorum, chain.id()),
                  "%s のブロックは %d 席で承認されます。ほかの席の署名が要ります。".formatted(chain.id(), quorum)));
    } catch (FederationException fault) {
      return wrong(
          Said.both(String.valueOf(fault.getMessage())),
          "Without this key the node does not start. Put the right one there, from the copy that"
              + " you keep; nobody can make it again.",
          "この鍵がないとノードは起動しません。保管してある写しから戻してください。作り直すことはできません。");
    }
  }

  private Said offices(Chain chain) {
    return switch (chain) {
      case Continent continent -> Said.both("");
      case Municipality one -> {
        int issuers = keys.issuers(one).size();
        int registrars = keys.registrars(one).size();
        yield new Said(
            ", issuers: %d, registrars: %d".formatted(issuers, registrars),
            "、発行者 %d、登録者 %d".formatted(issuers, registrars));
      }
    };
  }

  /** A wallet whose key is gone stops the node (CW-3). */
  private static void wallet(Path home, List<Result> results) {
    if (!Files.isDirectory(home.resolve(WALLET))) {
      return;
    }
    Path key = home.resolve(WalletLock.KEY_FILE);
    boolean usable;
    try {
      usable = Files.isReadable(key) && !DurableFile.openToOthers(key);
    } catch (IOException unreadable) {
      usable = false;
    }
    results.add(
        usable
            ? Result.Ok.of(
                "The counter wallet's key is there: " + key + '.', "窓口ウォレットの鍵があります：" + key)
            : wrong(
                new Said(key + " is missing, or others may read it.", key + " がないか、ほかの人が読めます。"),
                "Put it back from the copy that you keep, and permit its owner only (chmod 600).",
                "保管してある写しから戻し、所有者だけが読めるようにしてください（chmod 600）。"));
  }

  private static Result wrong(Said found, String en, String ja) {
    return new Result.Wrong(found, Advice.of(en, ja));
  }
}
