-- Up Migration
-- A task's amount holds its model calls, what is promised from it and the dangerous actions of its decision together. Where the decision
-- gave the task only a part, the actions take of the rest first.

CREATE OR REPLACE FUNCTION aito_task_promised(task uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (coalesce((SELECT sum(d.amount_micro_usd) FROM decisions d
      WHERE d.paid_by_task_id = task AND d.status IN ('pending', 'escalated', 'approved')), 0)
    + coalesce((SELECT sum(t.budget_micro_usd) FROM tasks t WHERE t.paid_by_task_id = task AND t.status <> 'cancelled'), 0)
    + coalesce((SELECT greatest(0, ran.amount - greatest(0, d.amount_micro_usd - t.budget_micro_usd))
        FROM tasks t JOIN decisions d ON d.id = t.decision_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(a.amount_micro_usd), 0) AS amount FROM actions a WHERE a.decision_id = d.id) ran
        WHERE t.id = task), 0))::bigint
$$;
