import { FleetStatus, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { agentRows, nextWakeLine, wakeTime } from "../output/agent-lines.ts";
import { statusDocument } from "../output/documents.ts";
import { resumeCommand } from "../output/resume-command.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand } from "./command-kit.ts";

export function addStatus(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "status",
      summary: "the fleet at a glance: agents, budget, what waits for you, what happens next",
      json: true,
      detail:
        'JSON: {"fleet","engine","model","agents":[{"role","kind","status","epoch","containerId","lastHeartbeat","restarts","statusReason"}],"switches":[…]}',
    },
    terminal,
    async (run) => {
      const status = await run.console().get(operatorApi.status, FleetStatus);
      if (run.json) return jsonLine(terminal, statusDocument(status));
      line(terminal, `${status.fleet} (${status.company}) on ${status.engine}, model: ${status.model}`);
      line(terminal, `budget: $${status.budget.usdLeft} left of $${status.budget.usdTotal} this month`);
      for (const on of status.switches)
        line(terminal, `STOPPED: ${on.label}, by ${on.pressedBy}: ${short(on.reason, 100)} (${resumeCommand(on)})`);
      line(
        terminal,
        table(["agent", "status", "epoch", "restarts", "heard", "doing"], agentRows(status.agents, terminal.clock.now())),
      );
      if (status.lead?.acting)
        line(
          terminal,
          `${status.lead.name} acts as lead since ${wakeTime(status.lead.since, terminal.clock.now())}: ${status.lead.reason}`,
        );
      for (const alert of status.alerts ?? [])
        line(terminal, `needs you: ${alert.title} (since ${wakeTime(alert.openedAt, terminal.clock.now())})`);
      if (status.openEscalations > 0) line(terminal, `${status.openEscalations} decision(s) wait for you: aito escalations`);
      line(terminal, nextWakeLine(status.nextWake, terminal.clock.now()));
    },
  );
}
