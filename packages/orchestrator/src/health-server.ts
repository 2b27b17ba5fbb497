import type { Logger } from "@aito/base";
import Fastify from "fastify";
import type { Orchestrator } from "./start-orchestrator.ts";

/** A pass older than this means that the reconciler is stuck, whatever the process looks like. */
const passAgeMsMax = 30_000;

/**
 * `/healthz` and `/metrics` on the control network; nothing else is answered. Healthy: this process leads and reconciled lately,
 * or another one leads.
 */
export async function startHealthServer(options: {
  orchestrator: Orchestrator;
  host: string;
  port: number;
  now: () => Date;
  log: Logger;
}): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify({ logger: false });
  const ageMs = (): number | null => {
    const { at } = options.orchestrator.health().lastPass;
    return at === null ? null : options.now().getTime() - at.getTime();
  };
  app.get("/healthz", async (_request, reply) => {
    const { leads, lastPass } = options.orchestrator.health();
    const age = ageMs();
    const ok = !leads || (age !== null && age < passAgeMsMax);
    const waits = lastPass.actions.map((action) => ({ agent: action.agent, do: action.do, why: action.why }));
    return reply.status(ok ? 200 : 503).send({ ok, leads, lastPassMs: age, containers: lastPass.containers, plan: waits });
  });
  app.get("/metrics", async (_request, reply) => {
    return reply.type("text/plain; version=0.0.4").send(metricsText(options.orchestrator, ageMs()));
  });
  const url = await app.listen({ host: options.host, port: options.port });
  options.log.info({ url }, "health server listens");
  return { url, close: () => app.close() };
}

function metricsText(orchestrator: Orchestrator, ageMs: number | null): string {
  const { leads, lastPass } = orchestrator.health();
  const lines = [
    "# TYPE aito_orchestrator_leads gauge",
    `aito_orchestrator_leads ${leads ? 1 : 0}`,
    "# TYPE aito_containers gauge",
    `aito_containers ${lastPass.containers}`,
    "# TYPE aito_reconcile_age_seconds gauge",
    `aito_reconcile_age_seconds ${ageMs === null ? "NaN" : ageMs / 1_000}`,
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    "# TYPE aito_planned_actions gauge",
  ];
  const counts = new Map<string, number>();
  for (const action of lastPass.actions) counts.set(action.do, (counts.get(action.do) ?? 0) + 1);
  for (const [kind, count] of counts) lines.push(`aito_planned_actions{do="${kind}"} ${count}`);
  return `${lines.join("\n")}\n`;
}
