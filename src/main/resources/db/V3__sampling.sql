-- How the samples of an attempt were taken; null for those of older versions.
ALTER TABLE attempts ADD COLUMN sampling_inferences_per_sample INTEGER;
ALTER TABLE attempts ADD COLUMN sampling_timer_resolution_millis DOUBLE;
ALTER TABLE attempts ADD COLUMN sampling_warmup_runs INTEGER;
-- A JSON array, as in reports.
ALTER TABLE attempts ADD COLUMN sampling_blocks VARCHAR;

-- Both views again: a view keeps the columns it was made with.
CREATE OR REPLACE VIEW results AS
SELECT
  * EXCLUDE (sequence, ended_at),
  ended_at,
  coalesce(
    list_contains(verdict_reasons, 'software-adapter')
      OR (adapter_software AND coalesce(backend_actual, backend_requested) <> 'wasm'),
    false) AS software
FROM attempts;

CREATE OR REPLACE VIEW profiles AS
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
