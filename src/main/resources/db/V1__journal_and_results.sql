-- Every start of a controller opens a reign; results of an older one are refused.
CREATE TABLE reigns (
  epoch BIGINT PRIMARY KEY,
  opened_at TIMESTAMPTZ NOT NULL
);

-- What happened, oldest first. The checksum (CRC-32C) covers all other columns.
CREATE TABLE journal (
  sequence BIGINT NOT NULL,
  type VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  happened_at TIMESTAMPTZ NOT NULL,
  payload VARCHAR NOT NULL,
  checksum BIGINT NOT NULL
);

-- One row per ended attempt, written in the transaction of its event in the journal.
CREATE TABLE attempts (
  sequence BIGINT NOT NULL,
  ended_at TIMESTAMPTZ NOT NULL,
  schema INTEGER NOT NULL,
  namespace VARCHAR NOT NULL,
  job VARCHAR NOT NULL,
  uid VARCHAR NOT NULL,
  index INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  epoch BIGINT NOT NULL,
  model_name VARCHAR NOT NULL,
  model_family VARCHAR NOT NULL,
  model_sha256 VARCHAR,
  runtime_name VARCHAR,
  runtime_version VARCHAR,
  backend_requested VARCHAR,
  backend_actual VARCHAR,
  browser_kind VARCHAR,
  browser_version VARCHAR,
  browser_instance VARCHAR,
  browser_arguments VARCHAR[],
  adapter_vendor VARCHAR,
  adapter_architecture VARCHAR,
  adapter_description VARCHAR,
  adapter_software BOOLEAN,
  worker VARCHAR NOT NULL,
  node VARCHAR,
  os VARCHAR,
  started_at TIMESTAMPTZ NOT NULL,
  phases_queue DOUBLE,
  phases_placement DOUBLE,
  phases_browser_start DOUBLE,
  phases_download DOUBLE,
  phases_session_create DOUBLE,
  phases_first_run DOUBLE,
  phases_warmup DOUBLE,
  phases_warm_runs DOUBLE,
  phases_turn DOUBLE,
  phases_overhead DOUBLE,
  wall DOUBLE,
  warm_start BOOLEAN,
  samples DOUBLE[] NOT NULL,
  summary_n INTEGER,
  summary_mean DOUBLE,
  summary_p50 DOUBLE,
  summary_p90 DOUBLE,
  summary_p99 DOUBLE,
  summary_low95 DOUBLE,
  summary_high95 DOUBLE,
  peak_memory_bytes BIGINT,
  correctness_reference VARCHAR,
  correctness_max_error DOUBLE,
  correctness_tolerance DOUBLE,
  outcome VARCHAR NOT NULL,
  code VARCHAR,
  message VARCHAR,
  verdict_level VARCHAR NOT NULL,
  verdict_reasons VARCHAR[] NOT NULL
);

-- Two-sided 95 % quantile of Student's t: exact to 1e-6 up to 12 degrees of freedom, beyond that
-- by the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5), within 1e-5.
CREATE MACRO t95(degrees) AS
  CASE
    WHEN degrees < 1 THEN NULL
    WHEN degrees <= 12 THEN
      [12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851,
       2.364624252, 2.306004135, 2.262157163, 2.228138852, 2.200985160, 2.178812830][degrees::INTEGER]
    ELSE
      1.959963985
      + 2.372273 / degrees
      + 2.822502 / pow(degrees, 2)
      + 2.555851 / pow(degrees, 3)
      + 1.589534 / pow(degrees, 4)
  END;

CREATE VIEW results AS
SELECT
  * EXCLUDE (sequence, ended_at),
  ended_at,
  coalesce(
    list_contains(verdict_reasons, 'software-adapter')
      OR (adapter_software AND coalesce(backend_actual, backend_requested) <> 'wasm'),
    false) AS software
FROM attempts;

CREATE VIEW profiles AS
WITH judged AS (
  SELECT
    *,
    coalesce(backend_actual, backend_requested) AS backend,
    outcome = 'succeeded' AND verdict_level <> 'rejected' AND summary_mean IS NOT NULL AS teaches
  FROM results
  WHERE browser_kind IS NOT NULL AND outcome NOT IN ('cancelled', 'worker-lost')
),
grouped AS (
  SELECT
    model_name,
    arg_max(model_family, started_at) AS model_family,
    browser_kind,
    browser_version,
    backend,
    software,
    count(*) FILTER (teaches) AS n,
    avg(summary_mean) FILTER (teaches) AS mean,
    stddev_samp(summary_mean) FILTER (teaches) AS deviation,
    avg(phases_download + phases_session_create) FILTER (teaches AND NOT warm_start) AS load_mean,
    max(peak_memory_bytes) AS peak_memory_bytes,
    count(*) AS attempts,
    count(*) FILTER (outcome = 'succeeded') / count(*) AS success_ratio,
    max(started_at) AS last_at
  FROM judged
  GROUP BY model_name, browser_kind, browser_version, backend, software
)
SELECT
  model_name,
  model_family,
  browser_kind,
  browser_version,
  backend,
  software,
  n,
  mean,
  mean - t95(n - 1) * deviation / sqrt(n) AS low95,
  mean + t95(n - 1) * deviation / sqrt(n) AS high95,
  load_mean,
  peak_memory_bytes,
  attempts,
  success_ratio,
  last_at
FROM grouped;
