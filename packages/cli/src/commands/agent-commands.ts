import { AitoError } from "@aito/base";
import { AgentName, AgentState, AgentWhy, FleetStatus, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { agentRows } from "../output/agent-lines.ts";
import { table } from "../output/table.ts";
import { whyLines } from "../output/why-lines.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand } from "./command-kit.ts";

const accepted = 'JSON: {"accepted"}';
const Accepted = z.object({ accepted: z.literal(true) });

export function addAgents(program: Command, terminal: Terminal): void {
  addWhy(program, terminal);
  const group = program.command("agents").description("the fleet's members and workers");
  const list = {
    usage: "list",
    isDefault: true,
    summary: "all agents",
    json: true,
    detail:
      'JSON: [{"name","role","kind","department","status","statusReason","doing","epoch","containerId","lastHeartbeat","restarts",…}]',
  };
  addCommand(group, list, terminal, async (run) => {
    const status = await run.console().get(operatorApi.status, FleetStatus);
    if (run.json) return jsonLine(terminal, status.agents);
    line(
      terminal,
      table(["agent", "status", "epoch", "restarts", "heard", "doing"], agentRows(status.agents, terminal.clock.now())),
    );
  });
  addCommand(
    group,
    {
      usage: "show <name>",
      summary: "everything about one agent",
      json: true,
      detail: 'JSON: as in the list, and "run", "queue", "loop", "profile", "git", "limits", "sessions", "grants", "cost", …',
    },
    terminal,
    async (run, _options, [name]) => {
      const agent = await run.console().get(`${operatorApi.agents}/${nameOf(name!)}`, AgentState);
      if (run.json) return jsonLine(terminal, agent);
      for (const [key, value] of Object.entries(agent)) line(terminal, `${key.padEnd(16)}${shown(value)}`);
    },
  );
  addCommand(
    group,
    {
      usage: "restart <name>",
      summary: "end an agent's container and start the next; ends a quarantine",
      json: true,
      detail: accepted,
    },
    terminal,
    async (run, _options, [name]) => {
      const answer = await run.console().post(`${operatorApi.agents}/${nameOf(name!)}/restart`, {}, Accepted);
      if (run.json) return jsonLine(terminal, answer);
      line(terminal, `${name} is being restarted; watch it with: aito agents show ${name}`);
    },
  );
  addOrders(group, terminal);
}

function addWhy(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "why <name>",
      summary: "why an agent does or does not act: its plan, last action, next try, quarantine, switch, run, waiting work",
      json: true,
      detail:
        'JSON: {"agent","wanted","switch","quarantined","failures","retryAt","replacing","failedRuns","plan","lastAction","run","waitingWork"}',
    },
    terminal,
    async (run, _options, [name]) => {
      const why = await run.console().get(`${operatorApi.agents}/${nameOf(name!)}/why`, AgentWhy);
      if (run.json) return jsonLine(terminal, why);
      for (const text of whyLines(why, terminal.clock.now())) line(terminal, text);
    },
  );
}

function addOrders(group: Command, terminal: Terminal): void {
  const orders = {
    pause: ["give an agent no new work; what it is at, it ends", "is paused; let it go on with: aito agents start"],
    stop: [
      "end an agent's container and keep it stopped; its work is open again",
      "is being stopped; start it with: aito agents start",
    ],
    start: ["let a paused or stopped agent go on", "goes on; watch it with: aito agents show"],
  } as const;
  for (const [verb, [summary, told]] of Object.entries(orders)) {
    addCommand(
      group,
      { usage: `${verb} <name>`, summary, json: true, detail: accepted },
      terminal,
      async (run, _options, [name]) => {
        const answer = await run.console().post(`${operatorApi.agents}/${nameOf(name!)}/${verb}`, {}, Accepted);
        if (run.json) return jsonLine(terminal, answer);
        line(terminal, `${name} ${told} ${name}`);
      },
    );
  }
}

const shown = (value: unknown): string =>
  value === null || value === undefined ? "-" : typeof value === "string" ? value : JSON.stringify(value);

function nameOf(text: string): string {
  const parsed = AgentName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AitoError("AITO_CLI_USAGE", `not an agent's name: "${text}"`, { hint: "see the names with: aito agents list" });
}
