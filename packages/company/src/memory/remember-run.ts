import { redactText } from "@aito/base";
import type { Unit } from "../company.ts";
import { heardSaidRefused } from "./queries.ts";
import { remember } from "./remember.ts";

/** Of each kind, in one run. */
const eachMax = 20;

/**
 * What a run heard, said and got wrong becomes memory too, each with its record: what colleagues wrote is theirs (`agent`), what it
 * wrote itself and which of its tool calls were refused is its own.
 */
export async function rememberRun(
  unit: Unit,
  run: { id: string; agentId: string; startedAt: Date; acknowledged: readonly string[] },
): Promise<void> {
  for (const { kind, id, who, text } of await heardSaidRefused(unit, run, eachMax)) {
    const common = { agentId: run.agentId, runId: run.id };
    const said = redactText(text);
    if (kind === "heard") {
      const from = { source: "agent", sourceRef: who } as const;
      remember(unit, { ...common, ...from, type: "communication", summary: `${who} wrote: ${said}`, details: { message: id } });
    } else if (kind === "said")
      remember(unit, { ...common, type: "communication", summary: `wrote to ${who}: ${said}`, details: { message: id } });
    else remember(unit, { ...common, type: "error", summary: `${who} was refused: ${said}`, details: { receipt: id } });
  }
}
