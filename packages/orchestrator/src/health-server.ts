import type { Logger } from "@aito/base";
import { programMetrics } from "@aito/base/metrics";
import { type MetricSample, metricsOf } from "@aito/protocol";
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
  /** The company's own figures, read at each scrape. */
  figures: () => Promise<MetricSample[]>;
}): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify({ logger: false });
  const ageMs = (): number | null => {
    const { at } = options.orchestrator.health().lastPass;
    return at === null ? null : options.now().getTime() - at.getTime();
  };
  const metrics = programMetrics({
    definitions: metricsOf("orchestrator"),
    read: async () => [...passFigures(options.orchestrator, ageMs()), ...(await options.figures())],
    log: options.log,
  });
  app.get("/healthz", async (_request, reply) => {
    const { leads, lastPass } = options.orchestrator.health();
    const age = ageMs();
    const ok = !leads || (age !== null && age < passAgeMsMax);
    const waits = lastPass.actions.map((action) => ({ agent: action.agent, do: action.do, why: action.why }));
    return reply.status(ok ? 200 : 503).send({ ok, leads, lastPassMs: age, containers: lastPass.containers, plan: waits });
  });
  app.get("/metrics", async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.render());
  });
  const url = await app.listen({ host: options.host, port: options.port });
  options.log.info({ url }, "health server listens");
  return { url, close: () => app.close().then(() => metrics.close()) };
}

/** What the last pass saw; the records' figures come beside it. */
function passFigures(orchestrator: Orchestrator, ageMs: number | null): MetricSample[] {
  const { leads, lastPass } = orchestrator.health();
  const counts = new Map<string, number>();
  for (const action of lastPass.actions) counts.set(action.do, (counts.get(action.do) ?? 0) + 1);
  return [
    { name: "aito_orchestrator_leads", labels: {}, value: leads ? 1 : 0 },
    { name: "aito_containers", labels: {}, value: lastPass.containers },
    { name: "aito_reconcile_age_seconds", labels: {}, value: ageMs === null ? 0 : ageMs / 1_000 },
    ...[...counts].map(([kind, value]) => ({ name: "aito_planned_actions", labels: { do: kind }, value })),
  ];
}
