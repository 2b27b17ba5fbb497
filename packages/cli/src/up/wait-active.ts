import { AitoError } from "@aito/base";
import { type AgentView, FleetStatus, operatorApi } from "@aito/protocol";
import type { ConsoleClient } from "../console/console-client.ts";
import { note, type Terminal } from "../terminal.ts";

const pollMs = 150;
const activeMsMax = 180_000;

/**
 * Waits until every standing agent that no kill switch stops is active, telling the count as it grows. `heardSince`: heartbeats before then were an
 * earlier start's (a company that was killed left its agents recorded as active). Error: AITO_CLI_NOT_ACTIVE with who is not, and why.
 */
export async function waitActive(terminal: Terminal, client: ConsoleClient, heardSince: string): Promise<FleetStatus> {
  const withinMs = activeMsMax;
  const startedAt = terminal.clock.now().getTime();
  let told = "";
  for (;;) {
    const status = await client.get(operatorApi.status, FleetStatus).catch(() => null);
    const members = status?.agents.filter((agent) => agent.kind === "agent") ?? [];
    // Who is stopped stays so: a start is no resume.
    const stopped = new Set(status?.switches.flatMap((on) => on.agents) ?? []);
    const standing = members.filter((agent) => !stopped.has(agent.name));
    const isActive = (agent: AgentView): boolean =>
      agent.status === "active" && Date.parse(agent.lastHeartbeat ?? "") >= Date.parse(heardSince);
    const missing = standing.filter((agent) => !isActive(agent));
    const held = members.length - standing.length;
    const beside = held > 0 ? `, ${held} stopped by a kill switch (aito switches)` : "";
    const count = `${standing.length - missing.length} of ${standing.length} agents active${beside}`;
    if (members.length > 0 && count !== told) note(terminal, `  ${count}`);
    told = members.length > 0 ? count : told;
    if (status && members.length > 0 && missing.length === 0) return status;
    terminal.signal.throwIfAborted();
    if (terminal.clock.now().getTime() - startedAt > withinMs) {
      const why = missing
        .map((agent) => `${agent.name} is ${agent.status}${agent.statusReason ? ` (${agent.statusReason})` : ""}`)
        .join("; ");
      throw new AitoError(
        "AITO_CLI_NOT_ACTIVE",
        `not all agents became active within ${withinMs / 1_000} s: ${why || "the console does not list any"}`,
        {
          hint: "see: aito status, aito logs, aito doctor",
        },
      );
    }
    await terminal.clock.sleep(pollMs, terminal.signal);
  }
}
