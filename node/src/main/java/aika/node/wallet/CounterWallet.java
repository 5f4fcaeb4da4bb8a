package aika.node.wallet;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.store.SideStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of residents without a device: one Ed25519 seed for each account, kept in the store
 * under {@code s/<account>}, encrypted with the wallet's key. Whoever may call {@link #sign} may
 * spend; {@link CounterRules} decides who may. Safe for use by several threads.
 */
public final class CounterWallet {
  /** Signers kept ready in memory; the seeds of the others are decrypted for each order. */
  private static final int SIGNERS_MAX = 1_000;

  private final SideStore store;
  private final SealedBox box;
  private final SecureRandom random;
  private final Object opening = new Object();

  /** The ones used last; guarded by itself. */
  private final Map<AccountId, Signer> signers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Signer> eldest) {
          return size() > SIGNERS_MAX;
        }
      };

  private CounterWallet(SideStore store, SealedBox box, SecureRandom random) {
    this.store = store;
    this.box = box;
    this.random = random;
  }

  /**
   * Opens the wallet in this store; makes an empty one when there is none.
   *
   * @throws WalletException when the lock is not the wallet's, or its key file is missing, open to
   *     others or damaged
   */
  public static CounterWallet unlock(SideStore store, WalletLock lock, SecureRandom random) {
    return new CounterWallet(store, WalletHead.unlock(store, lock, random), random);
  }

  /** Whether the account's key is here. */
  public boolean holds(AccountId account) {
    return store.get(key(account)) != null;
  }

  /** The account's public key, if its key is here. */
  public Optional<byte[]> publicKey(AccountId account) {
    return Optional.ofNullable(signer(account)).map(Signer::publicKey);
  }

  /**
   * Makes a key for this account and keeps it; answers with the one that is here from an earlier
   * call.
   *
   * @return the public key, 32 bytes
   */
  public byte[] open(AccountId account) {
    if (account.isOwn()) {
      throw new WalletException(account + " is not a person's account");
    }
    synchronized (opening) {
      Signer kept = signer(account);
      if (kept != null) {
        return kept.publicKey();
      }
      byte[] seed = Ed25519.generate(random);
      store.change().put(key(account), box.seal(seed, label(account))).commit();
      Arrays.fill(seed, (byte) 0);
    }
    return publicKey(account).orElseThrow();
  }

  /**
   * Signs in the name of the ordering account. An account that is being opened needs its
   * registrar's signature as well, which the caller adds.
   *
   * @throws WalletException when the account's key is not here or its record was changed
   */
  public SignedOrder sign(Order order) {
    AccountId account = order.account();
    Signer signer = signer(account);
    if (signer == null) {
      throw new WalletException("the key of " + account + " is not in the wallet");
    }
    return SignedOrder.of(SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer));
  }

  private @Nullable Signer signer(AccountId account) {
    synchronized (signers) {
      Signer ready = signers.get(account);
      if (ready != null) {
        return ready;
      }
    }
    byte[] sealed = store.get(key(account));
    if (sealed == null) {
      return null;
    }
    Signer signer = unsealed(account, sealed);
    synchronized (signers) {
      signers.put(account, signer);
    }
    return signer;
  }

  private Signer unsealed(AccountId account, byte[] sealed) {
    try {
      byte[] seed = box.open(sealed, label(account));
      Signer signer = Ed25519.signer(seed);
      Arrays.fill(seed, (byte) 0);
      return signer;
    } catch (AEADBadTagException changed) {
      throw new WalletException("the record of " + account + " was changed", changed);
    }
  }

  private static String key(AccountId account) {
    return "s/" + account;
  }

  private static String label(AccountId account) {
    return "aika/wallet/v1 seed " + account;
  }
}
