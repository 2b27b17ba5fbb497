import { AitoError, wellFormed, wellFormedDeep } from "@aito/base";
import { type AttachedTask, type Fleet, microToUsd, type Proposal, usdToMicro } from "@aito/protocol";
import { argumentsDigest } from "../autonomy/arguments-digest.ts";
import type { Unit } from "../company.ts";
import { type Content, contentDigest, judgeComeBack } from "./come-back.ts";
import { selectVetoed, type StoredAction } from "./queries.ts";

const vetoedMax = 500;

/** The attached work, in well-formed text. Throws AITO_WORKER_TYPE, AITO_DECISION_AMOUNT. */
export function checkTask(fleet: Fleet, { task, usd }: Proposal): AttachedTask | null {
  if (!task) return null;
  if (task.workerType !== null && !(task.workerType in fleet.file.workers)) {
    throw new AitoError("AITO_WORKER_TYPE", `this fleet has no worker type "${task.workerType}"`, {
      hint: `worker types of the fleet file: ${Object.keys(fleet.file.workers).join(", ") || "none"}`,
      status: 422,
    });
  }
  checkAmount("attached task", usdToMicro(task.usd ?? 0), usdToMicro(usd));
  return { ...task, title: wellFormed(task.title), description: wellFormed(task.description) };
}

/** The dangerous call that the approval would release. Throws AITO_DECISION_AMOUNT. */
export function checkAction({ action, usd }: Proposal): StoredAction | null {
  if (!action) return null;
  const amount = usdToMicro(action.usd);
  checkAmount(`attached action ${action.tool}`, amount, usdToMicro(usd));
  const given = action.arguments && (wellFormedDeep(action.arguments) as Record<string, unknown>);
  return {
    v: 1,
    tool: action.tool,
    arguments: given,
    argumentsDigest: given && argumentsDigest(given),
    amountMicroUsd: amount.toString(),
    timesMax: action.timesMax,
  };
}

/** What is attached never costs more than what is decided. */
function checkAmount(what: string, amount: bigint, decided: bigint): void {
  if (amount <= decided) return;
  throw new AitoError(
    "AITO_DECISION_AMOUNT",
    `the ${what} costs $${microToUsd(amount)}, the proposal only $${microToUsd(decided)}`,
    {
      hint: "propose the full amount",
    },
  );
}

/** The content's digest. Throws AITO_DECISION_UNCHANGED or AITO_DECISION_COOL_OFF for what was vetoed before. */
export async function checkComeBack(unit: Unit, fleet: Fleet, content: Content): Promise<string> {
  const digest = contentDigest(content);
  const { coolOffHours } = fleet.file.decisions;
  const since = new Date(unit.now.getTime() - coolOffHours * 3_600_000);
  const vetoed = await selectVetoed(unit, { digest, since, limit: vetoedMax });
  const refusal = judgeComeBack(content, vetoed, { coolOffHours, now: unit.now });
  if (!refusal) return digest;
  const { code, earlier, until } = refusal;
  const why =
    code === "AITO_DECISION_UNCHANGED" ? "and has not changed since" : `and may not come back before ${until.toISOString()}`;
  throw new AitoError(code, `this was vetoed as decision ${earlier} ${why}`, {
    hint: "read the reasons of the veto, change what they are about, and propose that after the cool-off",
    status: 409,
  });
}
