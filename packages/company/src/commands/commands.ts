import { errorText, isAitoError } from "@aito/base";
import { channels } from "@aito/protocol";
import { type Hold, holdAgentIn } from "../agents/hold-agent.ts";
import { restartAgentIn, setAllIn } from "../agents/incarnations.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { type CommandRow, endCommand, insertCommand, nextCommand } from "./queries.ts";

export type CommandKind = "fleet.stop" | "fleet.start" | "agent.restart" | `agent.${Hold}`;

const commandsAtOnceMax = 20;

/** Leaves an operator's order for the orchestrator: a row, and a doorbell. */
export async function addCommand(
  deps: CompanyDeps,
  command: { kind: CommandKind; arguments: Record<string, unknown>; by: string },
): Promise<void> {
  await transact(deps, async (unit) => {
    await insertCommand(unit, { id: unit.newId(), kind: command.kind, arguments: command.arguments, asked_by: command.by });
    await unit.event({ type: "operator.command", source: command.by, payload: { kind: command.kind, ...command.arguments } });
    await unit.ring(channels.orchestrator, { reason: "command" });
  });
}

/**
 * Carries out open orders, oldest first, each in one transaction with its end: none is lost or done twice, and one that cannot be
 * done is ended with the reason and keeps no other from being done. `restarted` are agents whose current container is to be ended.
 */
export async function takeCommands(deps: CompanyDeps): Promise<{ restart: string[] }> {
  const restart: string[] = [];
  for (let taken = 0; taken < commandsAtOnceMax; taken += 1) {
    const command = await takeOne(deps);
    if (!command) break;
    if (command.kind === "agent.restart" && command.done) restart.push(String(command.arguments["agent"]));
  }
  return { restart };
}

async function takeOne(deps: CompanyDeps): Promise<(CommandRow & { done: boolean }) | null> {
  let failing: CommandRow | null = null;
  try {
    return await transact(deps, async (unit) => {
      const command = await nextCommand(unit);
      if (!command) return null;
      failing = command;
      await carryOut(unit, command);
      await endCommand(unit, command.id, { v: 1, ok: true });
      return { ...command, done: true };
    });
  } catch (error) {
    const command = failing as CommandRow | null;
    // What may succeed later is tried again at the next tick.
    if (!command || !isAitoError(error) || error.fate === "retry") throw error;
    await transact(deps, (unit) =>
      endCommand(unit, command.id, { v: 1, ok: false, code: error.code, message: errorText(error) }),
    );
    return { ...command, done: false };
  }
}

const holds: Record<string, Hold> = { "agent.pause": "pause", "agent.stop": "stop", "agent.start": "start" };

async function carryOut(unit: Unit, command: CommandRow): Promise<void> {
  const hold = holds[command.kind];
  if (hold) await holdAgentIn(unit, { agent: String(command.arguments["agent"]), hold, by: command.asked_by });
  if (command.kind === "fleet.stop") await setAllIn(unit, "stopped", command.asked_by);
  if (command.kind === "fleet.start") await setAllIn(unit, "running", command.asked_by);
  if (command.kind === "agent.restart") {
    await restartAgentIn(unit, { agent: String(command.arguments["agent"]), by: command.asked_by });
  }
}
