import { AitoError, wellFormedDeep } from "@aito/base";
import { type AgentMessage, channels, messageBytesMax, messagePayloads, type MessageType, type Priority } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type AgentRow, selectAgentByName, selectAgents } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { addWork } from "../work/add-work.ts";
import { insertDelivery, insertMessage, markResponded, type MessageRow, selectMessage, selectMessages } from "./queries.ts";

export interface NewMessage {
  type: MessageType;
  /** An agent's name, or `all`, `head`, `clevel`. */
  to: string;
  payload: Record<string, unknown>;
  priority?: Priority;
  requiresResponse?: boolean;
  responseDeadline?: Date | null;
  inReplyTo?: string | null;
  /** Whether it wakes its reader; by default only types that a reader must think about do. */
  wake?: boolean;
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
});

/** Stores a message and rings its channel. The sender is who the session says. Errors: AITO_MESSAGE_INVALID, AITO_AGENT_UNKNOWN. */
export async function sendMessage(
  deps: CompanyDeps,
  from: AgentSession | "operator" | "system",
  message: NewMessage,
): Promise<AgentMessage> {
  return await transact(deps, async (unit) => {
    const name = typeof from === "string" ? from : (await fence(unit, from)).name;
    return await sendMessageIn(unit, name, message);
  });
}

export async function sendMessageIn(unit: Unit, from: string, message: NewMessage): Promise<AgentMessage> {
  const payload = checkPayload(message);
  const readers = await readersOf(unit, from, message.to);
  const sender = await selectAgentByName(unit, from);
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
  };
  if (row.in_reply_to) {
    const original = await selectMessage(unit, row.in_reply_to);
    if (!original) throw new AitoError("AITO_MESSAGE_INVALID", `in_reply_to names no message: ${row.in_reply_to}`);
    await markResponded(unit, original.id);
  }
  await insertMessage(unit, { ...row, from_agent: sender?.id ?? null });
  const envelope = toMessage({ ...row, responded_at: null, created_at: unit.now });
  for (const reader of readers) {
    await insertDelivery(unit, { id: unit.newId(), messageId: row.id, agentId: reader.id });
    if (message.wake ?? wakes[message.type]) await wakeReader(unit, reader, envelope);
  }
  await unit.event({
    type: "message.sent",
    source: from,
    target: message.to,
    payload: { message: row.id, type: row.type, priority: row.priority },
  });
  await unit.ring(channelOf(message.to), { message: envelope });
  return envelope;
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

async function readersOf(unit: Unit, from: string, to: string): Promise<AgentRow[]> {
  if (to !== "all" && to !== "head" && to !== "clevel") return [await agentRow(unit, to)];
  const standing = (await selectAgents(unit)).filter(
    (agent) => agent.kind === "agent" && agent.desired !== "gone" && agent.name !== from,
  );
  if (to === "head") return standing.filter((agent) => agent.is_head);
  return to === "clevel" ? standing.filter((agent) => agent.is_council) : standing;
}

async function wakeReader(unit: Unit, reader: AgentRow, message: AgentMessage): Promise<void> {
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

const channelOf = (to: string): string =>
  to === "all" ? channels.broadcast : to === "head" ? channels.head : to === "clevel" ? channels.clevel : channels.agent(to);

/** Newest first; `before` is the id of the last one already seen. */
export async function listMessages(deps: CompanyDeps, filter: { limit?: number; before?: string } = {}): Promise<AgentMessage[]> {
  const rows = await transact(deps, (unit) =>
    selectMessages(unit, { limit: Math.min(filter.limit ?? 100, 500), before: filter.before }),
  );
  return rows.map(toMessage);
}
