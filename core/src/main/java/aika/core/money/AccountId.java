package aika.core.money;

import aika.core.note.MalformedException;

/**
 * An account: its chain and a random local name, {@code Asia-Komatsu/k3v9q2mw}. Ids are never
 * reused and say nothing about the person, because they stand on a public log.
 *
 * <p>The local name has 4 to 32 characters {@code a-z 0-9}. A name that begins with {@code ~} is
 * one of the chain's own accounts ({@code ~issued}, {@code ~holds}, {@code
 * ~clearing.Asia-Kanazawa}, {@code ~cleared.Asia-Kanazawa}) and appears in postings only; see
 * {@link #own}.
 */
public record AccountId(ChainId chain, String local) implements Comparable<AccountId> {
  public static final int LOCAL_CHARS_MIN = 4;
  public static final int LOCAL_CHARS_MAX = 32;

  public AccountId {
    if (!(local.startsWith("~") ? ownName(local) : personal(local))) {
      throw new MalformedException("not an account name: " + Quoted.of(local));
    }
  }

  /** Parses {@code chain/local}; the chain's own accounts are refused here. */
  public static AccountId of(String text) {
    AccountId id = posted(text);
    if (id.isOwn()) {
      throw new MalformedException("not a person's account: " + Quoted.of(text));
    }
    return id;
  }

  /** Parses an account as it stands in a posting: a person's, or one of the chain's own. */
  public static AccountId posted(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new MalformedException("not an account id: " + Quoted.of(text));
    }
    return new AccountId(ChainId.of(text.substring(0, slash)), text.substring(slash + 1));
  }

  /** One of the chain's own accounts; {@code name} without the {@code ~}. */
  public static AccountId own(ChainId chain, String name) {
    return new AccountId(chain, "~" + name);
  }

  public boolean isOwn() {
    return local.charAt(0) == '~';
  }

  private static boolean personal(String local) {
    if (local.length() < LOCAL_CHARS_MIN || local.length() > LOCAL_CHARS_MAX) {
      return false;
    }
    for (int i = 0; i < local.length(); i++) {
      char c = local.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean ownName(String local) {
    for (String perCounterpart : new String[] {"~clearing.", "~cleared."}) {
      if (local.startsWith(perCounterpart)) {
        return new ChainId(local.substring(perCounterpart.length())).municipal();
      }
    }
    return local.equals("~issued") || local.equals("~holds");
  }

  // Written out for speed, as in ChainId.
  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof AccountId that && local.equals(that.local) && chain.equals(that.chain);
  }

  @Override
  public int hashCode() {
    return 31 * chain.hashCode() + local.hashCode();
  }

  @Override
  public int compareTo(AccountId other) {
    int byChain = chain.compareTo(other.chain);
    return byChain != 0 ? byChain : local.compareTo(other.local);
  }

  @Override
  public String toString() {
    return chain.value() + '/' + local;
  }
}
