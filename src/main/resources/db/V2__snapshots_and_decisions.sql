-- The state after event `upto`, as events: it takes the place of all events until then. The checksum
-- (CRC-32C) covers all other columns but parts, in which all rows must agree.
CREATE TABLE snapshots (
  upto BIGINT NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  type VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  happened_at TIMESTAMPTZ NOT NULL,
  payload VARCHAR NOT NULL,
  checksum BIGINT NOT NULL
);

-- Why attempts were placed where they were, as JSON: written in the transaction of their events.
CREATE TABLE decisions (
  sequence BIGINT NOT NULL,
  uid VARCHAR NOT NULL,
  index INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  decision VARCHAR NOT NULL
);
