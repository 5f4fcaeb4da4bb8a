package aika.node.web;

/**
 * Everything that the pages say, in simple Japanese and in English; {@code {0}}, {@code {1}} are
 * filled in. Refusals have their own table, {@link aika.core.ledger.Reason}.
 */
enum Text {
  // The frame of every page
  BRAND("愛貨", "Aika"),
  PLACE("{0}のまどぐち", "{0} counter"),
  SKIP("本文へ", "Skip to content"),
  TAB_SEND("送る", "Send"),
  TAB_RECEIVE("受け取る", "Receive"),
  TAB_ACCOUNT("口座", "Account"),
  NAVIGATION("メニュー", "Menu"),
  FOOT(
      "このページは、役所の窓口で使います。名前は台帳には書かれません。",
      "These pages are for the counter of the municipal office. Names are not written in the ledger."),
  FOOT_API("プログラムから使うとき", "For programs"),
  TITLE("{0} | 愛貨", "{0} | Aika"),
  UNIT("愛貨", "愛貨"),
  AMOUNT("{0} 愛貨", "{0} 愛貨"),
  DETAILS("くわしく", "Details"),
  PERSON("{0}さん（{1}）", "{0} ({1})"),
  PERSON_SHORT("{0}さん", "{0}"),
  PERSON_UNNAMED("{0}の人", "someone in {0}"),
  UNTIL("{0}まで", "until {0}"),
  FROM_TO_SPOKEN("から", "to"),

  // Sending
  SEND_TITLE("送る", "Send"),
  SEND_LEAD(
      "つぎの画面で内容を確かめてから、お金を送ります。", "You check everything on the next page before any money moves."),
  SENDER("送る人", "Sender"),
  RECEIVER("受け取る人", "Receiver"),
  MUNICIPALITY("市町村", "Municipality"),
  NAME("名前", "Name"),
  SUM("金額", "Amount"),
  MEMO("ひとこと", "Message"),
  OPTIONAL("書かなくてもかまいません", "optional"),
  MEMO_HINT("{0}文字まで。受け取る人に見えます。", "Up to {0} characters. The receiver can read it."),
  BALANCE("残高", "Balance"),
  BALANCE_OF("{0}の残高", "Balance of {0}"),
  BALANCE_CHANGE("残高 {0} から {1} になります", "The balance goes from {0} to {1}"),
  FOUND("{0}が見つかりました。", "Found {0}."),
  CHECK("内容を確かめる", "Check and continue"),

  // Confirming a send
  CONFIRM_SEND_TITLE("この内容で送りますか", "Send this?"),
  CONFIRM_SEND_LEAD(
      "まだお金は動いていません。この内容に署名して送ります。",
      "No money has moved yet. This is what will be signed and sent."),
  DEADLINE("受け取りの期限", "Can be received"),
  DEADLINE_BACK("期限までに受け取られないときは、お金は戻ります。", "If it is not received by then, the money comes back."),
  AFTERWARDS("送ったあとの残高", "Balance afterwards"),
  SEND_NOW("送る", "Send"),
  EDIT("直す", "Change"),
  ORDER_NUMBER("注文の番号", "Order id"),
  ACCOUNT_FROM("送る人の口座", "Sender’s account"),
  ACCOUNT_TO("受け取る人の口座", "Receiver’s account"),
  SIGNED_EXPLAINED(
      "署名される文には、名前のかわりに口座の番号が書かれます。ひとことは、そのままではなく、しるし（ハッシュ）だけが書かれます。",
      "What is signed holds account ids instead of names, and only a hash of the message."),

  // Receiving
  RECEIVE_TITLE("受け取る", "Receive"),
  RECEIVE_LEAD("だれが受け取りますか。", "Who is receiving?"),
  SHOW_WAITING("待っている送金を見る", "Show what is waiting"),
  SOMEBODY_ELSE("ほかの人", "Somebody else"),
  STATEMENT("明細（CSV）", "Statement (CSV)"),
  RECEIVE_NOT_NOW(
      "いまは受け取れません。あとで、もう一度受け取ってください。送金は、そのまま待っています。",
      "This cannot be received now. Try again later; the transfer goes on waiting."),
  WAITING_ONE("{0}を待っている送金 1件", "1 transfer is waiting for {0}"),
  WAITING_MANY("{0}を待っている送金 {1}件", "{1} transfers are waiting for {0}"),
  WAITING_NONE("いま、待っている送金はありません。", "Nothing is waiting right now."),
  WAITING_NONE_HINT(
      "送られたばかりのときは、数秒かかります。", "A transfer that was sent just now takes a few seconds to appear."),
  WAITING_MORE("はじめの{0}件です。受け取ると、つぎが見えます。", "These are the first {0}. Receive some to see more."),
  LOOK_AGAIN("もう一度見る", "Look again"),
  FROM("{0}から", "From {0}"),
  RECEIVE_ONE("受け取る", "Receive"),
  RECEIVE_ONE_SPOKEN("{0}からの{1}を受け取る", "Receive {1} from {0}"),
  REJECT_ONE("断る", "Decline"),
  REJECT_ONE_SPOKEN("{0}からの{1}を断る", "Decline {1} from {0}"),
  RECEIVE_ALL("まとめて受け取る", "Receive all"),
  TOOK_ONE("1件を受け取りました。", "Received 1 transfer."),
  TOOK_MANY("{0}件を受け取りました。", "Received {0} transfers."),
  SEE_TRANSFER("この送金を見る", "See this transfer"),

  // Confirming a receive or a decline
  CONFIRM_RECEIVE_TITLE("受け取りますか", "Receive this?"),
  CONFIRM_RECEIVE_LEAD(
      "この内容に署名して受け取ります。", "This is what will be signed; then the money is added to the balance."),
  CONFIRM_REJECT_TITLE("受け取りを断りますか", "Decline this?"),
  CONFIRM_REJECT_LEAD(
      "断ると、お金は送った人に戻ります。あとから受け取ることはできません。",
      "The money goes back to the sender. It cannot be received afterwards."),
  RECEIVE_NOW("受け取る", "Receive"),
  REJECT_NOW("断る", "Decline"),
  STOP("やめる", "Go back"),
  TRANSFERS("送金", "Transfers"),
  TRANSFER_COUNT("{0}件", "{0}"),
  TOTAL("合計", "Total"),
  CONFIRM_CANCEL_TITLE("この送金を取り消しますか", "Take this back?"),
  CONFIRM_CANCEL_LEAD(
      "まだ受け取られていなければ、お金は戻ります。受け取りが先だったときは、取り消せません。{0}の記録で決まります。",
      "If it has not been received yet, the money comes back. If it was received first, it stays received. The record of {0} decides."),
  CANCEL("送金を取り消す", "Take it back"),
  CANCEL_NOW("取り消す", "Take it back"),
  NOTHING_LEFT_TITLE("受け取る送金がありません", "There is nothing to receive"),
  NOTHING_LEFT("もう受け取ったか、期限が過ぎています。", "It has been received already, or its time has passed."),

  // An account
  ACCOUNT_TITLE("口座", "Account"),
  ACCOUNT_LEAD("だれの口座を見ますか。", "Whose account is it?"),
  HOLDER("口座の人", "Account holder"),
  SHOW_ACCOUNT("口座を見る", "Show the account"),
  SEE_ACCOUNT("口座の画面へ", "See the account"),
  ANNOUNCED_TITLE("この口座に、新しい鍵が届け出られました。", "A new key was announced for this account."),
  ANNOUNCED_WHEN(
      "役所が届け出たのは {0} です。止めなければ、7日後の {1} から新しい鍵だけが使えます。",
      "Announced by the municipal office: {0}. Unless it is stopped, only the new key counts 7 days later, from {1}."),
  ANNOUNCED_WHO("今の鍵をなくしていない人は、取り消してください。", "Whoever still has the present key should stop it."),
  STOP_NEW_KEY("新しい鍵を取り消す", "Stop the new key"),
  SIGNED_ELSEWHERE(
      "ここでは、この口座のために署名できません。今の鍵のある端末か、鍵を預けた窓口でできます。",
      "Nothing can be signed for this account here. It can be done with the device, or at the counter, that has its present key."),
  FROZEN_TITLE("この口座は止まっています", "This account is frozen"),
  FROZEN(
      "送ることも、受け取ることも、取り消すこともできません。残高はそのままです。すでに送った分は、相手が受け取れます。",
      "Nothing can be sent, received or asked back with it. The balance stays. What was sent before can still be received."),
  FROZEN_NEXT(
      "ふたたび使うには、本人が役所で申し込みます。担当者も署名します。",
      "To use it again, its holder asks at the municipal office, where an official signs too."),
  FROZEN_AUTO("自動の受け取り（{0}まで）は続きます。", "Automatic receiving (up to {0}) goes on."),
  CLOSED_TITLE("この口座は閉じられています", "This account is closed"),
  CLOSED(
      "もう使えません。この口座に送られたお金は、送った人に戻ります。",
      "It is no longer used. What is sent to it goes back to its sender."),
  STATE_USUAL("使えます", "In use"),
  STATE_FROZEN("止まっています", "Frozen"),
  STATE_CLOSED("閉じられています", "Closed"),
  AUTO_RECEIVE("自動の受け取り", "Automatic receiving"),
  AUTO_RECEIVE_UP_TO("{0}まで", "up to {0}"),
  AUTO_RECEIVE_OFF("していません", "off"),
  LIMIT("自動で受け取る金額の上限", "Received automatically up to"),
  LIMIT_HINT(
      "この金額までの送金を、確かめずに受け取ります。0 と書くと、やめます。",
      "Transfers of up to this amount are received without asking. Write 0 to end it."),
  LIMIT_INVALID(
      "金額は 0 以上の数字で、小数は2けたまでで書いてください（例: 500）。",
      "Write a number from 0 on with at most two decimals (for example 500)."),
  ACCOUNT_NUMBER("口座の番号", "Account id"),
  PRESENT_KEY("今の鍵", "Present key"),
  ANNOUNCED_KEY("新しい鍵", "New key"),
  TROUBLE("もしものとき", "In case of trouble"),
  FREEZE_LEAD(
      "だれかが口座を使ったかもしれないときは止めます。受け取られていない送金は、止める前に取り消してください。",
      "If somebody else may have used the account, freeze it. Ask back what nobody has received before that."),
  FREEZE("口座を止める", "Freeze the account"),
  CHANGE_KEY_LEAD(
      "鍵をだれかに知られたかもしれないときは、新しい鍵に替えます。鍵は窓口が預かります。",
      "If somebody else may know the key, change it. The counter makes the new one and keeps it."),
  CHANGE_KEY("鍵を替える", "Change the key"),
  SENDER_KEY_ELSEWHERE(
      "この口座の鍵は、この窓口にありません。鍵のある端末から送ってください。",
      "This counter does not have the account’s key. Send from the device that has it."),

  // Confirming what is done about an account
  CONFIRM_CHANGE_LEAD(
      "まだ何も変わっていません。この内容に署名します。", "Nothing has changed yet. This is what will be signed."),
  MEANING("内容", "What it means"),
  ORDER_KIND("注文の種類", "Order"),
  CONFIRM_VETO_TITLE("新しい鍵を取り消しますか", "Stop the new key?"),
  CONFIRM_VETO(
      "今の鍵で署名して、届け出られた新しい鍵を取り消します。今の鍵が、これからも使えます。",
      "The present key signs that the announced key does not come to count. The present key stays."),
  CONFIRM_VETO_NOW("取り消す", "Stop it"),
  DONE_VETO("新しい鍵を取り消しました。", "The new key was stopped."),
  CONFIRM_FREEZE_TITLE("口座を止めますか", "Freeze the account?"),
  CONFIRM_FREEZE(
      "止めると、送ること・受け取ること・取り消すことができません。残高はそのままですが、すでに送った分は相手が受け取れます。ふたたび使うには、役所で手続きをします。",
      "Nothing can be sent, received or asked back any more. The balance stays, but what was sent before can still be received. To use the account again, its holder has to go to the municipal office."),
  FREEZE_WAITING("まだ受け取られていない送金", "Not received yet"),
  FREEZE_WAITING_LEAD(
      "止めたあとも相手が受け取れます。取り消すなら、止める前に取り消してください。",
      "These can still be received after the account is frozen. Ask back before that what should not be."),
  CONFIRM_FREEZE_NOW("口座を止める", "Freeze it"),
  DONE_FREEZE("口座を止めました。", "The account was frozen."),
  CONFIRM_KEY_TITLE("鍵を替えますか", "Change the key?"),
  CONFIRM_KEY(
      "今の鍵と新しい鍵の両方で署名します。これからは、新しい鍵だけが使えます。ほかに届け出られた鍵があれば、それは取り消されます。",
      "The present key and the new one both sign. Only the new one counts from then on. A key that was announced is stopped by this."),
  DONE_KEY("鍵を替えました。", "The key was changed."),
  CONFIRM_LIMIT_TITLE("自動の受け取りを変えますか", "Change automatic receiving?"),
  CONFIRM_LIMIT(
      "この金額までの送金は、これから、確かめずに受け取ります。",
      "From now on, transfers of up to this amount are received without asking."),
  CONFIRM_LIMIT_OFF(
      "これからは、どの送金も、受け取るまで待ちます。", "From now on, every transfer waits until it is received by hand."),
  CONFIRM_LIMIT_NOW("変える", "Change it"),
  DONE_LIMIT("自動の受け取りを変えました。", "Automatic receiving was changed."),

  // A transfer
  TRANSFER_TITLE("送金 {0}", "Transfer {0}"),
  TIMELINE("これまでと、これから", "What happened and what comes"),
  SENT("送りました", "Sent"),
  WAITS("受け取りを待っています", "Waiting to be received"),
  WAITED("受け取りを待ちました", "Waited to be received"),
  LISTED("承認・公開", "Approved and listed"),
  LISTING("{0}の代表者が承認しています", "Being approved by {0}"),
  RECEIVED("受け取りました", "Received"),
  RECEIVED_AUTO("自動で受け取りました", "Received automatically"),
  RECEIVE_LATER("受け取り", "Receiving"),
  COMPLETE("完了しました", "Complete"),
  COMPLETING("完了を待っています", "Waiting for completion"),
  COMPLETE_LATER("完了", "Completion"),
  CANCEL_ASKED("取り消しをたのみました", "Asked to take it back"),
  DECIDED_LATER("取り消しか受け取りに決まります", "Taken back, or received after all"),
  TIME_OVER("期限が過ぎました", "Its time has passed"),
  ENDED_LATER("戻るか、受け取りずみかに決まります", "Goes back, or was received in time"),
  REJECTED("断りました", "Declined"),
  REJECTED_CLOSED("閉じられているため、断られました", "Declined, since something is closed"),
  CALLED_OFF("取りやめになりました", "Called off"),
  CANCELLED("取り消しました", "Cancelled"),
  EXPIRED("期限が過ぎました", "Time ran out"),
  REFUNDED("お金が戻りました", "Money returned"),
  REFUNDING("お金が戻るところです", "Money on its way back"),
  NOW_SPOKEN("（いまここ）", " (now)"),
  LATER_SPOKEN("（これから）", " (still to come)"),

  HEAD_SENT("送金を受け付けました", "Your transfer was accepted"),
  HEAD_WAITS("受け取りを待っています", "Waiting to be received"),
  HEAD_CANCEL_ASKED("取り消しを確かめています", "Being taken back"),
  HEAD_OVERDUE("期限が過ぎています", "Its time has passed"),
  HEAD_RECEIVED("受け取りました", "Received"),
  HEAD_RECEIVED_AUTO("自動で受け取りました", "Received automatically"),
  HEAD_COMPLETE("完了しました", "Complete"),
  HEAD_REJECTED("断られました", "Declined"),
  HEAD_CANCELLED("取り消されました", "Cancelled"),
  HEAD_CALLED_OFF("取りやめになりました", "Called off"),
  HEAD_EXPIRED("期限が過ぎました", "Time ran out"),
  SAYS_SENT("まもなく{0}が受け取れるようになります。", "{0} will be able to receive it shortly."),
  SAYS_WAITS(
      "{0}の受け取りを待っています（{1}まで）。受け取られないときは、お金は戻ります。",
      "Waiting for {0} to receive it (until {1}). If it is not received, the money comes back."),
  SAYS_CANCEL_ASKED(
      "{0}が取り消しをたのみました。まだ受け取られていなければ、お金は戻ります。{1}の記録で決まり、それまで{2}がお金を預かります。",
      "{0} asked to take it back. If it has not been received, the money comes back. The record of {1} decides; until then {2} holds the money."),
  SAYS_OVERDUE(
      "期限（{0}まで）が過ぎたので、もうだれも受け取れません。期限までに受け取られていなければ、お金は戻ります。{1}の記録で決まり、それまで{2}がお金を預かります。",
      "It could be received until {0}; now nobody can. Unless it was received in time, the money comes back. The record of {1} decides; until then {2} holds the money."),
  SAYS_RECEIVED_AUTO(
      "{0}の自動の受け取りで、受け取りました。{1}の代表者が記録を承認しています（数秒）。",
      "{0} receives such transfers automatically, and so this one. {1}’s representatives are approving the record (a few seconds)."),
  SAYS_RECEIVED(
      "{0}が受け取りました。{1}の代表者が記録を承認しています（数秒）。",
      "{0} has received it. {1}’s representatives are approving the record (a few seconds)."),
  SAYS_COMPLETE(
      "受け取りが完了しました。記録は{0}と{1}の代表者が承認しました。",
      "It was received. The representatives of {0} and {1} approved the record."),
  SAYS_COMPLETE_WITHIN(
      "受け取りが完了しました。記録は{0}の代表者が承認しました。",
      "It was received. The representatives of {0} approved the record."),
  SAYS_REJECTED("{0}は受け取りを断りました。", "{0} declined it."),
  SAYS_REJECTED_CLOSED(
      "{0}の口座か、{1}の記録が閉じられているため、受け取れません。{1}の記録が断りました。",
      "{0}’s account, or the record of {1}, is closed, so it cannot be received. The record of {1} declined it."),
  SAYS_REJECTED_SOMEHOW(
      "受け取りは断られました。だれが断ったかは、{0}の記録がいま読めないため、分かりません。",
      "It was declined. Who did is not known here, since the record of {0} cannot be read now."),
  SAYS_CANCELLED("{0}が送金を取り消しました。", "{0} took it back."),
  SAYS_CANCELLED_SOMEHOW(
      "{0}が取り消しをたのみ、受け取られませんでした。", "{0} asked to take it back, and it was not received."),
  SAYS_CALLED_OFF(
      "{0}の記録は、復旧の手続きでやり直されました。やり直す前の記録の、同じ番号の送金が、{1}でもう決まっていたため、この送金は取りやめになりました。",
      "The record of {0} was put right by its recovery. {1} had already decided a transfer of the same number, in the history that was given up, so this one was called off."),
  SAYS_EXPIRED("期限までに受け取られませんでした。", "Nobody received it in time."),

  NEXT("つぎ", "Next"),
  NEXT_RECEIVER("{0}が受け取ります（{1}まで）", "{0} receives it (until {1})"),
  NEXT_SENDER("{0}が決めます", "{0} decides"),
  NEXT_REPRESENTATIVES("{0}の代表者が承認します（数秒）", "{0}’s representatives approve it (a few seconds)"),
  NEXT_DECIDES("{0}の記録で決まります", "The record of {0} decides"),
  NEXT_NOBODY("することはありません", "Nothing to do"),
  MONEY("お金のある所", "The money is"),
  MONEY_HELD("{0}が預かっています", "held safely in {0}"),
  MONEY_ARRIVED("{0}の残高に入りました", "in {0}’s balance"),
  MONEY_RETURNING("{0}に戻るところです", "on its way back to {0}"),
  MONEY_RETURNED("{0}の残高に戻りました", "back in {0}’s balance"),
  REFUND("返金", "Refund"),
  REFUND_HINT(
      "取引が多いため、すでに返した分をすべては調べられません。口座の明細で確かめてください。",
      "There are too many transfers to look for all that was given back before. Look into the"
          + " account's statement."),
  REFUND_BEFORE("すでに返した分", "Given back before"),
  REFUND_GIVEN("{0}（送金 {1}）", "{0} by transfer {1}"),
  REFUND_LEFT("残り {0}", "{0} is left"),
  GIVE_BACK("返金する", "Give it back"),
  REFUND_OF("送金 {0} で受け取ったお金を返すもの", "gives back what was received by transfer {0}"),
  GO_RECEIVE("受け取る画面へ", "Go to receiving"),
  SEND_ANOTHER("つぎの送金をする", "Make another transfer"),

  RECEIPTS("領収書", "Receipts"),
  RECEIPTS_LEAD(
      "記録が本物であることを、あとから誰でも確かめられるファイルです。",
      "Files with which anyone can check later that the record is real."),
  RECEIPT_SEND("送った領収書", "Receipt of sending"),
  RECEIPT_RECEIVE("受け取った領収書", "Receipt of receiving"),
  RECEIPT_LATER("承認されると、ここに出ます。", "They appear here once the record is approved."),
  TRANSFER_NUMBER("送金の番号", "Transfer id"),
  STATE("状態", "State"),
  STEP_PLACE("{0}　ブロック {1}　記録 {2}", "{0}, block {1}, leaf {2}"),
  STEP_OPEN("{0}　ブロックはまだ開いています　記録 {1}", "{0}, block still open, leaf {1}"),
  STEP_CHAIN("{0}", "{0}"),
  STEP_APPROVED("承認した代表者: {0}（{1}）", "Approved by {0} ({1})"),

  // Numbers for everybody
  CHARTS_TITLE("数字で見る", "In numbers"),
  CHARTS_LEAD(
      "市町村のあいだの送金をまとめた数字です。名前や口座は出ません。",
      "Transfers between municipalities, added up. No names or accounts are shown."),
  CHARTS_PERIOD("期間", "Period"),
  CHARTS_DAYS("これまでの{0}日", "last {0} days"),
  CHARTS_SHOW("見る", "Show"),
  CHARTS_SINCE("{0}から{1}まで", "{0} to {1}"),
  CHARTS_AS_OF("{0}に集計しました。承認された記録だけを数えます。", "Added up at {0} from approved records only."),
  CHARTS_PICTURE("下の表と同じ数字の図", "Chart of the same numbers as in the table below"),
  CHARTS_NONE("この期間に送金はありません。", "There were no transfers in this period."),
  FLOWS("市町村のあいだの流れ", "Flows between municipalities"),
  FLOWS_LEAD("左の市町村から右の市町村へ送られたお金です。", "Money sent from the left to the right."),
  FLOWS_ROUTE("どこからどこへ", "From and to"),
  FLOWS_OTHERS("そのほか", "Others"),
  COUNT("件数", "Transfers"),
  SUM_UNIT("金額（愛貨）", "Amount (愛貨)"),
  STATES("これまでの動き", "States over time"),
  STATES_LEAD(
      "送られた件数と、どのように終わったかの件数です。", "How many transfers were sent, and how many ended in which way."),
  STATES_DAY("日", "Day"),
  STATES_WEEK("週のはじめ", "Week from"),
  STATES_MONTH("月", "Month"),
  STATES_SENT("送った", "Sent"),
  STATES_COMPLETE("完了", "Done"),
  STATES_REJECTED("断った", "Declined"),
  STATES_CANCELLED("取消", "Taken back"),
  STATES_EXPIRED("期限切れ", "Timed out"),
  AGES("受け取りを待っている送金", "Waiting to be received"),
  AGES_LEAD("いま待っている送金が、送られてからたった時間です。", "How long ago they were sent, as of now."),
  AGES_NONE("いま、待っている送金はありません。", "Nothing is waiting right now."),
  AGES_AGE("送られてから", "Sent"),
  AGES_HOUR("1時間まで", "within an hour"),
  AGES_DAY("1日まで", "within a day"),
  AGES_3_DAYS("3日まで", "within 3 days"),
  AGES_7_DAYS("7日まで", "within 7 days"),
  AGES_30_DAYS("30日まで", "within 30 days"),
  AGES_OLDER("それより前", "earlier"),
  CHARTS_UNKEPT_TITLE("数字のページはありません", "There are no numbers here"),
  CHARTS_UNKEPT("この窓口では、送金を集計していません。", "This node does not add transfers up."),
  CHARTS_UNKEPT_OFFICE(
      "役所の担当者へ: データのフォルダーの sinks.yaml に {0} と書いて、サーバーを起動しなおすと、ここに数字が出ます。",
      "For the office: write {0} into sinks.yaml in the data directory and start the node again."),
  CHARTS_DOWN_TITLE("いまは数字を出せません", "No numbers right now"),
  CHARTS_DOWN(
      "集計の保存先が答えません。送金には影響ありません。しばらくして、もう一度見てください。",
      "The store with the numbers does not answer. Transfers are not affected. Look again in a while."),

  // Who approves
  REPRESENTATIVES("代表者", "Representatives"),
  REPRESENTATIVES_LEAD(
      "{0}の台帳は、この人たちのうち{1}人の署名で承認されます。",
      "The ledger of {0} is approved when {1} of these have signed."),
  TERM("期", "Term"),
  TERM_NUMBER("第{0}期", "Term {0}"),
  TERM_SINCE("はじまり", "Since"),
  TERM_UNTIL("おわり", "Until"),
  TERM_BLOCKS("あと{0}ブロック", "{0} more blocks"),
  SEATS("いまの代表者", "Who sits now"),
  STANDINGS("次の期に立っている人", "Who stands for the next term"),
  STANDINGS_LEAD(
      "取引の相手が多い順に、上から{0}人が選ばれます。足りないときは、いまの代表者が続けます。",
      "The first {0} are elected, by distinct counterparties. If too few stand, those who sit go on."),
  STANDINGS_NONE("まだ、だれも立っていません。", "Nobody stands yet."),
  STANDINGS_ACCOUNT("口座", "Account"),
  STANDINGS_COUNTERPARTIES("相手の数", "Counterparties"),
  STANDINGS_PLACES("次の期の市町村", "Municipalities of the next term"),
  STANDINGS_PLACES_LEAD(
      "記録の多い市町村から順に、その代表者が{0}人まで選ばれます。",
      "Their representatives take {0} seats in turn, the municipality with most leaves first."),
  STANDINGS_PLACES_NONE("この期には、まだ記録がありません。", "Nothing is recorded in this term yet."),
  STANDINGS_LEAVES("記録の数", "Leaves"),
  ELECTIONS("これまでの選出", "Earlier elections"),
  ELECTIONS_NONE("まだ選出はありません。はじめの代表者です。", "None yet: these are the first."),
  ELECTIONS_TIME("日時", "Time"),
  ELECTIONS_HOW("選ばれ方", "How"),
  BY_FEDERATION_FILE("はじめの代表者", "The first"),
  BY_ELECTION("選出", "Elected"),
  BY_RECOVERY("非常のときの交代", "Recovery"),

  // What is wrong
  SUMMARY_ONE("直すところが1つあります", "One thing needs correcting"),
  SUMMARY_MANY("直すところが{0}つあります", "{0} things need correcting"),
  NAME_MISSING_SENDER("送る人の名前を書いてください。", "Write the sender’s name."),
  NAME_MISSING_RECEIVER("受け取る人の名前を書いてください。", "Write the receiver’s name."),
  NAME_MISSING_HOLDER("口座の人の名前を書いてください。", "Write the account holder’s name."),
  NAME_INVALID(
      "名前に使えない文字があるか、長すぎます。空白は入れないでください。",
      "The name is too long or has characters that names cannot have, such as spaces."),
  PERSON_UNKNOWN(
      "{0}に「{1}」という名前は登録されていません。名前と市町村を確かめてください。",
      "Nobody called “{1}” is registered in {0}. Check the name and the municipality."),
  MUNICIPALITY_UNKNOWN("市町村を選んでください。", "Choose a municipality."),
  AMOUNT_MISSING("金額を書いてください。", "Write the amount."),
  AMOUNT_INVALID(
      "金額は 0.01 以上の数字で、小数は2けたまでで書いてください（例: 200 または 200.50）。",
      "Write a number of at least 0.01 with at most two decimals (for example 200 or 200.50)."),
  AMOUNT_ABOVE_BALANCE("残高が足りません。残高は {0} 愛貨です。", "The balance is too small: it is {0} 愛貨."),
  REFUND_NOT_RECEIVED("この人は送金 {0} を受け取っていません。", "This person did not receive transfer {0}."),
  REFUND_NOT_FROM("送金 {0} を送った人ではありません。", "This person did not send transfer {0}."),
  REFUND_ABOVE("返せるのは {0} 愛貨までです。", "No more than what is left of what was received: {0} 愛貨."),
  SAME_PERSON("送る人と受け取る人が同じです。", "Sender and receiver are the same person."),
  MEMO_INVALID("ひとことは{0}文字までの1行で書いてください。", "The message is one line of up to {0} characters."),
  ERROR_TITLE("できませんでした", "That did not work"),
  ERROR_NOT_FOUND_TITLE("ページが見つかりません", "There is no such page"),
  ERROR_UNKNOWN_TITLE("結果がまだ分かりません", "The outcome is not known yet"),
  ERROR_UNKNOWN(
      "お金が動いたかどうか、まだ確かめられていません。もう一度確かめてください。同じ送金が2回になることはありません。",
      "Whether the money moved is not known yet. Check again: the same transfer cannot happen twice."),
  ERROR_UNKNOWN_CHANGE(
      "行われたかどうか、まだ確かめられていません。もう一度確かめてください。2回行われることはありません。",
      "Whether it was done is not known yet. Check again: it cannot be done twice."),
  ERROR_UNKNOWN_NOT_ANEW(
      "結果が分かるまで、同じ送金を新しく作らないでください。2回払うことになるかもしれません。",
      "Do not make the same transfer anew before its outcome is known: it might be paid twice."),
  ERROR_UNKNOWN_ANSWERED(
      "いま確かめたときの答え：「{0}」 前の送信の結果は、まだ分かりません。",
      "The answer to this check was: “{0}” What came of the first attempt is still not known."),
  ASK_AGAIN("もう一度確かめる", "Check again"),
  ERROR_LATER_TITLE("いまは、できません", "Not possible just now"),
  ERROR_LATER(
      "少し待って、下のボタンでもう一度試してください。何度試しても、2回行われることはありません。",
      "Wait a moment and try again with the button below. However often it is tried, it is done once."),
  TRY_AGAIN("もう一度試す", "Try again"),
  ERROR_FOREIGN(
      "この画面の外から送られたため、受け付けませんでした。お金は動いていません。",
      "This did not come from these pages, so it was not accepted. No money has moved."),
  ERROR_FORM("送られた内容を読めませんでした。", "What was sent could not be read."),
  ERROR_REFUSED_SOME("受け取れなかった送金があります", "Some transfers could not be received"),
  ERROR_CODE("コード {0}（{1}）", "Code {0} ({1})"),
  BACK_TO_START("はじめの画面へ", "Back to the start"),
  NOTHING_MOVED("お金は動いていません。", "No money has moved.");

  private final String ja;
  private final String en;

  Text(String ja, String en) {
    this.ja = ja;
    this.en = en;
  }

  String in(Language language) {
    return switch (language) {
      case JA -> ja;
      case EN -> en;
    };
  }
}
