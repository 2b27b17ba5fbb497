import { type DecisionType, microToUsd, type RunContext, usdToMicro } from "@aito/protocol";
import { dollars, share } from "../amounts.ts";
import type { Intent } from "../intent.ts";
import { managedWorkerType, titleCharsMax, workerTaskTitle, workerTypeFor } from "./worker-type.ts";

/** A proposal of this amount, declared as what the agent's own profile makes of it. `work` is what a worker is told. */
export function proposal(
  context: RunContext,
  { title, why, amount, work = why }: { title: string; why: string; amount: bigint; work?: string },
): Intent {
  const type = declaredType(context, amount);
  const left = usdToMicro(context.budget.usdLeft);
  const kind = kindOf(context, type, `${title} ${why}`);
  const workerType = workerTypeFor(`${title} ${why}`, context) ?? (type === "minor" ? null : managedWorkerType(context));
  const task = workerType && { title: workerTaskTitle(workerType, title), description: work, worker_type: workerType };
  return {
    tool: "propose_decision",
    input: {
      title: title.slice(0, titleCharsMax),
      description: `${why}\n\nIt costs ${dollars(amount)}, which is ${share(amount, left)} of the ${dollars(left)} left this month.`,
      type,
      usd: Number(microToUsd(amount)),
      ...(kind ? { kind } : {}),
      ...(task ? { task } : {}),
    },
    say: `I propose "${title}" for ${dollars(amount)}.`,
  };
}

function declaredType({ profile }: RunContext, amount: bigint): DecisionType {
  const above = (limit: string | null): boolean => limit !== null && amount > BigInt(limit);
  if (above(profile.authority.criticalAboveMicroUsd)) return "critical";
  return above(profile.authority.majorAboveMicroUsd) ? "major" : "minor";
}

/** The kind of that level with which the text shares most words of five letters and more; without any, the first of the list. */
function kindOf({ profile }: RunContext, type: DecisionType, text: string): string | null {
  const said = stems(text);
  const scored = profile.authority[type].map((kind) => ({
    kind,
    score: [...stems(kind)].filter((stem) => said.has(stem)).length,
  }));
  return scored.toSorted((a, b) => b.score - a.score)[0]?.kind ?? null;
}

const stems = (text: string): Set<string> =>
  new Set(
    (
      text
        .toLowerCase()
        .replace(/\([^()]*\)/g, " ")
        .match(/[a-z]{5,}/g) ?? []
    ).map((word) => word.replace(/s$/, "")),
  );
