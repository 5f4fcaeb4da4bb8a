package aika.sinks.analytics;

import aika.sinks.analytics.Question.Column;
import aika.sinks.analytics.Question.Kind;
import aika.sinks.analytics.Question.Otherwise;
import aika.sinks.analytics.Question.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * The questions that an office asks. The guide repeats their SQL; amounts are in minor units
 * (1/100), days and hours those of the office.
 */
public final class Questions {
  private static final Parameter SINCE =
      new Parameter("since", Kind.DAY, Otherwise.YEAR_AGO, "この日から", "from this day");
  private static final Parameter UNTIL =
      new Parameter("until", Kind.DAY, Otherwise.TODAY, "この日まで", "to this day, inclusive");
  private static final Parameter NOW =
      new Parameter("now", Kind.TIME, Otherwise.NOW, "この時刻(UTC)に", "at this time (UTC)");
  private static final Parameter TOP =
      new Parameter("top", Kind.COUNT, Otherwise.TEN, "行数", "how many rows");

  private static final Column MONTH = new Column("month", "月(初日)", "month (its first day)");
  private static final Column ORIGIN = new Column("origin", "送り手の自治体", "sender's municipality");
  private static final Column DESTINATION =
      new Column("destination", "受け手の自治体", "receiver's municipality");
  private static final Column MUNICIPALITY = new Column("municipality", "自治体", "municipality");
  private static final Column TRANSFERS = new Column("transfers", "送金の件数", "transfers");
  private static final Column AMOUNT = new Column("amount_minor", "金額(1/100)", "amount (1/100)");

  static final Question SENT_BETWEEN =
      new Question(
          "sent-between",
          "先月、小松から金沢へいくら送られたか",
          "How much did Komatsu send to Kanazawa last month?",
          List.of(
              new Parameter("origin", Kind.CHAIN, Otherwise.REQUIRED, "送り手", "sender's"),
              new Parameter("destination", Kind.CHAIN, Otherwise.REQUIRED, "受け手", "receiver's"),
              new Parameter("since", Kind.DAY, Otherwise.LAST_MONTH_BEGIN, SINCE.ja(), SINCE.en()),
              new Parameter("until", Kind.DAY, Otherwise.LAST_MONTH_END, UNTIL.ja(), UNTIL.en())),
          List.of(
              TRANSFERS,
              AMOUNT,
              new Column("complete_minor", "うち完了", "of it complete"),
              new Column("pending_minor", "うち受取待ち", "of it pending")),
          """
          SELECT CAST(coalesce(sum(transfers), 0) AS BIGINT) AS transfers,
            CAST(coalesce(sum(amount_minor), 0) AS BIGINT) AS amount_minor,
            CAST(coalesce(sum(complete_minor), 0) AS BIGINT) AS complete_minor,
            CAST(coalesce(sum(pending_minor), 0) AS BIGINT) AS pending_minor
          FROM daily_flows
          WHERE origin = :origin AND destination = :destination
            AND flow_day BETWEEN :since AND :until
          """);

  static final Question DAILY_FLOWS =
      new Question(
          "daily-flows",
          "自治体の間で毎日いくら動くか",
          "How much moves between municipalities each day?",
          List.of(
              new Parameter("origin", Kind.CHAIN, Otherwise.ALL, "送り手", "sender's"),
              new Parameter("destination", Kind.CHAIN, Otherwise.ALL, "受け手", "receiver's"),
              SINCE,
              UNTIL),
          List.of(new Column("flow_day", "日", "day"), ORIGIN, DESTINATION, TRANSFERS, AMOUNT),
          """
          SELECT flow_day, origin, destination, transfers, amount_minor
          FROM daily_flows
          WHERE flow_day BETWEEN :since AND :until
            AND (:origin = '' OR origin = :origin)
            AND (:destination = '' OR destination = :destination)
          ORDER BY flow_day, origin, destination
          """);

  static final Question WAITING =
      new Question(
          "waiting",
          "受け取りまでどれだけ待つか",
          "How long do people wait (from send_pending to complete)?",
          List.of(SINCE, UNTIL),
          List.of(
              new Column("month", "送った月", "month of the send"),
              TRANSFERS,
              new Column("half_seconds", "半数の待ち時間(秒)", "half waited at most, seconds"),
              new Column("p90_seconds", "9割の待ち時間(秒)", "nine of ten, seconds"),
              new Column("p99_seconds", "99%の待ち時間(秒)", "99 of 100, seconds")),
          """
          SELECT month, transfers, waits[1] AS half_seconds, waits[2] AS p90_seconds,
            waits[3] AS p99_seconds
          FROM (
            SELECT CAST(date_trunc('month', sent_day) AS DATE) AS month, count(*) AS transfers,
              percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY
                CAST(extract(epoch FROM completed_at - sent_at) AS DOUBLE PRECISION)) AS waits
            FROM transfers
            WHERE state = 'complete' AND sent_day BETWEEN :since AND :until
            GROUP BY CAST(date_trunc('month', sent_day) AS DATE)
          ) AS months
          ORDER BY month
          """);

  static final Question PENDING =
      new Question(
          "pending",
          "何が受取待ちで、どれだけ古いか",
          "What is pending, and how old is it?",
          List.of(NOW),
          List.of(
              ORIGIN,
              DESTINATION,
              TRANSFERS,
              AMOUNT,
              new Column("oldest_at", "最も古い送金(UTC)", "oldest send (UTC)"),
              new Column("oldest_hours", "その経過時間", "its age in hours")),
          """
          SELECT origin, destination, count(*) AS transfers,
            CAST(sum(amount_minor) AS BIGINT) AS amount_minor, min(sent_at) AS oldest_at,
            CAST(extract(epoch FROM :now - min(sent_at)) / 3600 AS DOUBLE PRECISION)
              AS oldest_hours
          FROM pending
          GROUP BY origin, destination
          ORDER BY oldest_at, origin, destination
          """);

  static final Question PENDING_AGE =
      new Question(
          "pending-age",
          "受取待ちはどの年齢層に何件あるか",
          "How many pending transfers are of which age?",
          List.of(NOW),
          List.of(new Column("hours_min", "経過時間(以上)", "age in hours, at least"), TRANSFERS, AMOUNT),
          """
          SELECT CASE WHEN age < 3600 THEN 0 WHEN age < 86400 THEN 1 WHEN age < 259200 THEN 24
              WHEN age < 604800 THEN 72 WHEN age < 2592000 THEN 168 ELSE 720 END AS hours_min,
            count(*) AS transfers, CAST(sum(amount_minor) AS BIGINT) AS amount_minor
          FROM (
            SELECT extract(epoch FROM :now - sent_at) AS age, amount_minor
            FROM pending
          ) AS ages
          GROUP BY 1
          ORDER BY 1
          """);

  static final Question ACTIVE_ACCOUNTS =
      new Question(
          "active-accounts",
          "週・月ごとに何人が使ったか",
          "How many accounts sent or received, per week or month?",
          List.of(
              new Parameter("period", Kind.PERIOD, Otherwise.MONTH, "週か月", "week or month"),
              SINCE,
              UNTIL),
          List.of(
              new Column("start_day", "週・月の初日", "first day of the week or month"),
              MUNICIPALITY,
              new Column("accounts", "口座の数", "accounts")),
          """
          SELECT start_day, chain AS municipality, count(*) AS accounts
          FROM active_accounts
          WHERE period = :period AND start_day BETWEEN :since AND :until
          GROUP BY start_day, chain
          ORDER BY start_day, chain
          """);

  static final Question VELOCITY =
      new Question(
          "velocity",
          "お金は月に何回まわるか",
          "How often does the money change hands in a month?",
          List.of(SINCE, UNTIL),
          List.of(
              MONTH,
              new Column("completed_minor", "完了した送金", "completed transfers (1/100)"),
              new Column("supply_minor", "月末までの発行高", "issued until then (1/100)"),
              new Column("velocity", "回転数", "velocity")),
          """
          SELECT start_day AS month, completed_minor, supply_minor, velocity
          FROM monthly_velocity
          WHERE start_day BETWEEN :since AND :until
          ORDER BY start_day
          """);

  static final Question TOP_SENDERS =
      new Question(
          "top-senders",
          "どの自治体が最も多く送るか",
          "Which municipalities send the most?",
          List.of(SINCE, UNTIL, TOP),
          List.of(MUNICIPALITY, TRANSFERS, AMOUNT),
          """
          SELECT origin AS municipality, count(*) AS transfers,
            CAST(sum(amount_minor) AS BIGINT) AS amount_minor
          FROM transfers
          WHERE sent_day BETWEEN :since AND :until
          GROUP BY origin
          ORDER BY amount_minor DESC, municipality
          LIMIT :top
          """);

  static final Question TOP_RECEIVERS =
      new Question(
          "top-receivers",
          "どの自治体が最も多く受け取るか",
          "Which municipalities receive the most?",
          List.of(SINCE, UNTIL, TOP),
          List.of(MUNICIPALITY, TRANSFERS, AMOUNT),
          """
          SELECT destination AS municipality, count(*) AS transfers,
            CAST(sum(amount_minor) AS BIGINT) AS amount_minor
          FROM transfers
          WHERE state = 'complete' AND done_day BETWEEN :since AND :until
          GROUP BY destination
          ORDER BY amount_minor DESC, municipality
          LIMIT :top
          """);

  static final Question ENDINGS =
      new Question(
          "endings",
          "月ごとに何件が完了し、拒否・取消・期限切れになったか",
          "How many transfers were completed, rejected, cancelled or expired each month?",
          List.of(SINCE, UNTIL),
          List.of(
              MONTH,
              new Column("complete", "完了", "complete"),
              new Column("rejected", "拒否", "rejected"),
              new Column("cancelled", "取消", "cancelled"),
              new Column("expired", "期限切れ", "expired"),
              new Column("refund_minor", "返金(1/100)", "refunds (1/100)")),
          """
          SELECT CAST(date_trunc('month', done_day) AS DATE) AS month,
            CAST(sum(CASE WHEN state = 'complete' THEN transfers ELSE 0 END) AS BIGINT) AS complete,
            CAST(sum(CASE WHEN state = 'rejected' THEN transfers ELSE 0 END) AS BIGINT) AS rejected,
            CAST(sum(CASE WHEN state = 'cancelled' THEN transfers ELSE 0 END) AS BIGINT)
              AS cancelled,
            CAST(sum(CASE WHEN state = 'expired' THEN transfers ELSE 0 END) AS BIGINT) AS expired,
            CAST(sum(CASE WHEN state = 'complete' THEN 0 ELSE amount_minor END) AS BIGINT)
              AS refund_minor
          FROM (
            SELECT done_day, state, count(*) AS transfers,
              coalesce(sum(amount_minor), 0) AS amount_minor
            FROM transfers
            WHERE done_day BETWEEN :since AND :until
            GROUP BY done_day, state
          ) AS days
          GROUP BY CAST(date_trunc('month', done_day) AS DATE)
          ORDER BY month
          """);

  static final Question SUPPLY =
      new Question(
          "supply",
          "発行されたお金は月ごとにいくらか",
          "How much money was issued, month by month?",
          List.of(SINCE, UNTIL),
          List.of(
              MONTH,
              new Column("issued_minor", "その月の発行", "issued in the month (1/100)"),
              new Column("supply_minor", "累計", "issued until then (1/100)")),
          """
          SELECT month, issued_minor, supply_minor
          FROM (
            SELECT month, issued_minor,
              CAST(sum(issued_minor) OVER (ORDER BY month) AS BIGINT) AS supply_minor
            FROM (
              SELECT CAST(date_trunc('month', issued_day) AS DATE) AS month,
                CAST(sum(amount_minor) AS BIGINT) AS issued_minor
              FROM issues
              GROUP BY CAST(date_trunc('month', issued_day) AS DATE)
            ) AS months
          ) AS supplies
          WHERE month BETWEEN :since AND :until
          ORDER BY month
          """);

  static final Question BLOCKS =
      new Question(
          "blocks",
          "ブロックの大きさと間隔はどれだけか",
          "How large are blocks, and how far apart?",
          List.of(SINCE, UNTIL),
          List.of(
              new Column("chain", "チェーン", "chain"),
              new Column("blocks", "ブロックの数", "blocks"),
              new Column("leaves_average", "平均の葉数", "leaves, average"),
              new Column("leaves_max", "最大の葉数", "leaves, largest"),
              new Column("interval_seconds", "平均の間隔(秒)", "seconds between seals, average"),
              new Column("approval_seconds", "平均の承認(秒)", "seconds to the approval, average")),
          """
          SELECT chain, count(*) AS blocks,
            CAST(avg(leaves) AS DOUBLE PRECISION) AS leaves_average, max(leaves) AS leaves_max,
            CAST(avg(extract(epoch FROM sealed_at - before_at)) AS DOUBLE PRECISION)
              AS interval_seconds,
            CAST(avg(extract(epoch FROM approved_at - sealed_at)) AS DOUBLE PRECISION)
              AS approval_seconds
          FROM (
            SELECT chain, leaves, sealed_day, sealed_at, approved_at,
              lag(sealed_at) OVER (PARTITION BY chain ORDER BY height) AS before_at
            FROM blocks
          ) AS sealed
          WHERE sealed_day BETWEEN :since AND :until
          GROUP BY chain
          ORDER BY chain
          """);

  static final Question HOURS =
      new Question(
          "hours",
          "一日のどの時間に多く送られるか",
          "At which hours of the day is most sent?",
          List.of(SINCE, UNTIL),
          List.of(new Column("hour", "時", "hour"), TRANSFERS, AMOUNT),
          """
          SELECT sent_hour AS hour, count(*) AS transfers,
            CAST(sum(amount_minor) AS BIGINT) AS amount_minor
          FROM transfers
          WHERE sent_day BETWEEN :since AND :until
          GROUP BY sent_hour
          ORDER BY sent_hour
          """);

  static final Question AMOUNTS =
      new Question(
          "amounts",
          "一回にいくら送られるか",
          "How much is sent at a time?",
          List.of(SINCE, UNTIL),
          List.of(
              MONTH,
              TRANSFERS,
              new Column("average_minor", "平均(1/100)", "average (1/100)"),
              new Column("median_minor", "中央値(1/100)", "median (1/100)"),
              new Column("largest_minor", "最大(1/100)", "largest (1/100)")),
          """
          SELECT CAST(date_trunc('month', sent_day) AS DATE) AS month, count(*) AS transfers,
            CAST(avg(amount_minor) AS DOUBLE PRECISION) AS average_minor,
            CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY amount_minor) AS DOUBLE PRECISION)
              AS median_minor,
            max(amount_minor) AS largest_minor
          FROM transfers
          WHERE sent_day BETWEEN :since AND :until
          GROUP BY CAST(date_trunc('month', sent_day) AS DATE)
          ORDER BY month
          """);

  static final Question ACCOUNTS =
      new Question(
          "accounts",
          "口座は月ごとにいくつ開かれたか",
          "How many accounts were opened, month by month?",
          List.of(SINCE, UNTIL),
          List.of(
              MONTH,
              MUNICIPALITY,
              new Column("opened", "開設", "opened"),
              new Column("accounts", "累計", "accounts until then")),
          """
          SELECT month, municipality, opened, accounts
          FROM (
            SELECT month, municipality, opened,
              CAST(sum(opened) OVER (PARTITION BY municipality ORDER BY month) AS BIGINT)
                AS accounts
            FROM (
              SELECT CAST(date_trunc('month', opened_day) AS DATE) AS month,
                chain AS municipality, count(*) AS opened
              FROM accounts
              GROUP BY CAST(date_trunc('month', opened_day) AS DATE), chain
            ) AS months
          ) AS openings
          WHERE month BETWEEN :since AND :until
          ORDER BY month, municipality
          """);

  private static final List<Question> ALL =
      List.of(
          SENT_BETWEEN,
          DAILY_FLOWS,
          WAITING,
          PENDING,
          PENDING_AGE,
          ACTIVE_ACCOUNTS,
          VELOCITY,
          TOP_SENDERS,
          TOP_RECEIVERS,
          ENDINGS,
          SUPPLY,
          BLOCKS,
          HOURS,
          AMOUNTS,
          ACCOUNTS);

  private Questions() {}

  /** All of them, in the guide's order. */
  public static List<Question> all() {
    return ALL;
  }

  public static Optional<Question> of(String id) {
    return ALL.stream().filter(one -> one.id().equals(id)).findFirst();
  }
}
