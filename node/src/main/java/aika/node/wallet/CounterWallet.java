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
 * under {@code s/<account>}, encrypted with the wallet's key. A key that is to replace it waits
 * under {@code n/<account>} until the account's chain says that it is the account's. Whoever may
 * call {@link #sign} may spend; {@link CounterRules} decides who may. Safe for use by several
 * threads.
 */
public final class CounterWallet {
  /** Signers kept ready in memory; the seeds of the others are decrypted for each order. */
  private static final int SIGNERS_MAX = 1_000;

  private final SideStore store;
  private final SealedBox box;
  private final SecureRandom random;

  /** Held while records are written. */
  private final Object writing = new Object();

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

  /** Whether a key of the account is here. */
  public boolean holds(AccountId account) {
    return store.get(key(account)) != null;
  }

  /**
   * Whether the key that the account has now is here.
   *
   * @param current the account's public key, as its chain says
   */
  public boolean holds(AccountId account, byte[] current) {
    return signer(account, current) != null;
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
    synchronized (writing) {
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
   * Makes the key that is to replace the account's, and keeps it beside the one that is used until
   * then; answers with the one that waits already from an earlier call.
   *
   * @param current the account's public key, as its chain says
   * @return the next public key, 32 bytes; empty when the current key is not here
   */
  public Optional<byte[]> next(AccountId account, byte[] current) {
    synchronized (writing) {
      if (signer(account, current) == null) {
        return Optional.empty();
      }
      byte[] waiting = nextSeed(account);
      byte[] seed = waiting == null ? Ed25519.generate(random) : waiting;
      if (waiting == null) {
        store.change().put(nextKey(account), box.seal(seed, nextLabel(account))).commit();
      }
      return Optional.of(forgetting(seed).publicKey());
    }
  }

  /**
   * Signs with the key that the account has now; what replaces it by the key of {@link #next} is
   * signed by that one too.
   *
   * @param current the account's public key, as its chain says
   * @return empty when it, or a next key that the order names, is not here
   * @throws WalletException when a record of the account was changed
   */
  public Optional<SignedOrder> sign(Order order, byte[] current) {
    AccountId account = order.account();
    Signer signer = signer(account, current);
    if (signer == null) {
      return Optional.empty();
    }
    SignedNote note = SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer);
    if (!(order instanceof Order.RotateKey rotation)) {
      return Optional.of(SignedOrder.of(note));
    }
    byte[] seed = nextSeed(account);
    Signer next = seed == null ? null : forgetting(seed);
    return next == null || !Arrays.equals(next.publicKey(), rotation.publicKey())
        ? Optional.empty()
        : Optional.of(SignedOrder.of(note.signedBy(account.toString(), Ed25519.TYPE, next)));
  }

  /**
   * Signs in the name of the ordering account, whichever key it has now. An account that is being
   * opened needs its registrar's signature as well, which the caller adds.
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
    ready(account, signer);
    return signer;
  }

  private void ready(AccountId account, Signer signer) {
    synchronized (signers) {
      signers.put(account, signer);
    }
  }

  /**
   * The signer of the account's current key. The next key takes the place of the old one here, in
   * one write, when the chain has it as the account's: whatever stopped the node in between.
   */
  private @Nullable Signer signer(AccountId account, byte[] current) {
    Signer kept = signer(account);
    if (kept == null || Arrays.equals(kept.publicKey(), current)) {
      return kept;
    }
    synchronized (writing) {
      // What is ready may be from before another thread's write.
      byte[] sealed = store.get(key(account));
      kept = sealed == null ? null : unsealed(account, sealed);
      if (kept == null || !Arrays.equals(kept.publicKey(), current)) {
        kept = promoted(account, current);
      }
      if (kept == null) {
        kept = replaced(account, current);
      }
      if (kept != null) {
        ready(account, kept);
      }
      return kept;
    }
  }

  /** The next key, from now on in the old one's place, if the account has it. */
  private @Nullable Signer promoted(AccountId account, byte[] current) {
    byte[] seed = nextSeed(account);
    if (seed == null || !Arrays.equals(Ed25519.signer(seed).publicKey(), current)) {
      return null;
    }
    SideStore.Change change = store.change().put(key(account), box.seal(seed, label(account)));
    byte[] old = store.get(key(account));
    if (old != null) {
      byte[] oldSeed = opened(account, old, label(account));
      change.put(oldKey(account), box.seal(oldSeed, oldLabel(account)));
      Arrays.fill(oldSeed, (byte) 0);
    }
    change.delete(nextKey(account)).commit();
    return forgetting(seed);
  }

  /**
   * The key before the last change, if the account has it again: a chain that was built anew from
   * its neighbours' copies may not have the change.
   */
  private @Nullable Signer replaced(AccountId account, byte[] current) {
    byte[] sealed = store.get(oldKey(account));
    Signer old = sealed == null ? null : forgetting(opened(account, sealed, oldLabel(account)));
    return old != null && Arrays.equals(old.publicKey(), current) ? old : null;
  }

  private byte @Nullable [] nextSeed(AccountId account) {
    byte[] sealed = store.get(nextKey(account));
    return sealed == null ? null : opened(account, sealed, nextLabel(account));
  }

  private Signer unsealed(AccountId account, byte[] sealed) {
    return forgetting(opened(account, sealed, label(account)));
  }

  private byte[] opened(AccountId account, byte[] sealed, String label) {
    try {
      return box.open(sealed, label);
    } catch (AEADBadTagException changed) {
      throw new WalletException("the record of " + account + " was changed", changed);
    }
  }

  private static Signer forgetting(byte[] seed) {
    Signer signer = Ed25519.signer(seed);
    Arrays.fill(seed, (byte) 0);
    return signer;
  }

  private static String key(AccountId account) {
    return "s/" + account;
  }

  private static String nextKey(AccountId account) {
    return "n/" + account;
  }

  private static String oldKey(AccountId account) {
    return "o/" + account;
  }

  private static String oldLabel(AccountId account) {
    return "aika/wallet/v1 old " + account;
  }

  private static String label(AccountId account) {
    return "aika/wallet/v1 seed " + account;
  }

  private static String nextLabel(AccountId account) {
    return "aika/wallet/v1 next " + account;
  }
}
