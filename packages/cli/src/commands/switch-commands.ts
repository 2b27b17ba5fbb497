import { AitoError } from "@aito/base";
import { operatorApi, switchLabel, SwitchScope, SwitchView } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { resumeCommand } from "../output/resume-command.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

const Switches = z.object({ items: z.array(SwitchView) });
const scopes = "company, client NAME, department NAME, agent NAME or task ID";
const json = 'JSON: {"id","scope","target","label","reason","pressedBy","pressedFrom","pressedAt","resumedAt",…,"agents":[…]}';

/** `stop`, `resume`, `switches`: an operator's hold on the company. */
export function addSwitches(program: Command, terminal: Terminal): void {
  addStop(program, terminal);
  addResume(program, terminal);
  addCommand<BaseOptions & { all?: boolean }>(
    program,
    {
      usage: "switches",
      summary: "the kill switches that are on",
      json: true,
      detail: json,
      build: (command) => command.option("--all", "also those that were resumed"),
    },
    terminal,
    async (run, options) => {
      const { items } = await run.console().get(`${operatorApi.switches}?all=${options.all ? 1 : 0}`, Switches);
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, options.all ? "no kill switch was ever pressed" : "no kill switch is on");
      line(terminal, table(["stopped", "since", "by", "reason", "now"], items.map(row)));
    },
  );
}

const row = (on: SwitchView): string[] => [
  on.label,
  on.pressedAt,
  on.pressedBy,
  short(on.reason, 50),
  on.resumedAt ? `resumed by ${on.resumedBy}` : `${on.agents.length} agent(s) stopped`,
];

function addStop(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { reason: string }>(
    program,
    {
      usage: "stop <scope> [target]",
      summary: "kill switch: stop the company, a client, a department, an agent or a task, at once and until it is resumed",
      json: true,
      detail: `What can be stopped: ${scopes}.
Calls under way are cut off, containers are killed, nothing is claimed; it holds through every restart. End it with: aito resume
${json}`,
      build: (command) => command.requiredOption("--reason <text>", "why; it is on record"),
    },
    terminal,
    async (run, { reason }, [scope, target]) => {
      const on = await run.console().post(operatorApi.switches, { ...aim(scope!, target), reason }, SwitchView);
      if (run.json) return jsonLine(terminal, on);
      line(terminal, `stopped: ${on.label} (${on.agents.length === 0 ? "no agent at work on it" : on.agents.join(", ")})`);
      line(terminal, `resume it with: ${resumeCommand(on)}`);
    },
  );
}

function addResume(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { reason: string; yes?: boolean }>(
    program,
    {
      usage: "resume <scope> [target]",
      summary: "end a kill switch; what waited goes on",
      json: true,
      detail: `What can be resumed is what was stopped: ${scopes}; see: aito switches\n${json}`,
      build: (command) =>
        command
          .requiredOption("--reason <text>", "why; it is on record")
          .option("--yes", "yes, let it run again: without this nothing is resumed"),
    },
    terminal,
    async (run, { reason, yes }, [scope, target]) => {
      const wanted = aim(scope!, target);
      const { items } = await run.console().get(`${operatorApi.switches}?all=0`, Switches);
      const same = (on: SwitchView): boolean =>
        on.scope === wanted.scope && on.target.toLowerCase() === wanted.target.trim().toLowerCase();
      const on = items.find(same);
      if (!on) {
        throw new AitoError("AITO_SWITCH_UNKNOWN", `no kill switch is on for ${switchLabel(wanted)}`, {
          hint: "see those that are with: aito switches",
          status: 404,
        });
      }
      if (!yes) {
        throw new AitoError("AITO_CLI_USAGE", `${on.label} was stopped by ${on.pressedBy}: "${on.reason}"`, {
          hint: "to let it run again, say --yes",
        });
      }
      const body = { reason, confirm: on.label };
      const ended = await run.console().post(`${operatorApi.switches}/${on.id}/resume`, body, SwitchView);
      if (run.json) return jsonLine(terminal, ended);
      line(terminal, `resumed: ${ended.label}`);
      const left = items.filter((other) => other.id !== on.id);
      if (left.length > 0) line(terminal, `still stopped: ${left.map((other) => other.label).join(", ")}`);
    },
  );
}

function aim(scope: string, target: string | undefined): { scope: SwitchScope; target: string } {
  const parsed = SwitchScope.safeParse(scope);
  if (!parsed.success) throw usage(`"${scope}" cannot be stopped`);
  if (parsed.data === "company" && target !== undefined) throw usage("the company's switch takes no name");
  if (parsed.data !== "company" && !target?.trim()) throw usage(`say which ${parsed.data}`);
  return { scope: parsed.data, target: target ?? "" };
}

const usage = (message: string): AitoError => new AitoError("AITO_CLI_USAGE", message, { hint: `what can be: ${scopes}` });
