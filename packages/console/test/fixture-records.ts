import { AitoError } from "@aito/base";
import { backNumbers } from "@aito/company";
import type { ApprovalAnswered, BriefingView, CheckedClaim, PermissionView, ReceiptDetail } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import { fixtureAccounts } from "./fixture-accounts.ts";
import { fixtureAgents } from "./fixture-agents.ts";
import { approvalDetail, approvals } from "./fixture-approvals.ts";
import { allOf, type FixtureOptions } from "./fixture-company.ts";
import { contradiction, settlement } from "./fixture-contradiction.ts";
import { budgets, costForecast, costs, infraCosts, savings } from "./fixture-costs.ts";
import { id, messages, start } from "./fixture-data.ts";
import { fixtureDecisions } from "./fixture-decisions.ts";
import { fixtureEscalation, fixtureToken } from "./fixture-escalation.ts";
import { fixtureFleet } from "./fixture-fleet.ts";
import { fixtureHistory } from "./fixture-history.ts";
import { acceptance, ideas } from "./fixture-ideas.ts";
import { fixtureKeys } from "./fixture-keys.ts";
import { askAnswer, memories, untold } from "./fixture-memory.ts";
import { fixtureOutside } from "./fixture-outside.ts";
import { fixturePermissions } from "./fixture-permissions.ts";
import { found, type Note, pageOfRows } from "./fixture-rows.ts";
import { fixtureSwitches } from "./fixture-switches.ts";
import { fixtureTalk } from "./fixture-talk.ts";
import { fixtureTasks } from "./fixture-tasks.ts";
import { fixturePins, fixtureTools } from "./fixture-tools.ts";

const emptyBriefing: BriefingView = {
  company: "AITO",
  from: new Date(start).toISOString(),
  to: new Date(start).toISOString(),
  needsYou: [],
  decisions: [],
  tasks: [],
  ideas: [],
  counts: { needsYou: 0, decisions: 0, tasks: 0, ideas: 0 },
  money: { budgetMicroUsd: "0", leftMicroUsd: "0", approvedMicroUsd: "0", modelMicroUsd: "0", unknownCalls: 0 },
  figures: [],
  unverified: [],
};

/** A company on fixed records: seven agents, a deadlock that waits, finished work. What it was told is in `calls`. */
export function fixtureRecords(options: FixtureOptions = {}) {
  const calls: { name: string; args: unknown[] }[] = [];
  const note: Note = (name, ...args) => void calls.push({ name, args });
  const all = allOf(options);
  const escalation = fixtureEscalation(all, options, note);
  const { accounts, ...people } = fixtureAccounts(note, options.people);
  const records: Records = {
    ...fixtureAgents(all, options, async () => (await escalation.records.escalations({ limit: 9, status: "waiting" })).length),
    ...fixtureDecisions(all, note),
    ...fixtureTasks(all, options, note),
    ...fixtureHistory(all),
    ...fixtureOutside(options),
    ...fixtureSwitches(note),
    ...fixtureKeys(note),
    accounts,
    ...escalation.records,
    ...fixtureFleet(note),
    approvals: async () => (options.empty ? [] : approvals()),
    approval: async (wanted) => {
      const waiting = approvals().find((each) => each.id === wanted);
      return approvalDetail(found(waiting, "APPROVAL"));
    },
    approvalForm: async () => null,
    previewEdit: async (wanted, args) => {
      const waiting = found(
        approvals().find((each) => each.id === wanted),
        "APPROVAL",
      );
      return { arguments: args, amountMicroUsd: waiting.amountMicroUsd, digest: "f".repeat(64), callDigest: "9".repeat(64) };
    },
    answerApproval: async (wanted, by, answer) => {
      note("answerApproval", wanted, by, answer);
      return found<ApprovalAnswered>(undefined, "APPROVAL");
    },
    permissions: async () => (options.empty ? [] : fixturePermissions()),
    tools: async () => (options.empty ? { tools: [], servers: [] } : fixtureTools()),
    signers: async () => ({ items: [] }),
    toolPins: async () => (options.empty ? [] : fixturePins()),
    answerToolPin: async () => {
      throw new Error("no tool waits");
    },
    addPermission: async (input, by) => {
      note("addPermission", input, by);
      return found<PermissionView>(undefined, "PERMISSION");
    },
    revokePermission: async (name, by) => {
      note("revokePermission", name, by);
      return found<PermissionView>(undefined, "PERMISSION");
    },
    ideas: async (page) => (options.empty ? [] : pageOfRows(ideas(), page)),
    promoteIdea: async (wanted) => {
      note("promoteIdea", wanted);
      const idea = found(
        ideas().find((row) => row.id === wanted),
        "IDEA",
      );
      return { ...idea, status: "promoted", decisionId: id(0x104) };
    },
    ask: async (question) => (options.empty || question.includes("elephant") ? untold(question) : askAnswer(question)),
    askRecords: async (question) => (options.empty ? untold(question) : askAnswer(question)),
    searchMemories: async ({ quarantined }) => ({
      by: "meaning",
      told: true,
      items: options.empty ? [] : memories().filter(({ setAside }) => (setAside !== null) === quarantined),
    }),
    memory: async () => ({
      embedder: "use-lite-en",
      total: 1_204,
      embedded: 1_180,
      putOff: 0,
      summaries: { total: 36, embedded: 36 },
      models: [{ model: "use-lite-en", memories: 1_180 }],
    }),
    forgetMemories: async (request, operator) => {
      note("forgetMemories", JSON.stringify(request.which), operator, request.reason);
      return { memories: 0, summaries: 0 };
    },
    acceptance: async () => (options.empty ? [] : acceptance()),
    costs: async ({ by }) => (options.empty ? [] : costs(by)),
    costForecast: async () => costForecast(options.empty),
    infraCosts: async ({ by }) =>
      options.empty
        ? { pricePerHourMicroUsd: null, items: [], total: { containers: 0, seconds: 0, microUsd: null } }
        : infraCosts(by),
    savings: async () => ({ days: 7, items: options.empty ? [] : savings() }),
    suggestSaving: async (of) => (note("suggestSaving", of), ideas()[0]!),
    calls: async () => [],
    budgets: async () => (options.empty ? [] : budgets()),
    recordings: async () => [],
    recording: () => Promise.reject(new AitoError("AITO_RECORDING_UNKNOWN", "there is no such recording", { status: 404 })),
    receipts: async () => [],
    receipt: async () => found<ReceiptDetail>(undefined, "RECEIPT"),
    verifyReceipts: async () => ({ ok: true, checked: 0, unsigned: 0, keys: [], problems: [] }),
    briefing: async () => emptyBriefing,
    figures: async () => ({ verified: [], unverified: [] }),
    contradictions: async () => (options.empty ? [] : [contradiction()]),
    settleContradiction: async (wanted, settle, by) => {
      note("settleContradiction", wanted, settle, by);
      const { sides } = contradiction();
      const is = (side: CheckedClaim): boolean => side.id === settle.holds;
      return { holds: sides.find(is) ?? null, refuted: sides.filter((side) => !is(side)), told: ["cmo", "cto"], tasks: [] };
    },
    settlements: async () => (options.empty ? [] : [settlement()]),
    reopenContradiction: async (wanted, reason, by) => {
      note("reopenContradiction", wanted, reason, by);
      return { figures: settlement().refuted, told: ["cmo", "cto"] };
    },
    numbers: async (texts) => texts.map(({ text }) => backNumbers(text, [])),
    ...fixtureTalk(options.empty ? [] : messages()),
    command: async (kind, args, by) => note("command", kind, args, by),
    ping: async () => undefined,
  };
  return { records, calls, ...people, token: fixtureToken, escalationId: escalation.escalationId };
}
