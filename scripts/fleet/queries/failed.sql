-- Which hosts failed, at which stage, with which error: how many, and one of them to look at.
SELECT module, kernel, failed_stage, errno, count(DISTINCT host_id) AS hosts, min(host_id) AS one_of_them
FROM rows
WHERE kind = 'run' AND verdict = 'failed'
GROUP BY module, kernel, failed_stage, errno
ORDER BY hosts DESC, module, kernel, failed_stage, errno
