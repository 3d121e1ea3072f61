-- How long each stage takes, by kernel: median, 99th percentile and worst, of runs that succeeded.
SELECT module, kernel, stage, count(*) AS runs,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ns) AS p50_ns,
  percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_ns) AS p99_ns,
  max(duration_ns) AS worst_ns
FROM rows
WHERE kind = 'stage' AND verdict = 'ok' AND duration_ns IS NOT NULL
GROUP BY module, kernel, stage
ORDER BY module, kernel, stage
