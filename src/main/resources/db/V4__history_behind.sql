-- Up to which record of the journal the history has its rows; those of later records are made from the journal.
CREATE TABLE caught_up (
  upto BIGINT NOT NULL
);
INSERT INTO caught_up
SELECT greatest(
  (SELECT coalesce(max(sequence), 0) FROM journal),
  (SELECT coalesce(max(upto), 0) FROM snapshots));
