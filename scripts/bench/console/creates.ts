import { operatorApi } from "../../../packages/protocol/src/index.ts";
import { type CompanyDeps, transact } from "../../../packages/company/src/index.ts";
import { row, type Row, timed } from "../measure.ts";
import { makeAsker } from "./ask.ts";
import type { RunningProgram } from "./program.ts";

const creates = 200;
const leadIn = 20;
const parallel = 32;
const secondMs = 1_000;

/**
 * Tasks over HTTP, each with all that belongs to it: who may, request key, row, message, work, audit events, outbox, durable commit, bells.
 * One by one beside a durable commit of one event; then 32 who each ask for the next when the last is made, counted by the second, beside 32
 * who commit an event each.
 */
export async function benchCreates(deps: CompanyDeps, { url, key }: RunningProgram, seconds: number): Promise<Row[]> {
  const asker = makeAsker(url, { authorization: `Bearer ${key}` });
  let made = 0;
  const create = (): Promise<unknown> => {
    made += 1;
    const task = { title: `Made ${made}`, description: "As a human asks for it.", assignTo: "cmo", key: `bench ${made}` };
    return asker.post(operatorApi.tasks, task);
  };
  const commit = (): Promise<unknown> =>
    transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: {} }));
  try {
    const [ours, floors]: [number[], number[]] = [[], []];
    for (let at = -leadIn; at < creates; at += 1) {
      const floor = await timed(commit);
      const took = await timed(create);
      if (at < 0) continue;
      floors.push(floor);
      ours.push(took);
    }
    await perSecond(create, 2);
    const together = await perSecond(create, seconds);
    const committed = await perSecond(commit, seconds);
    return [row("task created", "ms", ours, floors), row(`tasks created, ${parallel} at once`, "/s", together, committed)];
  } finally {
    asker.close();
  }
}

/** How often `parallel` who never rest do it, in each whole second. */
async function perSecond(run: () => Promise<unknown>, seconds: number): Promise<number[]> {
  const counts = Array.from({ length: seconds }, () => 0);
  const began = performance.now();
  const second = (): number => Math.floor((performance.now() - began) / secondMs);
  const worker = async (): Promise<void> => {
    while (second() < seconds) {
      await run();
      const at = second();
      if (at < seconds) counts[at]! += 1;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return counts;
}
