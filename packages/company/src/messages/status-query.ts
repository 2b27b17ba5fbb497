import { channels, type CheckedClaim, microToUsd } from "@aito/protocol";
import { agentRow, agentRowById } from "../agents/agent-row.ts";
import { selectAgents } from "../agents/queries.ts";
import { figuresIn } from "../claims/list-claims.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { sumUsageSince } from "../budgets/queries.ts";
import { keeperOfMoney } from "../costs/tell-finance.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { setNextStatusQuery, takeDueStatusQuery } from "../fleet/queries.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { firstTaint } from "../grants/taint.ts";
import { companyStop } from "../kill-switches/find-stop.ts";
import { remember } from "../memory/remember.ts";
import { currentLead } from "../succession/current-lead.ts";
import { createTaskIn } from "../tasks/create-task.ts";
import { countOpenTasks, selectOpenTasksOf } from "../tasks/queries.ts";
import { type Finding, findings, type StatusAnswer } from "./status-findings.ts";
import {
  acknowledgeDeliveries,
  closeStatusQueryRow,
  insertStatusQuery,
  type MessageRow,
  openStatusQueries,
  openStatusRequests,
  statusAnswers,
  type StatusQueryRow,
} from "./queries.ts";
import { sendMessageIn } from "./send-message.ts";

const requestsPerTickMax = 50;
const statusFiguresMs = 86_400_000;
const statusFiguresMax = 20;
const statusTasksMax = 20;

const statusFigure = ({ metric, value, unit, entity, receipts, outside }: CheckedClaim) => ({
  metric,
  value,
  unit,
  entity,
  receipts,
  ...(outside ? { outside } : {}),
});

/** Opens the lead's hourly query when it is due: asks every council member, with a deadline (L13). Returns its id or null. */
export async function openStatusQuery(deps: CompanyDeps): Promise<string | null> {
  return await transact(deps, async (unit) => {
    // Nobody can answer, and their silence would be a finding.
    if (await companyStop(unit)) return null;
    if (!(await takeDueStatusQuery(unit))) return null;
    const { file } = await currentFleet(unit);
    await setNextStatusQuery(unit, new Date(unit.now.getTime() + file.statusQuery.everySeconds * 1_000));
    const lead = await currentLead(unit);
    return await askStatus(unit, lead.name, file.council, file.statusQuery.deadlineSeconds);
  });
}

/** Asks `names` for their status on behalf of `by`. */
export async function askStatus(unit: Unit, by: string, names: string[], deadlineSeconds: number): Promise<string | null> {
  if (names.length === 0) return null;
  const lead = await agentRow(unit, by);
  const deadline = new Date(unit.now.getTime() + deadlineSeconds * 1_000);
  const id = unit.newId();
  await insertStatusQuery(unit, { id, askedBy: lead.id, agents: names, deadlineAt: deadline });
  for (const to of names) {
    await sendMessageIn(unit, by, {
      type: "status_request",
      to,
      payload: { include: ["metrics", "pending_tasks", "blockers"], query_id: id },
      requiresResponse: true,
      responseDeadline: deadline,
    });
  }
  await unit.event({ type: "status.asked", source: by, target: "clevel", payload: { query: id, asked: names } });
  return id;
}

/** Answers waiting status requests of active agents from records: no model call (M05). Returns how many. */
export async function answerStatusRequests(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const requests = await openStatusRequests(unit, requestsPerTickMax);
    const keeper = requests.length > 0 ? await keeperOfMoney(unit) : null;
    for (const request of requests) {
      const agent = await agentRowById(unit, request.agent_id);
      await acknowledgeDeliveries(unit, agent.id, [request.id]);
      // The operator reads the same records in the console; only agents are answered by message.
      if (request.from_name === "operator" || request.from_name === "system") continue;
      const counts = await countOpenTasks(unit, agent.id);
      const tasks = await selectOpenTasksOf(unit, agent.id, null);
      const overdue = tasks.filter((task) => task.due_date && task.due_date < unit.now);
      const queryId = request.payload["query_id"];
      const told = tasks.slice(0, statusTasksMax);
      const blocking = overdue.slice(0, statusTasksMax);
      const figures = await figuresIn(unit, { agentIds: [agent.id], sinceMs: statusFiguresMs });
      const verified = figures.verified.slice(0, statusFiguresMax);
      const unverified = figures.unverified.slice(0, statusFiguresMax);
      await sendMessageIn(unit, agent.name, {
        type: "status_response",
        to: request.from_name,
        inReplyTo: request.id,
        payload: {
          ...(typeof queryId === "string" ? { query_id: queryId } : {}),
          status: agent.doing ?? "idle",
          metrics: {
            open_tasks: counts.open,
            overdue_tasks: counts.overdue,
            failed_tasks_24h: counts.failed,
            restarts: agent.restarts,
            ...(agent.name === keeper ? await moneyOfADay(unit) : {}),
          },
          figures: verified.map(statusFigure),
          unverified: unverified.map(statusFigure),
          pending_tasks: told.map((task) => ({
            id: task.id,
            title: task.title,
            status: task.status,
            due: task.due_date?.toISOString() ?? null,
          })),
          blockers: blocking.map((task) => `overdue: ${task.title}`),
        },
        // Records answer, so that the agent's own run need not have read any of it.
        taint:
          firstTaint([...told, ...blocking], ({ id }) => `task ${id}`) ??
          (await selectTaintOf(
            unit,
            "claims",
            [...verified, ...unverified].map(({ id }) => id),
          )),
      });
    }
    return requests.length;
  });
}

/** What model calls cost within a day, as far as it is known; whoever keeps the money reports it. */
async function moneyOfADay(unit: Unit): Promise<Record<string, number>> {
  const since = new Date(unit.now.getTime() - 86_400_000);
  const { knownMicroUsd, unknownCalls } = await sumUsageSince(unit, since);
  return { model_usd_24h: Number(microToUsd(knownMicroUsd)), model_calls_of_unknown_cost_24h: unknownCalls };
}

/** Closes queries that are complete or past their deadline: aggregates, names who is missing, opens tasks for findings (L14). */
export async function closeStatusQueries(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    let closed = 0;
    for (const query of await openStatusQueries(unit)) {
      const answers = new Map((await statusAnswers(unit, query.id)).map((row) => [row.from_name, row]));
      const missing = query.asked.agents.filter((name) => !answers.has(name));
      if (missing.length > 0 && unit.now < query.deadline_at) continue;
      await closeQuery(unit, query, answers, missing);
      closed += 1;
    }
    return closed;
  });
}

async function closeQuery(unit: Unit, query: StatusQueryRow, answers: Map<string, MessageRow>, missing: string[]): Promise<void> {
  // Asked by one lead, and maybe closed under the next: what follows from it is for who leads now.
  const lead = await agentRow(unit, (await currentLead(unit)).name);
  const standing = new Set((await selectAgents(unit)).filter(({ desired }) => desired !== "gone").map(({ name }) => name));
  const told = new Map([...answers].map(([name, { payload }]) => [name, payload as unknown as StatusAnswer]));
  const found = findings(told, missing).filter((finding) => standing.has(finding.agent));
  const opened: string[] = [];
  for (const finding of found) {
    const task = await createTaskIn(unit, lead, taskFor(finding, lead.name, answers.get(finding.agent)?.taint ?? null));
    if (task) opened.push(task.id);
  }
  const said = [...told.values()];
  const totals = {
    answered: answers.size,
    missing: missing.length,
    findings: found.length,
    tasks_opened: opened.length,
    figures: said.reduce((sum, answer) => sum + (answer.figures?.length ?? 0), 0),
    unverified: said.reduce((sum, answer) => sum + (answer.unverified?.length ?? 0), 0),
  };
  await closeStatusQueryRow(unit, query.id, { v: 1, ...totals, missingAgents: missing, opened });
  const summary =
    `status query: ${answers.size} of ${query.asked.agents.length} answered` +
    `${missing.length > 0 ? `, no answer from ${missing.join(", ")}` : ""}; ${found.length} findings, ${opened.length} tasks opened`;
  remember(unit, { agentId: lead.id, type: "communication", summary, details: { query: query.id } });
  await unit.event({
    type: "status.aggregated",
    source: lead.name,
    payload: { query: query.id, ...totals, missingAgents: missing },
  });
  await unit.ring(channels.agent(lead.name), { status: query.id });
}

/** Its text is the answer's: what that carries, the task does. */
const taskFor = (finding: Finding, lead: string, taint: string | null) => ({
  title: finding.title,
  description: finding.detail,
  // Someone who does not answer cannot look into it: the lead does.
  assignTo: finding.kind === "silent" ? lead : finding.agent,
  priority: 7,
  findingKey: `${finding.kind}:${finding.agent}`,
  taint,
});
