-- What only PostgreSQL needs: DuckDB reads columns and wants no index.

DROP TABLE IF EXISTS people CASCADE;

CREATE TABLE people (
  account VARCHAR NOT NULL PRIMARY KEY,
  name VARCHAR NOT NULL
);

ALTER TABLE transfers ADD PRIMARY KEY (origin, leaf, destination);

CREATE INDEX transfers_id ON transfers (id);

CREATE INDEX transfers_block ON transfers (origin, sent_block);

CREATE INDEX transfers_decided ON transfers (destination, decided_leaf);

CREATE INDEX transfers_ended ON transfers (origin, ended_leaf);

CREATE INDEX transfers_sent_day ON transfers (sent_day);

CREATE INDEX transfers_done_day ON transfers (done_day);

CREATE INDEX transfers_pending ON transfers (sent_at) WHERE state = 'send_pending';

ALTER TABLE accounts ADD PRIMARY KEY (account);

CREATE INDEX accounts_leaf ON accounts (chain, leaf);

ALTER TABLE issues ADD PRIMARY KEY (chain, leaf);

ALTER TABLE blocks ADD PRIMARY KEY (chain, leaf);

ALTER TABLE anchors ADD PRIMARY KEY (chain, leaf);

CREATE INDEX anchors_size ON anchors (origin, size);

ALTER TABLE active_accounts ADD PRIMARY KEY (period, start_day, account);
