-- Tables for questions; what each column means is in docs/spec/analytics.md. DuckDB and PostgreSQL
-- both read this file: a statement ends with a semicolon at the end of a line.

CREATE TABLE about (
  name VARCHAR NOT NULL PRIMARY KEY,
  value VARCHAR NOT NULL
);

CREATE TABLE progress (
  chain VARCHAR NOT NULL PRIMARY KEY,
  leaves BIGINT NOT NULL,
  head VARCHAR NOT NULL
);

CREATE TABLE transfers (
  id VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  leaf BIGINT NOT NULL,
  destination VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  client_id UUID,
  sender VARCHAR,
  receiver VARCHAR,
  amount_minor BIGINT,
  requested_at TIMESTAMP,
  sent_at TIMESTAMP,
  sent_day DATE,
  sent_hour BIGINT,
  sent_block BIGINT,
  valid_until TIMESTAMP,
  listed_at TIMESTAMP,
  listed_block BIGINT,
  listed_leaf BIGINT,
  answered_at TIMESTAMP,
  decided_at TIMESTAMP,
  decided_block BIGINT,
  decided_leaf BIGINT,
  completed_at TIMESTAMP,
  done_day DATE,
  ended_at TIMESTAMP,
  ended_block BIGINT,
  ended_leaf BIGINT
);

CREATE TABLE accounts (
  account VARCHAR NOT NULL,
  chain VARCHAR NOT NULL,
  opened_at TIMESTAMP NOT NULL,
  opened_day DATE NOT NULL,
  block BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);

CREATE TABLE issues (
  account VARCHAR NOT NULL,
  chain VARCHAR NOT NULL,
  amount_minor BIGINT NOT NULL,
  issued_at TIMESTAMP NOT NULL,
  issued_day DATE NOT NULL,
  block BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);

CREATE TABLE blocks (
  chain VARCHAR NOT NULL,
  height BIGINT NOT NULL,
  first_leaf BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  leaves BIGINT NOT NULL,
  sealed_at TIMESTAMP NOT NULL,
  sealed_day DATE NOT NULL,
  approved_at TIMESTAMP NOT NULL
);

CREATE TABLE anchors (
  chain VARCHAR NOT NULL,
  leaf BIGINT NOT NULL,
  block BIGINT NOT NULL,
  origin VARCHAR NOT NULL,
  first_leaf BIGINT NOT NULL,
  size BIGINT NOT NULL,
  anchored_at TIMESTAMP NOT NULL
);

CREATE TABLE active_accounts (
  period VARCHAR NOT NULL,
  start_day DATE NOT NULL,
  chain VARCHAR NOT NULL,
  account VARCHAR NOT NULL
);
