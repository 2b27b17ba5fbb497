import { AitoError } from "@aito/base";
import { type DecisionView, type Fleet, microToUsd, type RunContext } from "@aito/protocol";
import { type AgentRow, selectAgents } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import { numberReader, type NumberReader, unverifiedIn } from "../claims/back-numbers.ts";
import { scopeIn } from "../changes/git-scope.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { openDecisionsFor } from "../decisions/open-decisions-for.ts";
import { humanAnswers } from "../ideas/acceptance.ts";
import { stoppedTasks } from "../kill-switches/find-stop.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { selectTaintedMemory, selectTaintOf } from "../grants/queries.ts";
import { firstTaint, taintIn } from "../grants/taint.ts";
import { modelFor } from "../fleet/model-for.ts";
import { meaningOf } from "../memory/meaning.ts";
import { type HistoryRow, readState, recentHistory, type StateRow } from "../memory/queries.ts";
import { searchMemory } from "../memory/search/search-memory.ts";
import { summariesFor } from "../memory/summaries/summaries-for.ts";
import { type MessageRow, unreadMessages } from "../messages/queries.ts";
import { toMessage } from "../messages/send-message.ts";
import { selectOpenTasksOf, type TaskRow } from "../tasks/queries.ts";
import { openTerm } from "../succession/queries.ts";
import { toTaskView } from "../tasks/task-view.ts";
import { spawnableTypes } from "../workers/check-spawn.ts";
import { addShownTasks, beginTask, dueLoopActions, type LoopActionRow, type RunRow, selectRun } from "./queries.ts";
import { whatIsNew } from "./what-is-new.ts";

export const recentActionsMax = 50;
const hitsMax = 10;
export const messagesMax = 50;
/** A slow embedder does not delay a run: older memories are then found by words alone. */
const meaningMsMax = 250;
const questionCharsMax = 2_000;
/** Message types that are written to be read; the others report what the records say as well. */
const saysSomething: ReadonlySet<string> = new Set(["broadcast", "direct", "alert"]);

/** Everything one run needs, in one call; an agent's pending tasks count as running from here on. Error: AITO_RUN_UNKNOWN. */
export async function runContext(deps: CompanyDeps, session: AgentSession, input: { run: string }): Promise<RunContext> {
  const question = await transact(deps, (unit) => whatFor(unit, session, input.run));
  const meaning = await meaningOf(deps, question, { kind: "query", msMax: meaningMsMax });
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const run = await ownRun(unit, session, input.run);
    const fleet = await currentFleet(unit);
    const tasks = await takeUpTasks(unit, agent, run);
    const messages = await unreadMessages(unit, agent.id, messagesMax);
    const decisions = agent.kind === "worker" ? [] : await openDecisionsFor(unit, agent.name);
    const dueActions = await dueLoopActions(unit, agent.id);
    const history = await recentHistory(unit, agent.id, recentActionsMax);
    const { hits } = await searchMemory(unit, {
      text: question,
      meaning,
      statistics: deps.searchStatistics,
      filter: { agentIds: [agent.id], clientId: agent.client_id, notIds: history.map((row) => row.id) },
      limit: hitsMax,
    });
    const summaries = await summariesFor(unit, {
      agentId: agent.id,
      clientId: agent.client_id,
      question: { text: question, meaning },
      // Where all of its history is shown, nothing needs to be summed up.
      before: history.length < recentActionsMax ? null : history.at(-1)!.created_at,
    });
    const state = await readState(unit, agent.id);
    const read = await numberReader(unit);
    const budget = await budgetLeft(unit);
    await taintByContext(unit, agent, { messages, tasks, memories: [...history, ...hits], state, decisions, summaries });
    const { askModel, news } = whatIsNew(run.reasons, dueActions, {
      tasks: tasks.length,
      decisions: decisions.length,
      messages: messages.filter((message) => saysSomething.has(message.type)).length,
    });
    return {
      now: unit.now.toISOString(),
      run: run.id,
      agent: { name: agent.name, role: agent.type, kind: agent.kind, isHead: agent.is_head, isCouncil: agent.is_council },
      wake: run.reasons.map(({ kind, text }) => ({ kind, text })),
      askModel,
      model: modelFor(
        fleet.file,
        { role: agent.type, kind: agent.kind, model: agent.model },
        run.reasons.map((reason) => reason.kind),
      ),
      newSinceLastRun: news,
      profile: agent.profile,
      state: Object.fromEntries(state.map(({ key, value }) => [key, value])),
      stateVersions: Object.fromEntries(state.map(({ key, version }) => [key, version])),
      history: history.map((row) => historyLine(row, read)),
      historyHits: hits.map((row) => historyLine(row, read)),
      historySummaries: summaries.map((each) => ({ ...each, ...unverifiedIn(read, [each.summary]) })),
      dueActions: dueActions.map(actionLine),
      tasks: tasks.map((task) => ({ ...toTaskView(task), status: "running" as const })),
      messages: messages.map((row) => ({ ...toMessage(row), ...unverifiedIn(read, wordsOf(row)) })),
      decisions: decisions.map((each) => ({
        ...each,
        ...unverifiedIn(read, saidOf(each), { amountMicroUsd: each.amountMicroUsd }),
      })),
      lead: await leadNow(unit),
      colleagues: await colleagues(unit, agent),
      autonomy: autonomyFor(fleet, agent),
      workerTypes: spawnableTypes(fleet.file, agent),
      git: await gitOf(unit, agent),
      budget: { usdTotal: microToUsd(budget.totalMicroUsd), usdLeft: microToUsd(budget.leftMicroUsd) },
      humanAnswers: await humanAnswers(unit, agent.id),
    };
  });
}

async function gitOf(unit: Unit, agent: AgentRow): Promise<RunContext["git"]> {
  const scope = await scopeIn(unit, agent);
  return scope && { repository: scope.repository, paths: scope.paths, right: scope.right };
}

/** A run that is shown what somebody outside wrote, at whatever hand, counts as having read it. */
async function taintByContext(
  unit: Unit,
  agent: AgentRow,
  shown: {
    messages: MessageRow[];
    tasks: TaskRow[];
    memories: Pick<HistoryRow, "id" | "taint">[];
    state: StateRow[];
    decisions: { id: string }[];
    summaries: unknown[];
  },
): Promise<void> {
  const source =
    firstTaint(shown.messages, ({ from_name }) => `message from ${from_name}`) ??
    firstTaint(shown.tasks, ({ id }) => `task ${id}`) ??
    firstTaint(shown.memories, ({ id }) => `memory ${id}`) ??
    firstTaint(shown.state, ({ key }) => `state ${key}`) ??
    (await selectTaintOf(
      unit,
      "decisions",
      shown.decisions.map(({ id }) => id),
    )) ??
    (shown.summaries.length > 0 ? await selectTaintedMemory(unit, agent.id) : null);
  if (source !== null) await taintIn(unit, agent, source);
}

/** What the run is about, for retrieval: why it was woken, and the titles of its open tasks. */
async function whatFor(unit: Unit, session: AgentSession, runId: string): Promise<string> {
  await fence(unit, session);
  const run = await ownRun(unit, session, runId);
  const tasks = await selectOpenTasksOf(unit, session.agentId, session.kind === "worker" ? session.taskId : null);
  return [...run.reasons.map((reason) => reason.text), ...tasks.map((task) => task.title)].join(". ").slice(0, questionCharsMax);
}

/** The agent's open tasks that no kill switch covers; from here on they count as running, but for those that were ended this moment. */
async function takeUpTasks(unit: Unit, agent: AgentRow, run: RunRow): Promise<TaskRow[]> {
  const taken: TaskRow[] = [];
  const stopped = new Set(await stoppedTasks(unit));
  for (const task of await selectOpenTasksOf(unit, agent.id, agent.kind === "worker" ? agent.task_id : null)) {
    if (stopped.has(task.id)) continue;
    if (task.status === "pending") {
      if (!(await beginTask(unit, task.id))) continue;
      await unit.event({ type: "task.started", source: agent.name, payload: { task: task.id, title: task.title } });
    }
    taken.push(task);
  }
  const ids = taken.map(({ id }) => id);
  if (ids.length > 0) await addShownTasks(unit, run.id, ids);
  return taken;
}

/** The run, if it is this incarnation's and still open. */
export async function ownRun(unit: Unit, session: AgentSession, id: string): Promise<RunRow> {
  const run = await selectRun(unit, id);
  if (run && run.agent_id === session.agentId && run.epoch === session.epoch && run.status === "running") return run;
  throw new AitoError("AITO_RUN_UNKNOWN", `run ${id} is not an open run of ${session.agent} in epoch ${session.epoch}`, {
    hint: "poll for the next run",
    status: 409,
  });
}

/** A worker acts with the autonomy of whom it works for. */
function autonomyFor(fleet: Fleet, agent: AgentRow): RunContext["autonomy"] {
  const { mode, releases } = autonomyOf(fleet.file, agent.parent_name ?? agent.type);
  return { mode, releases: [...releases] };
}

/** What is not its own work says where it comes from: text from outside is data, whatever it asks for. */
const historyLine = (
  { created_at, action_type, summary, source, source_ref }: Omit<HistoryRow, "taint">,
  read: NumberReader,
) => ({
  at: created_at.toISOString(),
  type: action_type,
  summary,
  ...unverifiedIn(read, [summary]),
  ...(source === "own"
    ? {}
    : { from: `${source === "outside" ? "outside the company" : "a colleague"}: ${source_ref ?? "unknown"}` }),
});
/** What somebody wrote in a message; the platform's own say what the records say. */
const wordsOf = ({ type, from_name, payload }: MessageRow): string[] =>
  from_name !== "system" && saysSomething.has(type)
    ? Object.values(payload).filter((value): value is string => typeof value === "string")
    : [];
/** What agents say of a decision. */
const saidOf = ({ description, rounds, exchange = [] }: DecisionView): string[] => [
  description,
  ...rounds.flatMap(({ votes }) => votes.map(({ reason }) => reason)),
  ...exchange.map(({ text }) => text),
];
const actionLine = (row: LoopActionRow) => ({ text: row.text, everySeconds: row.every_seconds, creative: row.creative });

async function leadNow(unit: Unit): Promise<RunContext["lead"]> {
  const term = await openTerm(unit);
  return term ? { name: term.lead, acting: term.acting } : undefined;
}

async function colleagues(unit: Unit, self: AgentRow): Promise<RunContext["colleagues"]> {
  return (await selectAgents(unit))
    .filter((agent) => agent.kind === "agent" && agent.name !== self.name && agent.desired !== "gone")
    .map((agent) => ({ name: agent.name, role: agent.type, department: agent.department }));
}
