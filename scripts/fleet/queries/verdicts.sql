-- How each kernel does over the fleet: shares of verdicts, counted once for each host by its latest run.
WITH latest AS (
  SELECT kernel, module, verdict, row_number() OVER (PARTITION BY host_id, module ORDER BY recorded_ns DESC, run DESC) AS age
  FROM rows
  WHERE kind = 'run')
SELECT kernel, module, count(*) AS hosts,
  sum(CASE WHEN verdict = 'ok' THEN 1 ELSE 0 END) AS ok,
  sum(CASE WHEN verdict = 'failed' THEN 1 ELSE 0 END) AS failed,
  sum(CASE WHEN verdict IN ('incomplete', 'unknown') THEN 1 ELSE 0 END) AS not_told
FROM latest
WHERE age = 1
GROUP BY kernel, module
ORDER BY kernel, module
