import { waitFor } from "../wait-for.ts";
import type { ChaosStack } from "./chaos-stack.ts";

/** After a service is back, somebody's tool call must work again within this; the run fails if none does at all. */
export const workingMsMax = 180_000;

/** Ends early when `ending` aborts. */
export const pause = (ms: number, ending?: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (ending?.aborted) return done();
    const timer = setTimeout(done, ms);
    ending?.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
export const containerOf = (stack: ChaosStack, agent: string): string => `aito-${stack.slug}-${agent}`;

/** SIGKILL from outside. False when there was nothing to kill. */
export async function killAgent(stack: ChaosStack, agent: string, fault: string): Promise<boolean> {
  try {
    await stack.docker().getContainer(containerOf(stack, agent)).kill({ signal: "SIGKILL" });
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404 || statusCode === 409 || statusCode === undefined) return false;
    throw error;
  }
  stack.ledger.add({ kind: "fault", fault, target: agent, kills: 1 });
  return true;
}

/** Notes how long it took from `since` until somebody's tool call worked again. */
export async function working(stack: ChaosStack, fault: string, since = Date.now()): Promise<void> {
  const from = stack.ledger.entries.length;
  await waitFor(
    () => stack.ledger.entries.slice(from).some((entry) => entry.kind === "tool" && entry.ok === true && entry.sentAt >= since),
    (is) => is,
    workingMsMax,
  ).then(
    () => stack.ledger.add({ kind: "recovered", fault, target: "company", ms: Date.now() - since }),
    () => stack.ledger.add({ kind: "broken", what: `${fault}: no tool call worked within ${workingMsMax / 1_000} s` }),
  );
}

/** Notes that a service without which nothing can be started answers again. */
export async function returned(stack: ChaosStack, target: "postgres" | "engine"): Promise<void> {
  if (target === "postgres") {
    await waitFor(
      () => stack.postgres.sql("postgres", "select 1"),
      (one) => one.trim() === "1",
      workingMsMax,
    );
  }
  stack.ledger.add({ kind: "returned", target });
}
