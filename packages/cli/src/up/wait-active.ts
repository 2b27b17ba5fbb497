import { AitoError } from "@aito/base";
import { FleetStatus, operatorApi } from "@aito/protocol";
import type { ConsoleClient } from "../console/console-client.ts";
import { note, type Terminal } from "../terminal.ts";
import { awaited } from "./awaited.ts";

const pollMs = 150;
const activeMsMax = 180_000;

/**
 * Waits until every standing agent that nothing holds back is active, telling the count as it grows. `heardSince`: heartbeats before then were an
 * earlier start's (a company that was killed left its agents recorded as active). Error: AITO_CLI_NOT_ACTIVE with who is not, and why.
 */
export async function waitActive(terminal: Terminal, client: ConsoleClient, heardSince: string): Promise<FleetStatus> {
  const withinMs = activeMsMax;
  const startedAt = terminal.clock.now().getTime();
  let told = "";
  for (;;) {
    const status = await client.get(operatorApi.status, FleetStatus).catch(() => null);
    const { wanted, missing, beside } = status ? awaited(status, heardSince) : { wanted: [], missing: [], beside: [] };
    const isListed = wanted.length > 0 || beside.length > 0;
    const count = [`${wanted.length - missing.length} of ${wanted.length} agents active`, ...beside].join("; ");
    if (isListed && count !== told) note(terminal, `  ${count}`);
    told = isListed ? count : told;
    if (status && isListed && missing.length === 0) return status;
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
