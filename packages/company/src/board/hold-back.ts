import { AitoError } from "@aito/base";
import { approvalDefaults, type FleetFile } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { ApprovalRow } from "../approvals/queries.ts";
import { requestApproval } from "../approvals/request-approval.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import type { Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { countWaiting } from "../grants/queries.ts";
import { type HeldRow, isHeldBack, lockTold, markWords, selectUnasked } from "./queries.ts";

/** The tool that stands for it among approvals; no agent holds it. */
export const showOnBoard = "show_on_board";
const summaryCharactersMax = 200;
const authorsMax = 50;

/** What a human approves: these words of this task. */
export interface ShownWords {
  task_id: string;
  title: string;
  text: string;
  summary: string;
}

/** Roles that do nothing but record: what they and their workers write is told nowhere outside. */
export const shadowRoles = (file: FleetFile): string[] =>
  Object.keys(file.roles).filter((role) => autonomyOf(file, role).mode === "shadow");

export const isKeptBack = async (unit: Unit, taskId: string): Promise<boolean> =>
  await isHeldBack(unit, taskId, shadowRoles((await currentFleet(unit)).file));

/** How the approval's call is read again when it is answered, and how the asking leaves its receipt. */
export interface AskedTool {
  version: string;
  schema: Record<string, unknown>;
  receipt(unit: Unit, asked: ApprovalRow): Promise<void>;
}

/**
 * Puts one task before a human whose words come from a run that had read from outside: once for each wording. What is denied, or not
 * answered, is not told.
 */
export async function askToShow(unit: Unit, file: FleetFile, tool: AskedTool): Promise<void> {
  const { waitingMax } = file.approvals ?? approvalDefaults;
  for (const row of await selectUnasked(unit, shadowRoles(file), authorsMax)) {
    const agent = await agentRowById(unit, row.author, { lock: true });
    // Whoever floods a human waits behind its own questions, and nobody else does.
    if ((await countWaiting(unit, agent.id)) >= waitingMax) continue;
    return await ask(unit, file, { row, agent, tool });
  }
}

async function ask(
  unit: Unit,
  file: FleetFile,
  { row, agent, tool }: { row: HeldRow; agent: AgentRow; tool: AskedTool },
): Promise<void> {
  const { task_id, title, text, summary, taint, repository } = row;
  const shown: ShownWords = { task_id, title, text, summary };
  const asked = await requestApproval(unit, file, {
    agent,
    call: {
      tool: showOnBoard,
      schemaVersion: tool.version,
      inputSchema: tool.schema,
      arguments: { ...shown },
      files: [],
      contents: [],
      amountMicroUsd: 0n,
      summary: `show the task "${title}" on the board ${repository}`.slice(0, summaryCharactersMax),
      receiptId: unit.newId(),
      runId: null,
      taskId: task_id,
    },
    rule: "taint",
    why: `the task carries text from outside (${taint})`,
  });
  await tool.receipt(unit, asked);
  await markWords(unit, task_id, "asked", row.words);
}

/** What the approval of it does. Error: AITO_APPROVAL_CHANGED when the task says something else by now. */
export async function releaseToBoard(unit: Unit, shown: ShownWords): Promise<void> {
  const now = await lockTold(unit, shown.task_id);
  if (!now) throw new AitoError("AITO_BOARD_NONE", `task ${shown.task_id} is on no board any more`, { status: 409 });
  if (now.title !== shown.title || now.text !== shown.text || now.summary !== shown.summary) {
    throw new AitoError("AITO_APPROVAL_CHANGED", `task ${shown.task_id} says something else than what was approved`, {
      status: 409,
    });
  }
  await markWords(unit, shown.task_id, "released", now.words);
  await unit.event({ type: "board.released", source: "human", payload: { task: shown.task_id, words: now.words } });
}
