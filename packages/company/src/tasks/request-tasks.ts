import { AitoError, canonicalJson, isAitoError, sha256 } from "@aito/base";
import { channels, type TaskRequest, type TaskView } from "@aito/protocol";
import { unknownAgent } from "../agents/agent-row.ts";
import { unknownClient } from "../clients/client-row.ts";
import { type ClientRow, selectClients } from "../clients/queries.ts";
import { type CompanyDeps, type EventOrigin, transact, type Unit } from "../company.ts";
import { insertLetters } from "../messages/queries.ts";
import { type Letter, sayMessage, writeLetter } from "../messages/send-message.ts";
import { type NewWorkRow, writeWork } from "../work/queries.ts";
import { cleanText, createTaskIn, taskLetter, taskWork } from "./create-task.ts";
import {
  type Assignee,
  type RequestedTask,
  selectAssignees,
  selectRequested,
  setRequest,
  type TaskRow,
  writeRequestedTasks,
} from "./queries.ts";
import { toTaskView } from "./task-view.ts";

export interface AskedTask {
  request: TaskRequest;
  /** Who asks, as the audit names them. */
  by: string;
  /** From where. */
  origin: EventOrigin | null;
}

/** `made` is false where the same request had made it before. */
export interface RequestedView {
  task: TaskView;
  made: boolean;
}

/** Two that ask with the same key at this moment: one is told so by the database, and then finds the other's. */
const attemptsMax = 3;

/**
 * Tasks that operators ask for, all in one transaction; each is what `createTask` would make of it. One that is refused is answered with its
 * error and takes nothing from the others: AITO_AGENT_UNKNOWN, AITO_CLIENT_UNKNOWN, AITO_TASK_INVALID, AITO_MESSAGE_TOO_BIG, AITO_TASK_KEY_USED
 * (409, the key came with another request before), AITO_WORKER_TYPE. A request for a worker goes alone.
 */
export async function requestTasks(deps: CompanyDeps, asked: readonly AskedTask[]): Promise<(RequestedView | AitoError)[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestOnce(deps, asked);
    } catch (error) {
      if (attempt >= attemptsMax || (error as { code?: unknown }).code !== "23505") throw error;
    }
  }
}

interface Known {
  agents: Map<string, Assignee>;
  clients: Map<string, ClientRow>;
  /** By key; those that are made now are added. */
  requested: Map<string, { digest: string; task: TaskView }>;
}

interface Made {
  tasks: (TaskRow & RequestedTask)[];
  letters: Letter[];
  work: NewWorkRow[];
}

async function requestOnce(deps: CompanyDeps, asked: readonly AskedTask[]): Promise<(RequestedView | AitoError)[]> {
  let asking: AskedTask | null = null;
  return await transact({ ...deps, origin: () => asking?.origin ?? null }, async (unit) => {
    const known = await readKnown(unit, asked);
    const made: Made = { tasks: [], letters: [], work: [] };
    const answers: (RequestedView | AitoError)[] = [];
    for (const each of asked) {
      asking = each;
      answers.push(await oneOf(unit, each, { known, made }));
    }
    if (made.tasks.length > 0) {
      writeRequestedTasks(unit, made.tasks);
      insertLetters(unit, made.letters);
      writeWork(unit, made.work);
    }
    return answers;
  });
}

async function readKnown(unit: Unit, asked: readonly AskedTask[]): Promise<Known> {
  const named = (of: (each: AskedTask) => string | null): string[] => [...new Set(asked.map(of).filter((name) => name !== null))];
  const keys = named(keyOf);
  const { agents, requested: before } = await selectAssignees(unit, { names: named(({ request }) => request.assignTo), keys });
  const clients = await selectClients(
    unit,
    named(({ request }) => request.client),
  );
  const requested = before ? await selectRequested(unit, keys) : [];
  return {
    agents: new Map(agents.map((agent) => [agent.name, agent])),
    clients: new Map(clients.map((client) => [client.slug, client])),
    requested: new Map(requested.map((row) => [row.request_key!, { digest: row.request_digest!, task: toTaskView(row) }])),
  };
}

/** Keys of two operators are two keys. */
const keyOf = ({ request, by }: AskedTask): string | null => (request.key === null ? null : sha256(`${by}\n${request.key}`));
const digestOf = ({ request }: AskedTask): string => sha256(canonicalJson({ ...request, key: null }));

async function oneOf(
  unit: Unit,
  asked: AskedTask,
  { known, made }: { known: Known; made: Made },
): Promise<RequestedView | AitoError> {
  const key = keyOf(asked);
  const before = key === null ? undefined : known.requested.get(key);
  if (before) return before.digest === digestOf(asked) ? { task: before.task, made: false } : keyUsed(asked.request.key!);
  try {
    const request = { request_key: key, request_digest: key === null ? null : digestOf(asked) };
    const task =
      asked.request.workerType === null
        ? await plain(unit, asked, request, { known, made })
        : await withWorker(unit, asked, request);
    if (key !== null) known.requested.set(key, { digest: request.request_digest!, task });
    return { task, made: true };
  } catch (error) {
    // For a worker rows are written on the way: what is refused then takes all of it back.
    if (isAitoError(error) && asked.request.workerType === null) return error;
    throw error;
  }
}

const keyUsed = (key: string): AitoError =>
  new AitoError("AITO_TASK_KEY_USED", `the key "${key}" came with another request before`, {
    hint: "a new request needs a new key",
    status: 409,
  });

async function withWorker(unit: Unit, { request, by }: AskedTask, requested: RequestedTask): Promise<TaskView> {
  const { key, dueDate, ...task } = request;
  const made = await createTaskIn(unit, null, { ...task, dueDate: dueDate === null ? null : new Date(dueDate), by });
  if (key !== null) await setRequest(unit, made!.id, requested);
  return made!;
}

/** Everything is judged before anything is said: a refused one leaves nothing behind. */
async function plain(
  unit: Unit,
  { request, by }: AskedTask,
  requested: RequestedTask,
  { known, made }: { known: Known; made: Made },
): Promise<TaskView> {
  const assignee = known.agents.get(request.assignTo) ?? refuse(unknownAgent(request.assignTo));
  const client = request.client === null ? null : (known.clients.get(request.client) ?? refuse(unknownClient(request.client)));
  if (assignee.kind === "worker" || assignee.desired === "gone") refuse(cannotTake(assignee));
  const task: TaskRow & RequestedTask = {
    ...untouched,
    ...cleanText(request),
    ...requested,
    id: unit.newId(),
    assigned_to: assignee.id,
    assigned_name: assignee.name,
    priority: request.priority,
    due_date: request.dueDate === null ? null : new Date(request.dueDate),
    client_id: client?.id ?? assignee.client_id,
    client: client?.slug ?? assignee.client,
    created_at: unit.now,
    updated_at: unit.now,
  };
  if (!task.title) refuse(new AitoError("AITO_TASK_INVALID", "a task needs a title"));
  const letter = writeLetter(unit, "operator", { ...taskLetter(task), reader: assignee });
  await unit.event({
    type: "task.created",
    source: by,
    target: assignee.name,
    payload: { task: task.id, title: task.title, status: task.status, workerType: null, decision: null },
  });
  await sayMessage(unit, letter.message);
  const work: NewWorkRow = { ...workRow(unit, task), agent_id: assignee.id };
  await unit.hint(assignee.name, work.id, work.priority);
  await unit.ring(channels.agent(assignee.name), { work: work.kind, ref: work.ref });
  made.tasks.push(task);
  made.letters.push(letter);
  made.work.push(work);
  return toTaskView(task);
}

function workRow(unit: Unit, task: TaskRow): Omit<NewWorkRow, "agent_id"> {
  const { dedupKey, ...work } = taskWork(task);
  return { ...work, id: unit.newId(), dedup_key: dedupKey, available_at: unit.now };
}

function refuse(error: AitoError): never {
  throw error;
}

const cannotTake = ({ name, kind }: Assignee): AitoError =>
  kind === "worker"
    ? new AitoError("AITO_TASK_INVALID", `${name} is a worker: it has its one task already`, {
        hint: "assign the task to a standing agent and name a worker type",
      })
    : new AitoError("AITO_TASK_INVALID", `${name} is gone`, { hint: "see the names with: aito agents" });

/** As a task is that nobody has begun and that stands by itself. */
const untouched = {
  created_by: null,
  created_name: null,
  status: "pending",
  completed_at: null,
  ended_by: null,
  result: null,
  decision_id: null,
  parent_task_id: null,
  worker_type: null,
  worker_agent_id: null,
  worker_name: null,
  attempts: 0,
  finding_key: null,
  budget_micro_usd: null,
  paid_by_task_id: null,
  taint: null,
  tools: null,
  quarantined_at: null,
} as const;
