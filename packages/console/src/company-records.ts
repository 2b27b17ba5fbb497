import { AitoError, isAitoError } from "@aito/base";
import {
  acceptance,
  ask,
  forgetByOperator,
  searchByOperator,
  memoryProgress,
  addCommand,
  addPermission,
  answerApproval,
  answerToolPin,
  previewEdit,
  listToolPins,
  answeredView,
  approvalOfToken,
  approvalView,
  type LinkMaker,
  listApprovals,
  listPermissions,
  revokePermission,
  type AnchorStore,
  answerEscalation,
  chainHead,
  type CompanyDeps,
  boardView,
  changeRecord,
  changeSummaries,
  briefing,
  companyNumbers,
  readNumbers,
  createGatewayKey,
  decisionView,
  escalationByToken,
  escalationDetail,
  fleetStatus,
  listAgents,
  listChannels,
  listNotices,
  listBudgets,
  costForecast,
  infraCosts,
  listSavings,
  suggestSaving,
  listCalls,
  listContradictions,
  listSettlements,
  listCosts,
  listDecisions,
  listEscalations,
  listEvents,
  listGatewayKeys,
  listHookDeliveries,
  listHooks,
  listIdeas,
  listMessages,
  listThreads,
  replayMessages,
  talkSpan,
  messageDetail,
  listPublications,
  listRecordings,
  readRecording,
  listReceipts,
  listRuns,
  listSuccess,
  listSwitches,
  listTasks,
  listWorkers,
  overrideDecision,
  promoteIdea,
  pressSwitch,
  propose,
  receiveHook,
  refuseHook,
  resumeSwitch,
  revokeGatewayKey,
  rotateGatewayKey,
  sealedEventsAfter,
  syncBoard,
  deployFleet,
  dryRunFleet,
  explainAgent,
  listLessons,
  fleetRevisionDiff,
  fleetTexts,
  listFleetRevisions,
  moveTask,
  operations,
  orgChart,
  releaseTask,
  setTaskPriority,
  reopenContradiction,
  settleContradiction,
  settleQuarantine,
  taskDesk,
  taskDigest,
  taskFamily,
  showReceipt,
  taskView,
  verifyReceipts,
  exportEvents,
  verifyChain,
  agentState,
  whyAgent,
} from "@aito/company";
import { companyAccounts } from "./company-accounts.ts";
import type { GatewayQuestions } from "./gateway-questions.ts";
import type { Records } from "./records.ts";

const withoutGateway = "the gateway, which has the models, does not answer";

/** The answer to an expected refusal; any other error goes on. */
async function orNull<T>(code: string, read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isAitoError(error, code)) return null;
    throw error;
  }
}

const toolRecords = (
  deps: CompanyDeps,
  gateway: GatewayQuestions | null,
): Pick<Records, "tools" | "signers" | "toolPins" | "answerToolPin" | "channels" | "testChannel" | "notices"> => ({
  channels: async () => {
    const outside = (await gateway?.channels()) ?? null;
    const general = outside && { quietHours: outside.quietHours, remindHours: outside.remindHours };
    return { items: await listChannels(deps, outside), general };
  },
  testChannel: async (channel, by) => {
    const origin = deps.origin?.();
    return (await gateway?.testChannel({ channel, by, ...(origin ? { address: origin.address } : {}) })) ?? gatewayAway();
  },
  notices: (page) => listNotices(deps, page),
  tools: async () => (await gateway?.tools()) ?? gatewayAway(),
  signers: async () => (await gateway?.signers()) ?? gatewayAway(),
  toolPins: () => listToolPins(deps),
  answerToolPin: (tool, by, answer) => answerToolPin(deps, { tool, by, ...answer }),
});

function gatewayAway(): never {
  throw new AitoError("AITO_GATEWAY_AWAY", "the gateway, which has the tools, does not answer now", {
    hint: "see whether it runs with: aito doctor",
    fate: "retry",
    status: 503,
  });
}

/** What waits for a human's approval, and what an operator permits beforehand. */
function approvalRecords(
  deps: CompanyDeps,
  { linkKey, links, gateway }: { linkKey: string; links: () => LinkMaker; gateway: GatewayQuestions | null },
): Pick<
  Records,
  | "tools"
  | "signers"
  | "toolPins"
  | "answerToolPin"
  | "channels"
  | "testChannel"
  | "notices"
  | "approvals"
  | "approval"
  | "approvalForm"
  | "previewEdit"
  | "answerApproval"
  | "permissions"
  | "addPermission"
  | "revokePermission"
> {
  return {
    ...toolRecords(deps, gateway),
    approvals: (page) => listApprovals(deps, links(), page),
    approval: (id) => approvalView(deps, links(), id),
    approvalForm: (token) =>
      orNull(
        "AITO_LINK_UNKNOWN",
        (async () => ({
          approval: await approvalView(deps, links(), approvalOfToken(linkKey, token)),
          rehearsal: deps.rehearsal,
        }))(),
      ),
    previewEdit: (id, args) => previewEdit(deps, { id, arguments: args }),
    answerApproval: async (id, by, answer) => answeredView(await answerApproval(deps, { id, by, answer }), links()),
    permissions: () => listPermissions(deps),
    addPermission: (input, by) => addPermission(deps, input, by),
    revokePermission: (name, by) => revokePermission(deps, name, by),
  };
}

const evidenceRecords = (
  deps: CompanyDeps,
): Pick<
  Records,
  | "recordings"
  | "recording"
  | "receipts"
  | "receipt"
  | "verifyReceipts"
  | "figures"
  | "contradictions"
  | "settleContradiction"
  | "settlements"
  | "reopenContradiction"
  | "numbers"
  | "briefing"
  | "changes"
  | "change"
  | "board"
  | "syncBoard"
  | "hooks"
  | "hookDeliveries"
  | "receiveHook"
  | "refuseHook"
> => ({
  recordings: (page) => listRecordings(deps, page),
  recording: (id) => readRecording(deps, id),
  receipts: (page) => listReceipts(deps, page),
  receipt: (id) => showReceipt(deps, id),
  verifyReceipts: () => verifyReceipts(deps),
  briefing: (hours) => briefing(deps, { hours }),
  figures: () => companyNumbers(deps),
  contradictions: () => listContradictions(deps),
  settleContradiction: (id, settle, by) => settleContradiction(deps, { id, settle, by }),
  settlements: () => listSettlements(deps),
  reopenContradiction: (id, reason, by) => reopenContradiction(deps, { id, reason, by }),
  numbers: (texts) => readNumbers(deps, texts),
  changes: (page) => changeSummaries(deps, page),
  change: (id) => changeRecord(deps, id),
  board: () => boardView(deps),
  syncBoard: () => syncBoard(deps),
  hooks: () => listHooks(deps),
  hookDeliveries: (page) => listHookDeliveries(deps, page),
  receiveHook: (delivery) => receiveHook(deps, delivery),
  refuseHook: (refused) => refuseHook(deps, refused),
});

const costRecords = (
  deps: CompanyDeps,
): Pick<Records, "costForecast" | "costs" | "infraCosts" | "savings" | "suggestSaving" | "calls" | "budgets" | "success"> => ({
  infraCosts: ({ by, since = null, until = null }) => infraCosts(deps, { by, since, until }),
  savings: () => listSavings(deps),
  suggestSaving: (of) => suggestSaving(deps, of),
  costForecast: () => costForecast(deps),
  costs: ({ by, since = null, until = null }) => listCosts(deps, { by, since, until }),
  calls: (page) => listCalls(deps, page),
  budgets: () => listBudgets(deps),
  success: ({ by, since = null }) => listSuccess(deps, { by, since }),
});

/** The console's records over a real company. `publicUrl` is read at each use: a port may be chosen at listen. */
export function companyRecords(
  deps: CompanyDeps,
  options: {
    linkKey: string;
    publicUrl: () => string;
    anchors?: AnchorStore | undefined;
    /** For what needs the embedder or a model; without it questions are answered by words, with the evidence alone. */
    gateway?: GatewayQuestions | null;
  },
): Records {
  const links = () => ({ linkKey: options.linkKey, publicUrl: options.publicUrl() });
  return {
    status: () => fleetStatus(deps),
    agent: async (name) => {
      const found = (await listAgents(deps, { withGone: true })).find((agent) => agent.name === name);
      if (found) return found;
      throw new AitoError("AITO_AGENT_UNKNOWN", `there is no agent "${name}"`, {
        hint: "see the names with: aito agents",
        status: 404,
      });
    },
    agentState: (name) => agentState(deps, name),
    why: (name) => whyAgent(deps, name),
    propose: ({ by, ...proposal }) => propose(deps, by, { ...proposal, validUntil: null }),
    decisions: (page) => listDecisions(deps, page),
    decision: (id) => decisionView(deps, id),
    override: (id, operator, reason) => overrideDecision(deps, { id, operator, reason }),
    escalations: (page) => listEscalations(deps, links(), page),
    escalation: (id) => escalationDetail(deps, links(), id),
    escalationForm: (token) => orNull("AITO_LINK_UNKNOWN", escalationByToken(deps, token)),
    answerByLink: (token, answer) => answerEscalation(deps, { token, answer }),
    answerAsOperator: (escalationId, operator, answer) => answerEscalation(deps, { escalationId, operator, answer }),
    ...approvalRecords(deps, { linkKey: options.linkKey, links, gateway: options.gateway ?? null }),
    ideas: (page) => listIdeas(deps, page),
    promoteIdea: (id) => promoteIdea(deps, id),
    acceptance: () => acceptance(deps),
    ask: async (question) =>
      (await options.gateway?.ask(question)) ?? { ...(await ask(deps, question)), noProse: withoutGateway },
    askRecords: async (question) => ({ ...(await ask(deps, question)), noProse: "from the records alone" }),
    searchMemories: async (request) => (await options.gateway?.memories(request)) ?? (await searchByOperator(deps, request)),
    memory: () => memoryProgress(deps, deps.embedder?.model ?? null),
    forgetMemories: (request, operator) => forgetByOperator(deps, request, operator),
    ...costRecords(deps),
    publications: (page) => listPublications(deps, page),
    ...evidenceRecords(deps),
    keys: () => listGatewayKeys(deps),
    createKey: (input, by) => createGatewayKey(deps, input, by),
    rotateKey: (input, by) => rotateGatewayKey(deps, input, by),
    revokeKey: (name, by) => revokeGatewayKey(deps, name, by),
    ...taskRecords(deps),
    ...roleRecords(deps),
    ...messageRecords(deps),
    events: (page) => listEvents(deps, page),
    eventsAfter: (seq, limit) => sealedEventsAfter(deps, seq, limit),
    head: () => chainHead(deps),
    exportEvents: () => exportEvents(deps, { anchors: options.anchors }),
    verifyEvents: () => verifyChain(deps, { anchors: options.anchors }),
    switches: (which) => listSwitches(deps, which),
    pressSwitch: (press, presser) => pressSwitch(deps, press, presser),
    resumeSwitch: (resume, presser) => resumeSwitch(deps, resume, presser),
    command: (kind, args, by) => addCommand(deps, { kind, arguments: args, by }),
    accounts: companyAccounts(deps, options),
    ping: () => deps.db.ping(),
  };
}

const messageRecords = (deps: CompanyDeps): Pick<Records, "messages" | "message" | "threads" | "talkSpan" | "replay"> => ({
  threads: (page) => listThreads(deps, page),
  talkSpan: (cut) => talkSpan(deps, cut),
  replay: (asked) => replayMessages(deps, asked),
  messages: (page) => listMessages(deps, page),
  message: (id) => messageDetail(deps, id),
});

const taskRecords = (
  deps: CompanyDeps,
): Pick<
  Records,
  | "tasks"
  | "task"
  | "taskFamily"
  | "taskDigest"
  | "requestTask"
  | "moveTask"
  | "setTaskPriority"
  | "settleTask"
  | "releaseTask"
  | "workers"
  | "operations"
> => ({
  tasks: ({ status, ...page }) => listTasks(deps, { ...page, status: status && [status] }),
  task: (id) => taskView(deps, id),
  taskFamily: (id) => taskFamily(deps, id),
  taskDigest: (id) => taskDigest(deps, id),
  requestTask: taskDesk(deps),
  moveTask: (id, to, by) => moveTask(deps, { task: id, to, by }),
  setTaskPriority: (id, priority, by) => setTaskPriority(deps, { task: id, priority, by }),
  settleTask: (id, settle, by) => settleQuarantine(deps, { task: id, settle, by }),
  releaseTask: (id, by) => releaseTask(deps, { task: id, by }),
  workers: () => listWorkers(deps),
  operations: () => operations(deps),
});

const roleRecords = (
  deps: CompanyDeps,
): Pick<
  Records,
  "runs" | "explain" | "lessons" | "org" | "fleetRevisions" | "fleetTexts" | "fleetRevisionDiff" | "dryRunFleet" | "deployFleet"
> => ({
  fleetRevisions: (page) => listFleetRevisions(deps, page),
  fleetTexts: (revision) => fleetTexts(deps, revision),
  fleetRevisionDiff: (revision) => fleetRevisionDiff(deps, revision),
  dryRunFleet: (change) => dryRunFleet(deps, change),
  deployFleet: (change, by) => deployFleet(deps, change, by),
  runs: (agent, limit) => listRuns(deps, { agent, limit }),
  explain: (name) => explainAgent(deps, name),
  lessons: (name) => listLessons(deps, name),
  org: () => orgChart(deps),
});
