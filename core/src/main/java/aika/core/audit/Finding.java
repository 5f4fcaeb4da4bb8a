package aika.core.audit;

import aika.core.money.ChainId;

/**
 * Something that does not hold, and where.
 *
 * @param chain on which it was found
 * @param place the leaf (counted from 0), or the file
 * @param what in English, beginning with the rule's code where one was broken
 */
public record Finding(ChainId chain, Kind kind, String place, String what) {

  /** What kind of thing does not hold. Codes are stable. */
  public enum Kind {
    CHECKPOINT_MISSING("承認された記録の頭がありません", "there is no checkpoint"),
    CHECKPOINT_MALFORMED("チェックポイントが読めません", "the checkpoint cannot be read"),
    LOG_SIGNATURE("記録のかぎの署名が正しくありません", "the log's own signature is wrong"),
    COSIGNATURE("代表者の署名が正しくありません", "a representative's signature is wrong"),
    HANDOVER("代表者の交代の証明が正しくありません", "a hand-over to the next representatives does not hold"),
    QUORUM("承認した代表者が足りません", "too few representatives approved"),
    ENTRIES("記録の中身のファイルが正しくありません", "a file of entries is missing or damaged"),
    LEAF_MALFORMED("記録の形が正しくありません", "a leaf is not written as it must be"),
    LEAF_REFUSED("決まりが許さない記録です", "a rule refuses the leaf"),
    LEAF_DIFFERS("実行の結果と記録が違います", "execution writes another leaf"),
    RECORDED_CHECKPOINT("ほかの市町村の記録として書かれたものが、本物と違います", "a recorded checkpoint is not the origin's"),
    OUTCOME_ELSEWHERE("受け取る側ではない市町村が決めています", "a chain decided a transfer that is not to it"),
    EVIDENCE_UNREADABLE("ほかの市町村の記録が読めません", "another chain's log, which is needed, cannot be read"),
    UNSEALED("承認された所でブロックが閉じていません", "the checkpoint does not stand after a seal"),
    ROOT("承認された根と、中身から計算した根が違います", "the approved root is not the entries'"),
    BEHIND("公開されている記録が、前に調べたものより短いです", "less is published than was audited before"),
    TWO_HISTORIES("二つの違う記録が承認されています", "two histories were approved"),
    TILE("ハッシュのファイルが中身と違います", "a hash tile is not the entries'"),
    GIVEN_UP(
        "ほかの市町村が後で捨てた履歴を記録しています", "a recorded checkpoint is of a history that was given up since"),
    UNPROVEN(
        "捨てられた履歴に基づいていて、今は確かめられません",
        "it rests on a history that was given up, and cannot be proven"),
    NOT_COMPARED("読めない場所があり、そこの記録とは比べていません", "a source cannot be read and is not compared"),
    NOT_BEGUN("まだ始まっていません", "the chain has not begun"),
    CONSERVATION("お金の合計が合いません", "money is missing or was made from nothing");

    private final String ja;
    private final String en;

    Kind(String ja, String en) {
      this.ja = ja;
      this.en = en;
    }

    public String ja() {
      return ja;
    }

    public String en() {
      return en;
    }
  }

  static Finding atLeaf(ChainId chain, Kind kind, long index, String what) {
    return new Finding(chain, kind, "leaf " + index, what);
  }

  @Override
  public String toString() {
    return kind + " " + chain + " " + place + ": " + what;
  }
}
