-- What an upgrade of the kernel changed: stages whose status differs from that before, and on how many hosts.
WITH runs AS (
  SELECT host_id, module, kernel, recorded_ns,
    lag(kernel) OVER (PARTITION BY host_id, module ORDER BY recorded_ns) AS kernel_before,
    lag(recorded_ns) OVER (PARTITION BY host_id, module ORDER BY recorded_ns) AS recorded_before
  FROM rows
  WHERE kind = 'run'),
upgrades AS (
  SELECT * FROM runs WHERE kernel <> kernel_before)
SELECT upgrades.module, kernel_before, upgrades.kernel, new.stage, old.status AS status_before, new.status,
  count(DISTINCT upgrades.host_id) AS hosts
FROM upgrades
JOIN rows AS new ON new.kind = 'stage' AND new.host_id = upgrades.host_id AND new.module = upgrades.module
  AND new.recorded_ns = upgrades.recorded_ns
JOIN rows AS old ON old.kind = 'stage' AND old.host_id = upgrades.host_id AND old.module = upgrades.module
  AND old.recorded_ns = upgrades.recorded_before AND old.stage = new.stage
WHERE old.status <> new.status
GROUP BY upgrades.module, kernel_before, upgrades.kernel, new.stage, old.status, new.status
ORDER BY hosts DESC, module, kernel_before, kernel, stage, status_before, status
