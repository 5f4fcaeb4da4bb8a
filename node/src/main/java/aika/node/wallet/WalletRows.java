package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.ChainId;
import aika.core.note.Sha256;
import aika.node.store.SideStore;

/** Whose the rows are that the wallet, its tokens and its repeats keep in one store. */
public final class WalletRows {
  private WalletRows() {}

  /** Whether a wallet with the accounts of this chain alone has this row. */
  public static boolean goesWith(ChainId chain, SideStore.Item item) {
    String row = item.key();
    if (row.equals(WalletHead.ROW)) {
      return true;
    }
    String start = chain.value() + '/';
    return switch (row.charAt(0)) {
      case 'e' -> row.startsWith(start, RepeatGuard.EXPIRED_ROW_AT + 2);
      case 't' ->
          new String(item.value(), Sha256.BYTES, item.value().length - Sha256.BYTES, UTF_8)
              .startsWith(start);
      default -> row.startsWith(start, 2);
    };
  }
}
