-- Up Migration
-- A contradiction's task is found by metric, entity and period in one text. The metric's own colons are marked in it from now on: without that
-- "a:b" of "c" and "a" of "b:c" were one finding.
UPDATE tasks t SET finding_key = 'contradiction:' || replace(replace(c.metric, '\', '\\'), ':', '\:')
    || substr(t.finding_key, length('contradiction:' || c.metric) + 1)
  FROM (SELECT DISTINCT ON (x.task_id) x.task_id, c.metric FROM contradictions x JOIN claims c ON c.id = x.second_claim
    WHERE x.task_id IS NOT NULL ORDER BY x.task_id, x.id) c
  WHERE t.id = c.task_id AND c.metric ~ '[:\\]' AND starts_with(t.finding_key, 'contradiction:' || c.metric || ':');
