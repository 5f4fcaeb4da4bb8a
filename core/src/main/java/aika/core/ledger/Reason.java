package aika.core.ledger;

/**
 * The one table of refusals, used by HTTP, the command line, the pages and the documents alike.
 * Numbers and names are stable; a number is never used again for something else.
 *
 * <p>docs/spec/errors.md shows it, and a test compares both. 1–19 form and signatures, 20–39
 * accounts and amounts, 40–59 transfers, 60–79 chains and checkpoints, from 80 on the node and its
 * gateway.
 */
public enum Reason {
  MALFORMED(
      1,
      400,
      "書き方が正しくありません。",
      "The request is not written as it must be.",
      "どの行が違うかを見て、直してください。",
      "See which part is at fault and correct it."),
  WRONG_FEDERATION(
      2,
      422,
      "別の連合のための注文です。",
      "The order is for another federation.",
      "連合の名前を確かめてください。",
      "Check the federation's id."),
  WRONG_CHAIN(
      3,
      422,
      "この注文は別の市町村のものです。",
      "The order belongs to another chain.",
      "注文の市町村に送ってください。",
      "Send it to the chain that the order names."),
  UNKNOWN_CHAIN(
      4,
      404,
      "その市町村は見つかりません。",
      "There is no such municipality or continent.",
      "市町村の名前を確かめてください。",
      "Check the municipality's name."),
  BAD_SIGNATURE(
      5,
      403,
      "署名が正しくありません。",
      "A signature is missing or wrong.",
      "正しい鍵で署名してください。",
      "Sign with the account's current key."),
  STALE(
      6,
      409,
      "注文の期限が過ぎています。",
      "The order's not-after has passed.",
      "前の注文の結果を確かめてから、新しい注文を作ってください。",
      "Look up the first order by its id, then make a new one if it is needed."),
  TOO_FAR_AHEAD(
      7,
      422,
      "注文の期限が先すぎます。",
      "The order's not-after is more than 24 hours ahead.",
      "期限を24時間以内にしてください。",
      "Choose a not-after within 24 hours."),
  ID_REUSED(
      8,
      409,
      "同じ番号で、内容の違う注文があります。",
      "This id was used for an order with other content.",
      "新しい番号で作り直してください。",
      "Make the order again with a new id."),
  TOO_LARGE(
      9,
      413,
      "データが大きすぎます。",
      "The request is too large.",
      "短くしてください。",
      "Make it smaller; limits are in the documents."),

  UNKNOWN_ACCOUNT(
      20, 404, "その口座はありません。", "There is no such account.", "口座を確かめてください。", "Check the account."),
  INSUFFICIENT_FUNDS(
      21,
      409,
      "残高が足りません。",
      "The balance is too small.",
      "金額を小さくするか、受け取ってから送ってください。",
      "Send less, or receive first."),
  ACCOUNT_EXISTS(
      22,
      409,
      "その口座はもうあります。",
      "The account exists already.",
      "別の口座番号を使ってください。",
      "Use another account id."),
  AMOUNT_INVALID(
      23,
      422,
      "金額が正しくありません。",
      "The amount is not valid.",
      "0.01以上の金額を、小数2けたまでで書いてください。",
      "Write an amount of at least 0.01 with at most two decimals."),
  SAME_ACCOUNT(
      24,
      422,
      "自分には送れません。",
      "Sender and receiver are the same account.",
      "受け取る人を確かめてください。",
      "Check the receiver."),
  TOO_MANY_HOLDS(
      25,
      429,
      "受け取りを待っている送金が多すぎます。",
      "Too many transfers of this account are waiting.",
      "受け取られるか、取り消されるまで待ってください。",
      "Wait until some are received, or cancel some."),
  VALID_UNTIL_INVALID(
      26,
      422,
      "受け取りの期限が正しくありません。",
      "The valid-until is not valid.",
      "今より後で、決められた日数より前にしてください。",
      "Choose a time after now and within the limit."),
  AMOUNT_TOO_SMALL(
      27,
      422,
      "ほかの市町村に送るには金額が小さすぎます。",
      "The amount is below the minimum for another chain.",
      "金額を大きくしてください。",
      "Send more."),

  ACCOUNT_FROZEN(
      28,
      409,
      "この口座は止められています。",
      "The account is frozen.",
      "役所で、本人の確認をしてください。お金は安全です。",
      "Go to the municipal office; the money is safe."),
  ACCOUNT_CLOSED(
      29, 409, "この口座は閉じられています。", "The account is closed.", "別の口座を使ってください。", "Use another account."),
  ACCOUNT_NOT_EMPTY(
      30,
      409,
      "口座にお金が残っているか、終わっていない送金があります。",
      "The account holds money, or some of its transfers have not ended.",
      "残りを送り、送金が終わってから閉じてください。",
      "Send what is left and close it when all transfers have ended."),
  KEY_UNCHANGED(
      31,
      409,
      "その鍵はもう使われています。",
      "The account has this key already.",
      "新しい鍵を使ってください。",
      "Use a new key."),
  RECOVERY_RUNS(
      32,
      409,
      "鍵の再発行がもう始まっています。",
      "A new key was announced already.",
      "7日待つか、今の鍵で取り消してください。",
      "Wait seven days, or veto it with the current key."),
  NO_RECOVERY(
      33,
      409,
      "鍵の再発行は行われていません。",
      "No new key was announced.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  NOT_FROZEN(
      34,
      409,
      "この口座は止められていません。",
      "The account is not frozen.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  ISSUE_CAP(
      35,
      409,
      "発行の上限を超えます。",
      "The chain may not have so much money issued.",
      "金額を小さくするか、回収してから発行してください。",
      "Issue less, or redeem first."),
  CLEARS_TOO_MUCH(
      36,
      409,
      "清算する額が、残っている額より大きいです。",
      "The municipalities do not owe each other so much.",
      "残高を確かめてください。",
      "Check the clearing balance."),

  UNKNOWN_TRANSFER(
      40,
      404,
      "その送金は見つかりません。",
      "There is no such transfer.",
      "送金の番号を確かめてください。",
      "Check the transfer's id."),
  NOT_YOURS(
      41,
      403,
      "この口座の送金ではありません。",
      "The transfer does not belong to this account.",
      "送金と口座を確かめてください。",
      "Check the transfer and the account."),
  ALREADY_DECIDED(
      42,
      409,
      "この送金はもう終わっています。",
      "The transfer has ended already.",
      "送金の画面で結果を見てください。",
      "See the transfer for how it ended."),
  EXPIRED(
      43,
      409,
      "受け取りの期限が過ぎました。",
      "The transfer's valid-until has passed.",
      "お金は送った人に戻ります。",
      "The money goes back to the sender."),
  NOT_YET_EXPIRED(
      44,
      409,
      "受け取りの期限はまだ過ぎていません。",
      "The transfer's valid-until has not passed yet.",
      "期限まで待ってください。",
      "Wait until then."),
  EVIDENCE_MISSING(
      45,
      503,
      "送金の証拠がまだ届いていません。",
      "The evidence of the transfer has not arrived yet.",
      "少し待って、もう一度受け取ってください。",
      "Wait a moment and receive again."),
  EVIDENCE_INVALID(
      46,
      422,
      "送金の証拠が正しくありません。",
      "The evidence does not prove the transfer.",
      "送金の市町村から取り直してください。",
      "Fetch it again from the sender's chain."),
  CAP_REACHED(
      47,
      503,
      "その市町村からの受け取りが上限に達しています。",
      "This municipality has taken as much from the sender's as it may for now.",
      "清算のあとで、もう一度受け取ってください。お金は安全です。",
      "Receive again after the municipalities have settled; the money is safe."),
  NOT_LISTED_YET(
      48,
      503,
      "この送金はまだ承認されていません。",
      "The transfer is not approved yet.",
      "数秒待って、もう一度受け取ってください。",
      "Wait a few seconds and receive again."),

  NO_STANDING_ORDER(
      49,
      409,
      "自動で受け取る設定がないか、金額が上限を超えています。",
      "No standing order receives this transfer.",
      "受け取る人が自分で受け取ってください。",
      "The receiver has to receive it."),

  CHECKPOINT_NOT_LARGER(
      60,
      409,
      "もっと新しい記録がもうあります。",
      "A checkpoint at least as large is recorded already.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  CHECKPOINT_INCONSISTENT(
      61,
      422,
      "記録が前のものとつながりません。",
      "The checkpoint does not extend the recorded one.",
      "その市町村の記録を調べてください。",
      "Have that chain's log examined."),
  NOT_APPROVED(
      62,
      422,
      "代表者の承認が足りません。",
      "Too few representatives approved the checkpoint.",
      "承認を待ってください。",
      "Wait for the approval."),
  SEAL_STALE(
      63,
      409,
      "そのブロックはもう閉じています。",
      "There is no open block of that height.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  NOTHING_TO_SETTLE(
      64,
      409,
      "清算するものがありません。",
      "None of the outcomes needs settling.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  CHAIN_STARTED(
      65,
      409,
      "チェーンはもう始まっています。",
      "The chain has started already.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  CHAIN_NOT_STARTED(
      66,
      503,
      "チェーンがまだ始まっていません。",
      "The chain has not started yet.",
      "少し待ってください。",
      "Wait a moment."),
  CHAIN_HALTED(
      67,
      503,
      "この市町村のチェーンは止まっています。",
      "The chain is halted.",
      "役所に知らせてください。お金は記録されています。",
      "Tell the operator; what is recorded is safe."),
  BUSY(
      68,
      503,
      "混み合っています。",
      "The chain is busy.",
      "少し待って、もう一度送ってください。",
      "Wait a moment and try again with the same id."),

  CHAIN_CLOSED(
      69,
      409,
      "この市町村のチェーンは閉じられています。",
      "The municipality's chain is closed.",
      "引き継いだ市町村を使ってください。お金は送り出せます。",
      "Use the municipality that took it over; money can still be sent from here."),
  CHAIN_FROZEN(
      70,
      503,
      "この市町村の代表者が、食い違う記録を承認しました。",
      "The chain's representatives approved two histories.",
      "復旧の手続きが終わるまで待ってください。",
      "Wait until the recovery quorum has decided."),
  TERM_OVER(
      71,
      409,
      "その任期は、今の任期ではありません。",
      "That is not the term that sits.",
      "今の任期を確かめてください。",
      "Check which term sits."),
  STANDS_ALREADY(
      72,
      409,
      "この任期には、もう立候補しています。",
      "The account stands in this term already.",
      "何もしなくてかまいません。",
      "Nothing needs to be done."),
  TOO_MANY_CANDIDATES(
      73,
      409,
      "立候補者が上限に達しています。",
      "As many stand as may.",
      "次の任期に立候補してください。",
      "Stand in the next term."),
  SEAT_KEY_USED(
      74,
      409,
      "その代表者の鍵は、もう使われています。",
      "The seat's key is used already.",
      "新しい鍵で立候補してください。",
      "Stand with a new key."),
  SEAT_NOT_SITTING(
      75,
      404,
      "その席は、この記録を承認する席ではありません。",
      "That seat does not approve this checkpoint.",
      "席の名前と、今の代表者を確かめてください。",
      "Check the seat's name, and who sits."),
  LEAF_DIVERGES(
      76,
      422,
      "記録の中に、きまりどおりでないものがあります。",
      "The log holds a leaf that the rules do not lead to.",
      "署名はしていません。記録を証拠として残し、調べてください。",
      "Nothing was signed. Keep the log as evidence and have it examined."),
  SIGNED_UNKNOWN(
      77,
      409,
      "この席の鍵で今までに署名した記録が、ここにありません。",
      "What this seat's key has signed so far is not known here.",
      "署名の記録のあるフォルダーを使ってください。なければ、新しい鍵で始めてください。",
      "Use the directory that has it; when it is lost, begin with a new key."),

  REGISTER_UNREACHABLE(
      80,
      503,
      "受け取る人の市町村に確かめられません。",
      "The receiver's register cannot be reached.",
      "この操作は何も動かしていません。あとで、同じ番号でもう一度試してください。",
      "This request moved nothing. Try again later, with the same id."),
  UNKNOWN_PERSON(
      81,
      404,
      "その名前の人は登録されていません。",
      "Nobody of that name is registered there.",
      "名前と市町村を確かめてください。",
      "Check the name and the municipality."),
  CONTINENT_CONTRADICTS(
      82,
      422,
      "大陸と市町村が合っていません。",
      "The continent contradicts the municipality.",
      "大陸を書かないか、市町村に合わせてください。",
      "Leave the continent out, or correct it."),
  UNSIGNED_REFUSED(
      83,
      403,
      "署名のない注文はここでは受け付けません。",
      "Unsigned orders are not accepted from here.",
      "署名するか、役所の窓口か、口座のトークンを使ってください。",
      "Sign the order, or use the counter or the account's token."),
  TOO_MANY_REQUESTS(84, 429, "回数が多すぎます。", "Too many requests.", "少し待ってください。", "Wait a moment."),
  MEDIA_TYPE(
      85,
      415,
      "この形式のデータは受け取れません。",
      "This media type is not accepted here.",
      "application/json か text/plain で送ってください。",
      "Send application/json or text/plain."),
  NOT_FOUND(
      86,
      404,
      "見つかりません。",
      "There is nothing at this address.",
      "アドレスを確かめてください。",
      "Check the address."),
  OUTCOME_UNKNOWN(
      87,
      504,
      "結果がまだ分かりません。",
      "The outcome is not known yet.",
      "同じ番号でもう一度送るか、注文の番号で調べてください。二重にはなりません。",
      "Send it again with the same id, or look it up by its id; it will not be done twice."),
  INTERNAL(
      88,
      500,
      "内部の問題が起きました。",
      "Something went wrong inside the node.",
      "役所に知らせてください。",
      "Tell the operator."),
  METHOD(
      89,
      405,
      "この操作はここではできません。",
      "This method is not allowed here.",
      "説明書を見てください。",
      "See the documents."),
  PROOF_INVALID(
      90,
      422,
      "証明が正しくありません。",
      "The proof does not hold.",
      "どこから受け取ったものか確かめてください。",
      "Ask whoever gave it to you for another."),
  FEDERATION_FILE(
      91,
      422,
      "連合のファイルに誤りがあります。",
      "The federation file has faults.",
      "示された行を直してください。",
      "Correct the lines that are named."),
  PORT_TAKEN(
      92,
      409,
      "ポートがほかのプログラムに使われています。",
      "A port is in use by another program.",
      "そのプログラムを止めるか、--port-offset を使ってください。",
      "Stop that program, or use --port-offset."),
  NAME_TAKEN(
      93,
      409,
      "その名前はもう登録されています。",
      "The name is registered already.",
      "別の名前にしてください。",
      "Choose another name."),
  OPERATOR_ONLY(
      94,
      403,
      "これはノードの運用者だけができます。",
      "Only the node's operator may do this.",
      "ノードのデータのフォルダーを指定して aika コマンドを使ってください。",
      "Use the aika command with the node's data directory."),
  STORE_UNAVAILABLE(
      95,
      503,
      "保存先をいま使えません。",
      "The store cannot be used now.",
      "保存先の状態を確かめて、もう一度試してください。",
      "Look after the store and try again."),
  STORE_TAMPERED(
      96,
      409,
      "保存先の内容が、書き込んだものと違います。",
      "The store holds something else than what was written to it.",
      "証拠として残し、調べてください。",
      "Keep it as evidence and have it examined."),
  NODE_UNREACHABLE(
      97,
      503,
      "その市町村のノードにつながりません。",
      "The node of that municipality cannot be reached.",
      "この操作は何も動かしていません。あとで、同じ番号でもう一度試してください。",
      "This request moved nothing. Try again later, with the same id."),
  NODE_BEHIND(
      98,
      409,
      "このノードの記録は、ほかのノードが見たものより古くなっています。",
      "This node's record is older than what other nodes have seen of it.",
      "aika restore で新しい記録から作り直してください。",
      "Build it again from the newer record with aika restore."),
  CLOCK_DIFFERS(
      99,
      503,
      "この役所のコンピューターの時計が合っていません。",
      "The clock of this chain's machine differs from the others'.",
      "この操作は何も動かしていません。役所が時計を直したあと、同じ番号でもう一度試してください。",
      "This request moved nothing. Try again with the same id when the operator has set the clock."),
  NOT_LEADING(
      79,
      503,
      "このコンピューターは控えです。別のコンピューターが受け付けています。",
      "This machine stands by; another one of the same node takes orders.",
      "少し待って、同じ番号でもう一度試してください。",
      "This request moved nothing. Try again in a moment, with the same id."),
  CHAIN_MOVED(
      100,
      503,
      "この市町村のチェーンは別のコンピューターに移っているところです。",
      "This chain is moving to another machine.",
      "少し待って、同じ番号でもう一度試してください。",
      "This request moved nothing. Try again in a moment, with the same id."),
  LIST_INCOMPLETE(
      101,
      503,
      "待っている送金を、いま全部は確かめられません。",
      "Not everything that waits can be found out at the moment.",
      "あとでもう一度見てください。番号が分かる送金は、番号で受け取れます。お金は安全です。",
      "Look again later. What is known by its id can be received by it; the money is safe."),
  CLOCK_UNCONFIRMED(
      102,
      503,
      "このコンピューターの時計は、最後の記録から 7 日より多く進んでいて、正しいと確かめられません。",
      "This machine's clock is more than a week beyond its newest leaf, and no other machine confirms it.",
      "ほかのノードの時計と合えば、自分で動き始めます。時計が正しいなら aika node に --clock-is-right を付けて始めてください。",
      "It goes on by itself when another node's clock agrees. When the clock is right, start it with aika node --clock-is-right.");

  private final int number;
  private final int httpStatus;
  private final String ja;
  private final String en;
  private final String nextJa;
  private final String nextEn;

  Reason(int number, int httpStatus, String ja, String en, String nextJa, String nextEn) {
    this.number = number;
    this.httpStatus = httpStatus;
    this.ja = ja;
    this.en = en;
    this.nextJa = nextJa;
    this.nextEn = nextEn;
  }

  public int number() {
    return number;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** What happened, in plain Japanese. */
  public String ja() {
    return ja;
  }

  /** What happened, in plain English. */
  public String en() {
    return en;
  }

  /** What to do next, in plain Japanese. */
  public String nextJa() {
    return nextJa;
  }

  /** What to do next, in plain English. */
  public String nextEn() {
    return nextEn;
  }

  /** Whether what was asked for may have been done all the same. */
  public boolean isDoubtful() {
    return this == OUTCOME_UNKNOWN || this == INTERNAL;
  }

  /** Whether the same request may succeed later without being changed. */
  public boolean retryable() {
    return httpStatus == 503 || httpStatus == 504 || httpStatus == 429;
  }
}
