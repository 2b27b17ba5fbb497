import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { createTask, transact } from "../../packages/company/src/index.ts";
import { agentApi, PollResponse, ReportResponse, RunContext } from "../../packages/protocol/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const warmUp = 20;
const tasks = 200;
const waitMs = 25_000;

/**
 * Task hand-out, hot: from the commit that queued a task to its run in the hands of an agent whose poll is parked at the gateway
 * (bell, claim in Postgres, answer over the unix socket). The floor is one durable transaction.
 */
export async function benchHandout(): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, socketPath } = await openCompany(life);
    const { link } = await enter(deps, life, socketPath, "cmo");
    const once = async (title: string): Promise<number> => {
      let answeredAt = 0;
      const parked = link.post(agentApi.poll, { waitMs }, PollResponse, { timeoutMs: waitMs * 2 }).then((answer) => {
        answeredAt = performance.now();
        return answer;
      });
      // The poll has looked, found nothing and waits.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const task = await createTask(deps, "operator", { title, assignTo: "cmo" });
      const queuedAt = performance.now();
      const { run } = await parked;
      if (!run?.reasons.some((reason) => reason.ref === task.id)) throw new Error("the poll did not bring the task");
      await link.post(agentApi.context, { run: run.id }, RunContext);
      const done = { id: task.id, status: "done", result: { summary: "done", text: null, receipts: [] } };
      const report = { run: run.id, outcome: "done", summary: "done", error: null, modelCalls: 0, task: done };
      await link.post(agentApi.report, report, ReportResponse);
      return Math.max(0, answeredAt - queuedAt);
    };
    // Whatever waits from the start is taken first.
    await link.post(agentApi.poll, { waitMs: 0 }, PollResponse);
    for (let index = 0; index < warmUp; index += 1) await once(`warm-up ${index}`);
    const ours: number[] = [];
    const floors: number[] = [];
    for (let index = 0; index < tasks; index += 1) {
      floors.push(
        await timed(() => transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: {} }))),
      );
      ours.push(await once(`task ${index}`));
    }
    return [row("handout", "ms", ours, floors)];
  } finally {
    await life.close();
  }
}
