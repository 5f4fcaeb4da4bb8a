package aika.node.register;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import aika.node.store.SideStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The register of one municipality: one name for one account and back. Names, display names and
 * memos can be erased; an account id that was given out never comes back. Every change is on disk
 * when its method returns. Safe for use by several threads.
 *
 * <p>Rows, of which several municipalities may share a database: {@code n/<chain>/<SHA-256 of the
 * name>} holds the account's local name, {@code a/<chain>/<local>} the state, name and display name
 * in a line each, {@code m/<chain>/<memo-hash>} a memo's salt and text in a line each.
 */
public final class Register {
  public static final int LOCAL_CHARS = 8;

  private static final String LOCAL_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final SideStore store;
  private final ChainId municipality;
  private final SecureRandom random;
  private final RateLimit limit;

  private final List<Consumer<AccountId>> changeListeners = new CopyOnWriteArrayList<>();

  /** Held while a change reads and writes. */
  private final Object changing = new Object();

  /**
   * @param store may hold the registers of other municipalities as well
   * @param nanos a clock like {@link System#nanoTime}, for the limit on look-ups
   */
  public Register(
      SideStore store, ChainId municipality, SecureRandom random, Rate rate, LongSupplier nanos) {
    if (!municipality.municipal()) {
      throw new IllegalArgumentException(municipality + " is not a municipality");
    }
    this.store = store;
    this.municipality = municipality;
    this.random = random;
    this.limit = new RateLimit(rate, nanos);
  }

  public ChainId municipality() {
    return municipality;
  }

  /**
   * {@code listener} hears of each account whose name or display name was erased or changed, so
   * that copies elsewhere can follow; it must not block.
   */
  public void onChange(Consumer<AccountId> listener) {
    changeListeners.add(listener);
  }

  private void changed(AccountId account) {
    changeListeners.forEach(listener -> listener.accept(account));
  }

  /**
   * Looks a person up on somebody's behalf; {@code UNKNOWN_PERSON} or {@code TOO_MANY_REQUESTS}.
   *
   * @param caller whoever asks, such as an address or an account; for IPv6 the /64 network
   */
  public Found find(PersonName name, String caller) {
    return limit.take(caller) ? found(person(name)) : tooMany();
  }

  /**
   * Looks up whose account this is; like {@link #find(PersonName, String)}. Account ids are public,
   * so this is for callers only who may know the name: the person, or a party to a transfer.
   */
  public Found find(AccountId account, String caller) {
    return limit.take(caller) ? found(person(account)) : tooMany();
  }

  /** The person of this name, without a limit: for the municipality's own use. */
  public Optional<Person> person(PersonName name) {
    byte[] local = store.get(nameKey(name));
    if (local == null) {
      return Optional.empty();
    }
    // Erased between the two reads, a name is simply not there.
    return person(account(new String(local, UTF_8))).filter(p -> p.name().equals(name));
  }

  /** Whose account this is, without a limit: for the municipality's own use. */
  public Optional<Person> person(AccountId account) {
    AccountRow row = account.chain().equals(municipality) ? row(account) : null;
    return row == null ? Optional.empty() : row.person(account);
  }

  /**
   * An account id for this person: the one that they have, or a new one that is reserved until
   * {@link #opened}.
   */
  public Person reserve(PersonName name) {
    synchronized (changing) {
      return person(name)
          .orElseGet(() -> {
            Person reserved = new Person(name, unusedAccount(), false, null);
            bindingOf(reserved).commit();
            return reserved;
          });
    }
  }

  /**
   * Binds a name to an account that is open on the chain. Doing it twice changes nothing. Refused:
   * {@code WRONG_CHAIN}, {@code NAME_TAKEN} by another account, {@code ACCOUNT_EXISTS} when the
   * account has another name or was erased.
   */
  public Found bind(PersonName name, AccountId account) {
    if (!account.chain().equals(municipality) || account.isOwn()) {
      return refused(Reason.WRONG_CHAIN, account + " is no account of " + municipality);
    }
    synchronized (changing) {
      Person holder = person(name).orElse(null);
      if (holder != null && !holder.account().equals(account)) {
        return refused(Reason.NAME_TAKEN, "the name stands for another account");
      }
      if (holder == null && row(account) != null) {
        return refused(Reason.ACCOUNT_EXISTS, account + " has or had another name");
      }
      String displayName = holder == null ? null : holder.displayName();
      Person bound = new Person(name, account, true, displayName);
      if (!bound.equals(holder)) {
        bindingOf(bound).commit();
      }
      return new Found.Known(bound);
    }
  }

  /**
   * Notes that a reserved account is open on the chain now.
   *
   * @throws RegisterException when the account has no person here
   */
  public void opened(AccountId account) {
    synchronized (changing) {
      Person person = required(account);
      if (!person.open()) {
        bindingOf(new Person(person.name(), account, true, person.displayName())).commit();
      }
    }
  }

  /**
   * What pages call this person; null for the name itself.
   *
   * @throws MalformedException when it is empty, longer than {@link Person#DISPLAY_NAME_CHARS_MAX}
   *     or has a control character
   * @throws RegisterException when the account has no person here
   */
  public void displayAs(AccountId account, @Nullable String displayName) {
    if (displayName != null) {
      int chars = displayName.codePointCount(0, displayName.length());
      if (displayName.isBlank() || chars > Person.DISPLAY_NAME_CHARS_MAX) {
        throw new MalformedException(
            "a display name has 1 to " + Person.DISPLAY_NAME_CHARS_MAX + " characters");
      }
      PersonText.checkVisible("a display name", displayName);
    }
    synchronized (changing) {
      Person person = required(account);
      Person renamed = new Person(person.name(), account, person.open(), displayName);
      SideStore.Change change = bindingOf(renamed);
      if (person.displayName() == null) {
        change.commit();
      } else {
        change.commitErasing();
      }
    }
    changed(account);
  }

  /** Gives an account another name; refused like {@link #bind}, or {@code UNKNOWN_PERSON}. */
  public Found rename(PersonName from, PersonName to) {
    synchronized (changing) {
      Person person = person(from).orElse(null);
      if (person == null) {
        return found(Optional.empty());
      }
      if (!from.equals(to)) {
        if (person(to).isPresent()) {
          return refused(Reason.NAME_TAKEN, "the new name stands for another account");
        }
        person = new Person(to, person.account(), person.open(), person.displayName());
        bindingOf(person).delete(nameKey(from)).commitErasing();
        changed(person.account());
      }
      return new Found.Known(person);
    }
  }

  /**
   * Erases a name and the display name, also from the files. The account id stays known as used.
   *
   * @return whether the name was there
   */
  public boolean erase(PersonName name) {
    synchronized (changing) {
      Person person = person(name).orElse(null);
      if (person == null) {
        return false;
      }
      store
          .change()
          .delete(nameKey(name))
          .put(accountKey(person.account().local()), AccountRow.ERASED.encode())
          .commitErasing();
      changed(person.account());
      return true;
    }
  }

  /**
   * Keeps a memo. Before its transfer is ordered, so that no transfer ever stands without its text;
   * and where it arrived, so that the receiver can read it.
   */
  public void keepMemo(Memo memo) {
    byte[] row = (memo.salt() + '\n' + memo.text()).getBytes(UTF_8);
    store.change().put(memoKey(memo.hash()), row).commit();
  }

  /**
   * The memo of a transfer, unless it was erased or never came here.
   *
   * @param memoHash what the send order says; no other text can pass for the transfer's
   */
  public Optional<Memo> memo(Hash memoHash) {
    byte[] row = store.get(memoKey(memoHash));
    if (row == null) {
      return Optional.empty();
    }
    String text = new String(row, UTF_8);
    int end = text.indexOf('\n');
    try {
      Memo memo = Memo.parse(text.substring(0, Math.max(end, 0)), text.substring(end + 1));
      if (!memo.hash().equals(memoHash)) {
        throw new MalformedException("another text");
      }
      return Optional.of(memo);
    } catch (MalformedException broken) {
      throw broken("the memo " + memoHash.base64(), broken);
    }
  }

  /**
   * Erases a memo, also from the files.
   *
   * @return whether there was one
   */
  public boolean eraseMemo(Hash memoHash) {
    if (store.get(memoKey(memoHash)) == null) {
      return false;
    }
    store.change().delete(memoKey(memoHash)).commitErasing();
    return true;
  }

  private Person required(AccountId account) {
    return person(account)
        .orElseThrow(() -> new RegisterException("nobody is registered with " + account));
  }

  private static Found found(Optional<Person> person) {
    return person
        .<Found>map(Found.Known::new)
        .orElseGet(() -> refused(Reason.UNKNOWN_PERSON, "not in this register"));
  }

  private static Found tooMany() {
    return refused(Reason.TOO_MANY_REQUESTS, "too many look-ups of people");
  }

  private static Found refused(Reason reason, String detail) {
    return new Found.Refused(Refusal.of(reason, detail));
  }

  private AccountId unusedAccount() {
    while (true) {
      StringBuilder local = new StringBuilder(LOCAL_CHARS);
      for (int i = 0; i < LOCAL_CHARS; i++) {
        local.append(LOCAL_ALPHABET.charAt(random.nextInt(LOCAL_ALPHABET.length())));
      }
      AccountId account = account(local.toString());
      if (row(account) == null) {
        return account;
      }
    }
  }

  private SideStore.Change bindingOf(Person person) {
    String local = person.account().local();
    return store
        .change()
        .put(nameKey(person.name()), local.getBytes(UTF_8))
        .put(accountKey(local), AccountRow.of(person).encode());
  }

  private @Nullable AccountRow row(AccountId account) {
    byte[] row = store.get(accountKey(account.local()));
    try {
      return row == null ? null : AccountRow.parse(new String(row, UTF_8));
    } catch (MalformedException broken) {
      throw broken("the row of " + account, broken);
    }
  }

  private static RegisterException broken(String what, MalformedException cause) {
    return new RegisterException("the register is damaged: " + what, cause);
  }

  private AccountId account(String local) {
    return new AccountId(municipality, local);
  }

  /** By its hash: keys get into RocksDB's manifest, where an erased name would stay for a while. */
  private String nameKey(PersonName name) {
    byte[] hash = Sha256.of(name.value().getBytes(UTF_8));
    return "n/" + municipality + '/' + HexFormat.of().formatHex(hash);
  }

  /** Whether a row is of this municipality. */
  public static boolean isOf(ChainId municipality, SideStore.Item item) {
    return item.key().startsWith(municipality.value() + '/', 2);
  }

  private String accountKey(String local) {
    return "a/" + municipality + '/' + local;
  }

  private String memoKey(Hash memoHash) {
    return "m/" + municipality + '/' + HexFormat.of().formatHex(memoHash.bytes());
  }
}
