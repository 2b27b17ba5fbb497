import type { HelloResponse, RunContext } from "@aito/protocol";

export const runId = "01939000-0000-7000-8000-000000000001";
export const messageId = "01939000-0000-7000-8000-000000000002";
export const taskId = "01939000-0000-7000-8000-000000000003";

export const exampleHello = (more: Partial<HelloResponse> = {}): HelloResponse => ({
  session: "aito_ses_0123456789012345678901234567890123456789012",
  agent: { name: "cmo", role: "cmo", kind: "agent", isHead: false, isCouncil: true, taskId: null },
  company: { slug: "example", name: "Example" },
  profileMarkdown: "# CMO\n\nSells things.",
  model: "claude-sonnet-5-5",
  redis: null,
  heartbeatMs: 20,
  limits: { turnsMax: 8, runSecondsMax: 60, outputTokensMax: 10_000 },
  ...more,
});

export const exampleContext = (more: Partial<RunContext> = {}): RunContext => ({
  now: "2026-11-21T10:00:00.000Z",
  run: runId,
  agent: { name: "cmo", role: "cmo", kind: "agent", isHead: false, isCouncil: true },
  wake: [{ kind: "message", text: "a message from ceo" }],
  askModel: true,
  newSinceLastRun: ["1 message"],
  profile: {
    name: "CMO",
    department: "Marketing",
    reportsTo: "CEO",
    manages: [],
    mission: "Sell.",
    responsibilities: [],
    authority: { minor: [], major: [], critical: [], majorAboveMicroUsd: null, criticalAboveMicroUsd: null },
    loop: { intervalSeconds: 3600, actions: [] },
    git: null,
    communicationStyle: [],
    escalationRules: [],
  },
  state: {},
  history: [],
  historyHits: [],
  dueActions: [],
  tasks: [],
  messages: [
    {
      id: messageId,
      type: "direct",
      from: "ceo",
      to: "cmo",
      payload: { text: "How are sales?" },
      priority: "normal",
      timestamp: "2026-11-21T09:59:00.000Z",
      requires_response: false,
      response_deadline: null,
      in_reply_to: null,
    },
  ],
  decisions: [],
  colleagues: [],
  workerTypes: [],
  budget: { usdTotal: "20000.00", usdLeft: "20000.00" },
  ...more,
});
