-- Views for questions; see docs/spec/analytics.md.

CREATE VIEW states AS
  SELECT id AS transfer, 'send' AS state, requested_at AS reached_at, origin AS chain,
    sent_block AS block, leaf FROM transfers WHERE sent_at IS NOT NULL
  UNION ALL
  SELECT id, 'send_pending', sent_at, origin, sent_block, leaf FROM transfers
    WHERE sent_at IS NOT NULL
  UNION ALL
  SELECT id, 'listed', listed_at, split_part(origin, '-', 1), listed_block, listed_leaf
    FROM transfers WHERE listed_at IS NOT NULL
  UNION ALL
  SELECT id, 'receive', answered_at, destination, decided_block, decided_leaf FROM transfers
    WHERE state = 'complete'
  UNION ALL
  SELECT id, 'receive_pending', decided_at, destination, decided_block, decided_leaf
    FROM transfers WHERE state = 'complete'
  UNION ALL
  SELECT id, 'complete', completed_at, destination, decided_block, decided_leaf FROM transfers
    WHERE state = 'complete'
  UNION ALL
  SELECT id, state, decided_at, destination, decided_block, decided_leaf FROM transfers
    WHERE state IN ('rejected', 'cancelled', 'expired')
  UNION ALL
  SELECT id, CASE WHEN state = 'complete' THEN 'settled' ELSE 'refunded' END, ended_at, origin,
    ended_block, ended_leaf FROM transfers WHERE ended_at IS NOT NULL;

CREATE VIEW daily_flows AS
  SELECT coalesce(sent_day, done_day) AS flow_day, origin, destination,
    count(*) AS transfers,
    CAST(sum(amount_minor) AS BIGINT) AS amount_minor,
    CAST(coalesce(sum(CASE WHEN state = 'complete' THEN amount_minor END), 0) AS BIGINT)
      AS complete_minor,
    CAST(coalesce(sum(CASE WHEN state = 'send_pending' THEN amount_minor END), 0) AS BIGINT)
      AS pending_minor
  FROM transfers GROUP BY coalesce(sent_day, done_day), origin, destination;

CREATE VIEW monthly_velocity AS
  SELECT months.start_day, months.completed_minor, months.supply_minor,
    CASE WHEN months.supply_minor > 0
      THEN CAST(months.completed_minor AS DOUBLE PRECISION) / months.supply_minor END AS velocity
  FROM (
    SELECT start_day, CAST(sum(completed_minor) AS BIGINT) AS completed_minor,
      CAST(sum(sum(issued_minor)) OVER (ORDER BY start_day) AS BIGINT) AS supply_minor
    FROM (
      SELECT CAST(date_trunc('month', done_day) AS DATE) AS start_day,
        sum(completed_minor) AS completed_minor, 0 AS issued_minor
      FROM (
        SELECT done_day, sum(amount_minor) AS completed_minor FROM transfers
        WHERE state = 'complete' GROUP BY done_day
      ) days GROUP BY CAST(date_trunc('month', done_day) AS DATE)
      UNION ALL
      SELECT CAST(date_trunc('month', issued_day) AS DATE), 0, sum(amount_minor) FROM issues
      GROUP BY CAST(date_trunc('month', issued_day) AS DATE)
    ) facts GROUP BY start_day
  ) months;

CREATE VIEW pending AS
  SELECT id, origin, destination, sender, receiver, amount_minor, sent_at, listed_at, valid_until
  FROM transfers WHERE state = 'send_pending';
