/** A page about something that an event names. */
export type Lead =
  | { page: "decision" | "task" | "approval" | "receipt" | "change" | "message"; id: string }
  | { page: "agent"; name: string };

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** As alerts name a task that they are about. */
const taskSubject = /^task ([0-9a-f-]{36})$/;

type RecordPage = Exclude<Lead["page"], "agent">;
/** The names under which events carry ids of records that have a page. */
const ids: Record<string, RecordPage> = {
  decision: "decision",
  decisionId: "decision",
  task: "task",
  taskId: "task",
  parentTask: "task",
  approval: "approval",
  approvalId: "approval",
  receipt: "receipt",
  receipts: "receipt",
  receiptId: "receipt",
  change: "change",
  message: "message",
  inReplyTo: "message",
};
/** And names of agents; anybody else may stand there, too. */
const agents = new Set(["agent", "lead", "before", "parent", "from", "to", "by", "subject", "source", "target", "voter", "role"]);

/** Where a value leads, by the name that it has in the event; null: nowhere. `known`: the agents that have a page. */
export function leadOf(name: string, value: string, known: ReadonlySet<string>): Lead | null {
  const page = Object.hasOwn(ids, name) ? ids[name] : undefined;
  if (page !== undefined && id.test(value)) return { page, id: value };
  const task = name === "subject" ? taskSubject.exec(value)?.[1] : undefined;
  if (task !== undefined && id.test(task)) return { page: "task", id: task };
  return agents.has(name) && known.has(value) ? { page: "agent", name: value } : null;
}
