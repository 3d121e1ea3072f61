-- Hosts on which a stage takes more than three times as long as the median of its kernel, and at least a millisecond more.
WITH medians AS (
  SELECT module, kernel, stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ns) AS median_ns
  FROM rows
  WHERE kind = 'stage' AND verdict = 'ok' AND duration_ns IS NOT NULL
  GROUP BY module, kernel, stage
  HAVING count(*) >= 30)
SELECT rows.host_id, rows.boot_id, rows.kernel, rows.module, rows.stage, rows.duration_ns, medians.median_ns,
  rows.duration_ns / medians.median_ns AS times
FROM rows
JOIN medians ON medians.kernel = rows.kernel AND medians.module = rows.module AND medians.stage = rows.stage
WHERE rows.kind = 'stage' AND rows.verdict = 'ok' AND rows.duration_ns > 3 * medians.median_ns
  AND rows.duration_ns > medians.median_ns + 1000000
ORDER BY times DESC, rows.host_id, rows.boot_id, rows.stage
