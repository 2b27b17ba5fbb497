import type { Entry } from "./ledger.ts";

export interface Spread {
  n: number;
  p50: number;
  p95: number;
  max: number;
}

export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/**
 * From each kill of a standing agent to the first heartbeat of a later incarnation, as the link saw it. Where Postgres or the engine
 * was away meanwhile, without which nothing can be started, from its return. `again`: agents that were killed anew before that; their
 * time counts from the last kill. `never`: agents that were not heard again.
 */
export function replacements(entries: Entry[], agents: string[]): { ms: number[]; again: number; never: string[] } {
  const ms: number[] = [];
  const never: string[] = [];
  let again = 0;
  const standing = new Set(agents);
  entries.forEach((entry, index) => {
    if (entry.kind !== "fault" || !entry.fault.startsWith("agent:") || entry.kills === 0 || !standing.has(entry.target)) return;
    const before = entries.slice(0, index).findLast((each) => each.kind === "hello" && each.ok && each.agent === entry.target);
    const epoch = before?.kind === "hello" ? before.epoch : 0;
    const next = entries
      .slice(index + 1)
      .find(
        (each) =>
          (each.kind === "beat" && each.ok && each.agent === entry.target && each.epoch > epoch) ||
          (each.kind === "fault" &&
            each.kills > 0 &&
            (each.target === entry.target || each.target === "host" || each.target === "dockerd")),
      );
    const returned = entries.slice(index).findLast((each) => each.kind === "returned" && (!next || each.at <= next.at));
    if (next?.kind === "beat") ms.push(next.at - Math.max(entry.at, returned?.at ?? 0));
    else if (next) again += 1;
    else never.push(entry.target);
  });
  return { ms, again, never };
}

/** By what befell it: how long until somebody's tool call worked again. */
export function recoveries(entries: Entry[]): Record<string, Spread> {
  const found = entries.filter((entry): entry is Extract<Entry, { kind: "recovered" }> => entry.kind === "recovered");
  return Object.fromEntries(
    [...Map.groupBy(found, ({ fault }) => fault)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([fault, all]) => [fault, spreadOf(all.map(({ ms }) => ms))]),
  );
}

/** Promises to an operator, in milliseconds: asserted with exactly these values. */
export const promises = { replacedP95: 10_000, coldStart: 60_000, ended: 10_000 } as const;

export function brokenPromises(entries: Entry[], agents: string[]): string[] {
  const { ms, never } = replacements(entries, agents);
  const p95 = spreadOf(ms).p95;
  const cold = entries.flatMap((entry) => (entry.kind === "recovered" && entry.target === "host" ? [entry.ms] : []));
  return [
    ...never.map((agent) => `I8: ${agent} was killed and never heard again`),
    ...(p95 > promises.replacedP95
      ? [`I8: killed agents are back after ${p95} ms (p95 of ${ms.length}), promised: ${promises.replacedP95}`]
      : []),
    ...cold
      .filter((each) => each > promises.coldStart)
      .map((each) => `I8: the whole host was back after ${each} ms, promised: ${promises.coldStart}`),
  ];
}
