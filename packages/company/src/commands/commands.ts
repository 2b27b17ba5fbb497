import { channels } from "@aito/protocol";
import { restartAgent, startAll, stopAll } from "../agents/incarnations.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { insertCommand, takeOpenCommands } from "./queries.ts";

export type CommandKind = "fleet.stop" | "fleet.start" | "agent.restart";

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

/** Carries out open orders; `restarted` are agents whose current container is to be ended. */
export async function takeCommands(deps: CompanyDeps): Promise<{ restart: string[] }> {
  const commands = await transact(deps, (unit) => takeOpenCommands(unit, 20));
  const restart: string[] = [];
  for (const command of commands) {
    if (command.kind === "fleet.stop") await stopAll(deps, command.asked_by);
    if (command.kind === "fleet.start") await startAll(deps, command.asked_by);
    if (command.kind === "agent.restart") {
      const agent = String(command.arguments["agent"]);
      await restartAgent(deps, { agent, by: command.asked_by });
      restart.push(agent);
    }
  }
  return { restart };
}
