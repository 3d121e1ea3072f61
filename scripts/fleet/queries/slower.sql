-- Hosts whose init became slower with an upgrade of the kernel, by how much: the ones that doubled.
WITH runs AS (
  SELECT host_id, module, kernel, run_duration_ns,
    lag(kernel) OVER (PARTITION BY host_id, module ORDER BY recorded_ns) AS kernel_before,
    lag(run_duration_ns) OVER (PARTITION BY host_id, module ORDER BY recorded_ns) AS duration_before_ns
  FROM rows
  WHERE kind = 'run' AND verdict = 'ok')
SELECT host_id, module, kernel_before, kernel, duration_before_ns, run_duration_ns,
  CAST(run_duration_ns AS DOUBLE) / duration_before_ns AS times
FROM runs
WHERE kernel <> kernel_before AND run_duration_ns > 2 * duration_before_ns
ORDER BY times DESC, host_id, module
