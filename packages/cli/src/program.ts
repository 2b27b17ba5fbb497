import { readFileSync } from "node:fs";
import { Command, Help, type Option } from "commander";
import { addAgents } from "./commands/agent-commands.ts";
import { addApiKeys } from "./commands/api-key-commands.ts";
import { addApprovals } from "./commands/approval-commands.ts";
import { addBoard } from "./commands/board-commands.ts";
import { addHooks } from "./commands/hook-commands.ts";
import { addSigners } from "./commands/signer-command.ts";
import { addChannels, addNotices } from "./commands/channel-commands.ts";
import { addChats } from "./commands/chat-commands.ts";
import { addChanges } from "./commands/change-commands.ts";
import { addBriefing } from "./commands/briefing-command.ts";
import { addBackup, addRestore } from "./commands/backup-commands.ts";
import { addDecisions, addPropose } from "./commands/decision-commands.ts";
import { addDoctor } from "./commands/doctor-command.ts";
import { addDown } from "./commands/down-command.ts";
import { addEscalations, addResolve } from "./commands/escalation-commands.ts";
import { addEvents, addLogs } from "./commands/event-commands.ts";
import { addOperators } from "./commands/operator-commands.ts";
import { addOverride } from "./commands/override-command.ts";
import { addCosts } from "./commands/cost-commands.ts";
import { addIdeas } from "./commands/idea-commands.ts";
import { addMemory } from "./commands/memory-commands.ts";
import { addKeys } from "./commands/key-commands.ts";
import { addLogin } from "./commands/login-command.ts";
import { addTools } from "./commands/tool-commands.ts";
import { addPermissions } from "./commands/permission-commands.ts";
import { addRecordings } from "./commands/recording-commands.ts";
import { addContradictions } from "./commands/contradiction-commands.ts";
import { addReceipts } from "./commands/receipt-commands.ts";
import { addService } from "./commands/service-command.ts";
import { addSessions } from "./commands/session-commands.ts";
import { addStatus } from "./commands/status-command.ts";
import { addSwitches } from "./commands/switch-commands.ts";
import { addMessages } from "./commands/message-commands.ts";
import { addTasks, addWorkers } from "./commands/task-commands.ts";
import { addUp } from "./commands/up-command.ts";
import { exitCodesHelp } from "./exit-code-of.ts";
import type { Terminal } from "./terminal.ts";

/** As package.json has it. */
function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** What a call cannot be without is said to be so; a default of nothing is none. */
function optionDescription(option: Option): string {
  const text = new Help().optionDescription(option).replace(/ \(default: (?:""|\[\])\)$/, "");
  return option.mandatory ? `${text} (required)` : text;
}

/** All commands; nothing is read or started until one is parsed. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("aito")
    .description("Runs a company of AI agents in containers; you have the last word.")
    .addHelpText("after", exitCodesHelp)
    .version(version())
    .showHelpAfterError("(see: aito --help)")
    .enablePositionalOptions()
    .configureHelp({ optionDescription });
  addUp(program, terminal);
  addDown(program, terminal);
  addBackup(program, terminal);
  addRestore(program, terminal);
  addService(program, terminal);
  addStatus(program, terminal);
  addBriefing(program, terminal);
  addSwitches(program, terminal);
  addLogin(program, terminal);
  addOperators(program, terminal);
  addSessions(program, terminal);
  addApiKeys(program, terminal);
  addAgents(program, terminal);
  addPropose(program, terminal);
  addDecisions(program, terminal);
  addEscalations(program, terminal);
  addResolve(program, terminal);
  addApprovals(program, terminal);
  addPermissions(program, terminal);
  addTools(program, terminal);
  addIdeas(program, terminal);
  addMemory(program, terminal);
  addReceipts(program, terminal);
  addContradictions(program, terminal);
  addCosts(program, terminal);
  addRecordings(program, terminal);
  addOverride(program, terminal);
  addKeys(program, terminal);
  addTasks(program, terminal);
  addChanges(program, terminal);
  addBoard(program, terminal);
  addHooks(program, terminal);
  addChannels(program, terminal);
  addNotices(program, terminal);
  addChats(program, terminal);
  addSigners(program, terminal);
  addMessages(program, terminal);
  addWorkers(program, terminal);
  addEvents(program, terminal);
  addLogs(program, terminal);
  addDoctor(program, terminal);
  applyEverywhere(program, (command) => {
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  });
  return program;
}

function applyEverywhere(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const child of command.commands) applyEverywhere(child, apply);
}
