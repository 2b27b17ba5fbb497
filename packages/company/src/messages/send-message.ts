import { AitoError, wellFormedDeep } from "@aito/base";
import { type AgentMessage, channels, messageBytesMax, messagePayloads, type MessageType, type Priority } from "@aito/protocol";
import { agentRow, agentsNamed } from "../agents/agent-row.ts";
import { type AgentName, type AgentRow, selectAgentByName, selectGroup } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { checkPace, type Refusal } from "../conversations/check-pace.ts";
import { checkWait } from "../conversations/check-wait.ts";
import { actingFor } from "../succession/current-lead.ts";
import { addWork } from "../work/add-work.ts";
import { insertDelivery, insertMessage, markResponded, type MessageRow, selectMessage, wasDelivered } from "./queries.ts";

export interface NewMessage {
  type: MessageType;
  /** An agent's name, or `all`, `head`, `clevel`. */
  to: string;
  /** The agent that `to` names, where the caller has just read it. */
  reader?: Pick<AgentName, "id" | "name">;
  payload: Record<string, unknown>;
  priority?: Priority;
  requiresResponse?: boolean;
  responseDeadline?: Date | null;
  inReplyTo?: string | null;
  /** Whether it wakes its reader; by default only types that a reader must think about do. */
  wake?: boolean;
  /** It carries text from outside, whoever writes it; what an agent writes carries what its run has read. */
  taint?: string | null;
}

export interface SentMessage extends AgentMessage {
  /** Why its one reader does not read it now; null when it does, or when it went to a group. */
  readLater: string | null;
}

const wakes: Record<MessageType, boolean> = {
  task: false, // the task itself is work
  status_request: false, // answered from records
  status_response: false, // aggregated by the status query
  decision: false, // ballots and outcomes are work of their own
  vote: false,
  alert: true,
  broadcast: false, // read at the next wake
  direct: true,
};
const groups: ReadonlySet<string> = new Set(["all", "head", "clevel"]);
const priorityNumber: Record<Priority, number> = { low: 3, normal: 5, high: 7, urgent: 9 };

export const toMessage = (row: MessageRow): AgentMessage => ({
  id: row.id,
  type: row.type,
  from: row.from_name,
  to: row.to_name,
  payload: row.payload,
  priority: row.priority,
  timestamp: row.created_at.toISOString(),
  requires_response: row.requires_response,
  response_deadline: row.response_deadline?.toISOString() ?? null,
  in_reply_to: row.in_reply_to,
  ...(row.late ? { late: true as const } : {}),
});

/**
 * Stores a message and rings its channel. The sender is who the session says; what an agent writes is held to the bus' discipline.
 * Errors: AITO_MESSAGE_INVALID, AITO_MESSAGE_TOO_BIG, AITO_AGENT_UNKNOWN, AITO_MESSAGE_GONE (the reader's task is over), and for
 * agents AITO_MESSAGE_{RATE,HOPS,NO_PROGRESS,CYCLE}.
 */
export async function sendMessage(
  deps: CompanyDeps,
  from: AgentSession | "operator" | "system",
  message: NewMessage,
): Promise<SentMessage> {
  const done = await transact(deps, async (unit): Promise<{ sent: SentMessage } | Refusal> => {
    if (typeof from === "string") return { sent: { ...(await sendMessageIn(unit, from, message)), readLater: null } };
    const sender = await fence(unit, from);
    const reader = groups.has(message.to) ? null : await agentRow(unit, message.to);
    const admitted = await admit(unit, sender, reader, message);
    if ("error" in admitted) return admitted;
    const sent = await sendMessageIn(unit, sender.name, admitted.message, { hops: admitted.hops, sender, reader });
    return { sent: { ...sent, readLater: reader && whyLater(reader) } };
  });
  if ("error" in done) throw done.error;
  return done.sent;
}

/** What a refusal writes down (who was stopped, who was told) is stored, so it is returned and not thrown. */
async function admit(
  unit: Unit,
  sender: AgentRow,
  reader: AgentRow | null,
  message: NewMessage,
): Promise<{ message: NewMessage; hops: number } | Refusal> {
  checkPayload(message);
  if (reader?.id === sender.id) {
    throw new AitoError("AITO_MESSAGE_INVALID", "a message to yourself reaches nobody", { hint: "keep it with save_state" });
  }
  if (reader?.desired === "gone") {
    throw new AitoError("AITO_MESSAGE_GONE", `${reader.name} is gone${reader.kind === "worker" ? ": its task is over" : ""}`, {
      hint: "its result is with its task; write to whom it worked for",
      status: 410,
    });
  }
  const asks = message.requiresResponse === true && message.type !== "status_request";
  if (asks && !reader) {
    throw new AitoError("AITO_MESSAGE_INVALID", `nobody in particular would answer: it goes to ${message.to}`, {
      hint: "ask one colleague by name, or send it without requires_response",
    });
  }
  const pace = await checkPace(unit, sender, { reader, inReplyTo: message.inReplyTo ?? null });
  if ("error" in pace) {
    for (const to of pace.tell?.names ?? [])
      await sendMessageIn(unit, "system", { type: "direct", to, payload: { text: pace.tell!.why }, wake: false });
    return pace;
  }
  if (asks) await checkWait(unit, sender.name, message.to);
  const deadline = new Date(unit.now.getTime() + pace.limits.answerSeconds * 1_000);
  return {
    hops: pace.hops,
    message: message.requiresResponse ? { ...message, responseDeadline: message.responseDeadline ?? deadline } : message,
  };
}

/** A colleague who does not run keeps its letters. */
function whyLater({ name, status, status_reason, desired }: AgentRow): string | null {
  if (desired === "running" && (status === "active" || status === "starting")) return null;
  const why = status_reason ?? (desired === "stopped" ? "it was stopped" : null);
  return `${name} does not run now: ${status}${why ? ` (${why})` : ""}; it reads this when it runs again`;
}

/** For what the platform writes; an agent's own messages go through `sendMessage`. */
export async function sendMessageIn(
  unit: Unit,
  from: string,
  message: NewMessage,
  known: { hops: number; sender: AgentRow; reader: AgentRow | null } | null = null,
): Promise<AgentMessage> {
  const payload = checkPayload(message);
  const readers = await readersOf(unit, from, message, known?.reader);
  const row: Omit<MessageRow, "responded_at" | "created_at"> = {
    id: unit.newId(),
    type: message.type,
    from_name: from,
    to_name: message.to,
    payload,
    priority: message.priority ?? "normal",
    requires_response: message.requiresResponse ?? false,
    response_deadline: message.responseDeadline ?? null,
    in_reply_to: message.inReplyTo ?? null,
    late: false,
    hops: known?.hops ?? 0,
    taint: message.taint ?? null,
  };
  if (row.in_reply_to) {
    const by = known ? known.sender : await selectAgentByName(unit, from);
    row.late = await takeAsAnswer(unit, { answer: row, by });
  }
  insertMessage(unit, row);
  const envelope = toMessage({ ...row, responded_at: null, created_at: unit.now });
  for (const reader of readers) {
    insertDelivery(unit, { id: unit.newId(), messageId: row.id, agentId: reader.id });
    if (message.wake ?? wakes[message.type]) await wakeReader(unit, reader, envelope);
  }
  return await sayMessage(unit, row);
}

export interface Letter {
  message: Omit<MessageRow, "responded_at" | "created_at">;
  deliveryId: string;
  readerId: string;
}

/**
 * A message of the platform's to one agent that answers nothing and wakes nobody, to be said by `sayMessage` and stored together with others
 * by `insertLetters`. Errors: AITO_MESSAGE_INVALID, AITO_MESSAGE_TOO_BIG.
 */
export function writeLetter(
  unit: Pick<Unit, "newId">,
  from: string,
  letter: Pick<NewMessage, "type" | "payload" | "priority" | "taint"> & { reader: Pick<AgentName, "id" | "name"> },
): Letter {
  const { type, reader, priority = "normal", taint = null } = letter;
  const message: Letter["message"] = {
    id: unit.newId(),
    type,
    from_name: from,
    to_name: reader.name,
    payload: checkPayload({ ...letter, to: reader.name }),
    priority,
    requires_response: false,
    response_deadline: null,
    in_reply_to: null,
    late: false,
    hops: 0,
    taint,
  };
  return { message, deliveryId: unit.newId(), readerId: reader.id };
}

/** Its event, and the bell of who is to read it. */
export async function sayMessage(unit: Unit, row: Letter["message"]): Promise<AgentMessage> {
  const envelope = toMessage({ ...row, responded_at: null, created_at: unit.now });
  await unit.event({
    type: "message.sent",
    source: row.from_name,
    target: row.to_name,
    payload: { message: row.id, type: row.type, priority: row.priority },
  });
  await unit.ring(channelOf(row.to_name), { message: envelope });
  return envelope;
}

/**
 * Ends the wait for the message that this one answers. True when its deadline had passed: the answer is late. Only who was asked
 * answers, and only to who asked; the platform's own "no answer" ends no wait.
 */
async function takeAsAnswer(
  unit: Unit,
  { answer, by }: { answer: Pick<MessageRow, "in_reply_to" | "to_name" | "payload">; by: AgentRow | null },
): Promise<boolean> {
  const original = await selectMessage(unit, answer.in_reply_to!, { lock: true });
  if (!original) throw new AitoError("AITO_MESSAGE_INVALID", `in_reply_to names no message: ${answer.in_reply_to}`);
  if (answer.payload["no_answer"] !== undefined) return false;
  if (by && !(await wasDelivered(unit, original.id, by.id))) {
    throw new AitoError("AITO_MESSAGE_INVALID", `message ${original.id} was not sent to ${by.name}`, {
      hint: "in_reply_to takes the id of a message that you have read",
    });
  }
  if (original.from_name !== answer.to_name) return false;
  await markResponded(unit, original.id);
  return original.requires_response && original.response_deadline !== null && original.response_deadline < unit.now;
}

function checkPayload(message: NewMessage): Record<string, unknown> {
  const parsed = messagePayloads[message.type].safeParse(wellFormedDeep(message.payload));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "payload"}: ${issue.message}`);
    throw new AitoError("AITO_MESSAGE_INVALID", `a ${message.type} message cannot carry this: ${problems.join("; ")}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes > messageBytesMax) {
    throw new AitoError("AITO_MESSAGE_TOO_BIG", `the message is ${bytes} bytes; at most ${messageBytesMax} are allowed`, {
      status: 413,
    });
  }
  return parsed.data;
}

/** An alert to the lead reaches who acts for it, too. `known`: the one reader, where it has been read already. */
async function readersOf(unit: Unit, from: string, { to, type, reader }: NewMessage, known?: AgentRow | null): Promise<Reader[]> {
  if (to === "all" || to === "head" || to === "clevel") return await selectGroup(unit, to, from);
  const standIn = type === "alert" ? await actingFor(unit, to) : null;
  const one = known ?? reader;
  return [...(one ? [one] : []), ...(await agentsNamed(unit, [...(one ? [] : [to]), ...(standIn ? [standIn] : [])]))];
}

async function wakeReader(unit: Unit, reader: Reader, message: AgentMessage): Promise<void> {
  if (reader.desired === "gone") return;
  const said = message.payload["text"] ?? message.payload["title"];
  const text = typeof said === "string" ? said : message.type;
  await addWork(unit, {
    agent: reader,
    kind: "message",
    ref: message.id,
    reason: `${message.type} from ${message.from}: ${text.replace(/\s+/g, " ").slice(0, 120)}`,
    priority: priorityNumber[message.priority],
  });
}

type Reader = Pick<AgentName, "id" | "name"> & { desired?: AgentName["desired"] };

const channelOf = (to: string): string =>
  to === "all" ? channels.broadcast : to === "head" ? channels.head : to === "clevel" ? channels.clevel : channels.agent(to);
