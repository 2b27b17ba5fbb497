/** One line of `/metrics`: a promise to whoever builds alarms and dashboards on it. */
export interface MetricDefinition {
  name: string;
  type: "gauge" | "counter";
  labels: readonly string[];
  /** The program that shows it; `each`: all three. */
  from: "orchestrator" | "gateway" | "console" | "each";
  help: string;
}

export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const gauge = (from: MetricDefinition["from"], name: string, help: string, ...labels: string[]): MetricDefinition => ({
  name,
  type: "gauge",
  labels,
  from,
  help,
});
const counter = (from: MetricDefinition["from"], name: string, help: string, ...labels: string[]): MetricDefinition => ({
  ...gauge(from, name, help, ...labels),
  type: "counter",
});

/** What one program shows. */
export const metricsOf = (program: Exclude<MetricDefinition["from"], "each">): MetricDefinition[] =>
  metricTable.filter(({ from }) => from === program || from === "each");

/** Everything beside what Node and the process tell of themselves (`process_*`, `nodejs_*`, with the event loop's lag). */
export const metricTable: readonly MetricDefinition[] = [
  gauge("each", "aito_records_readable", "1 when the company's records could be read for this scrape"),
  gauge("orchestrator", "aito_orchestrator_leads", "1 when this orchestrator leads the company"),
  gauge("orchestrator", "aito_reconcile_age_seconds", "age of the reconciler's last pass"),
  gauge("orchestrator", "aito_containers", "containers of the company that the last pass saw"),
  gauge("orchestrator", "aito_planned_actions", "what the last pass wanted to do", "do"),
  gauge("orchestrator", "aito_agents", "agents and workers that are not gone", "status"),
  gauge("orchestrator", "aito_agents_quarantined", "agents that only an operator starts again"),
  counter("orchestrator", "aito_agent_restarts_total", "incarnations after the first"),
  gauge("orchestrator", "aito_queue_waiting", "work that no run has claimed yet", "kind"),
  gauge("orchestrator", "aito_queue_oldest_seconds", "how long the oldest of it waits"),
  counter("orchestrator", "aito_runs_total", "runs by how they ended", "status"),
  counter("orchestrator", "aito_decisions_total", "decisions by where they stand", "status"),
  gauge("orchestrator", "aito_tasks", "tasks by where they stand", "status"),
  gauge("orchestrator", "aito_outbox_waiting", "doorbells and hints that were not published yet"),
  gauge("orchestrator", "aito_outbox_oldest_seconds", "how long the oldest of them waits"),
  gauge("orchestrator", "aito_events_unsealed", "events that are not in the chain yet"),
  counter("gateway", "aito_model_calls_total", "model calls by the upstream's answer", "model", "status"),
  counter("gateway", "aito_model_cost_usd_total", "what they cost, as far as it is known", "model"),
  counter("gateway", "aito_model_cost_unknown_total", "model calls whose cost is not known", "model"),
  counter("gateway", "aito_model_tokens_total", "tokens in and out", "model", "direction"),
  counter("gateway", "aito_tool_calls_total", "tool calls with a receipt", "tool", "ok"),
  gauge("gateway", "aito_tool_breakers_open", "outside systems and tools that are left alone for a while", "name"),
  gauge("gateway", "aito_sessions_live", "incarnations that said hello and stand"),
  gauge("console", "aito_escalations_waiting", "decisions that wait for a human"),
  gauge("console", "aito_escalation_oldest_seconds", "how long the oldest of them waits"),
  gauge("console", "aito_alerts_open", "alerts to the operator that stand"),
];
