import { ChainReport, EventView, FleetStatus, LoginLink, operatorApi, pageOf } from "@aito/protocol";

import type { ConsoleClient } from "../console/console-client.ts";
import type { Clock } from "@aito/base";
import { short } from "../output/table.ts";
import { awaited } from "../up/awaited.ts";
import { check, type Finding } from "./check.ts";

const sealedMsMax = 5_000;
const runsSeen = 20;

/** Signed in with the operator key, the console gives the fleet; then each standing agent must be active. */
export function checkConsole(client: ConsoleClient): Promise<Finding> {
  return check("console", async () => {
    const status = await client.get(operatorApi.status, FleetStatus);
    return { detail: `${client.url}: ${status.fleet}, engine ${status.engine}, model ${status.model}` };
  });
}

/** Whoever was heard at any time: whether it is active now says its status. */
const everSince = new Date(0).toISOString();

export function checkAgents(client: ConsoleClient): Promise<Finding> {
  return check("agents", async () => {
    const { wanted, missing, beside } = awaited(await client.get(operatorApi.status, FleetStatus), everSince);
    const held = beside.map((each) => `; ${each}`).join("");
    if (missing.length === 0) return { detail: `all ${wanted.length} standing agents that nothing holds back are active${held}` };
    const why = `${missing
      .map((agent) => `${agent.name}: ${agent.status}${agent.statusReason ? ` (${agent.statusReason})` : ""}`)
      .join("; ")}${held}`;
    return { ok: false, detail: why, hint: "see: aito logs; start one anew with: aito agents restart NAME" };
  });
}

/** What came of the newest run in which an agent asked the model: the company's key and way to it, not this terminal's. */
export function checkModelRuns(client: ConsoleClient): Promise<Finding> {
  return check("model", async () => {
    const types = "agent.run.done,agent.run.failed";
    const { items } = await client.get(operatorApi.events, pageOf(EventView), { limit: runsSeen, types });
    const asked = items.find((event) => event.type === "agent.run.failed" || Number(event.payload["modelCalls"]) > 0);
    if (!asked) return { ok: null, detail: "no agent has asked it yet" };
    if (asked.type === "agent.run.done") return { detail: `it answered ${asked.source} at ${asked.at}` };
    return {
      ok: false,
      detail: `the newest run, of ${asked.source} at ${asked.at}, ${short(String(asked.payload["summary"]), 300)}`,
      hint: "is ANTHROPIC_API_KEY right, and can the model be reached? see: aito logs",
    };
  });
}

/**
 * Writes through the whole path and reads back: a login link (which nobody gets) leaves its audit event, and the leading
 * orchestrator must seal that event.
 */
export function checkDatabase(client: ConsoleClient, clock: Clock): Promise<Finding> {
  return check("database", async () => {
    const newest = async (): Promise<EventView | undefined> =>
      (await client.get(operatorApi.events, pageOf(EventView), { limit: 1, types: "operator.login_link" })).items[0];
    const before = await newest();
    await client.post(operatorApi.loginLinks, {}, LoginLink);
    const deadline = clock.now().getTime() + sealedMsMax;
    for (;;) {
      const seen = await newest();
      const written = seen !== undefined && seen.id !== before?.id;
      if (written && seen.seq !== null) return { detail: `a row was written, read back, and sealed as event ${seen.seq}` };
      if (clock.now().getTime() > deadline) {
        return written
          ? {
              ok: false,
              detail: "a row was written and read back, but not sealed",
              hint: "does an orchestrator run? see: aito logs",
            }
          : { ok: false, detail: "what was written could not be read back" };
      }
      await clock.sleep(100);
    }
  });
}

export function checkChain(client: ConsoleClient): Promise<Finding> {
  return check("audit chain", async () => {
    const report = await client.get(operatorApi.eventsVerify, ChainReport);
    return { ok: report.ok, detail: report.ok ? `whole, ${report.count} events` : (report.problem ?? "broken") };
  });
}
