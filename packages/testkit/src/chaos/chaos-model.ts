import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunContext } from "@aito/protocol";
import { pause } from "./fault-outcomes.ts";
import type { Ledger } from "./ledger.ts";
import type { Traps } from "./trap.ts";

interface Block {
  type: string;
  [key: string]: unknown;
}
interface Request {
  model: string;
  messages: { role: string; content: string | Block[] }[];
  tool_choice?: { type: string };
  tools?: { name: string }[];
}
type Use = { name: string; input: Record<string, unknown> };

/** What one run asks for at most: an agent may call 60 tools at once, then two a second. */
const callsPerTurnMax = 24;
/** One step is tried so often in a run. */
const triesMax = 4;
/** Who was told to be slower waits so long. */
const tooFastMs = 1_500;

/**
 * A model that works through its tasks in as few turns as it can, over the Messages API, and notes each question. What it does:
 * casts the ballots that wait for it (the second head against everything, so that a human is asked), publishes what a task of a
 * decision names, tells a colleague, and hands in every task of its context.
 */
export async function startChaosModel(options: {
  ledger: Ledger;
  traps: Traps;
}): Promise<{ url: string; close(): Promise<void> }> {
  const { ledger, traps } = options;
  let calls = 0;
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const text = Buffer.concat(parts).toString("utf8");
      void answer(text, response).catch((error: unknown) => {
        ledger.add({ kind: "broken", what: `the model failed: ${String(error)}` });
        response.destroy();
      });
    });
    incoming.on("error", () => undefined);
  });

  async function answer(text: string, response: ServerResponse): Promise<void> {
    if (/aito_(?:run|ses|red)_[A-Za-z0-9_-]{20}/.test(text)) {
      ledger.add({ kind: "broken", what: "a question to the model holds a token" });
    }
    const request = JSON.parse(text) as Request;
    const context = contextOf(request);
    const turn = request.messages.filter((message) => message.role === "assistant").length + 1;
    const agent = context.agent.name;
    ledger.add({
      kind: "asked",
      agent,
      run: context.run,
      turn,
      tasks: context.tasks.map((task) => task.id),
      messages: context.messages.map((message) => message.id),
    });
    if (await traps.pass("model asked", agent)) return void response.destroy();
    const offered = request.tool_choice?.type === "none" ? new Set<string>() : new Set(request.tools?.map((tool) => tool.name));
    const uses = nextUses(context, request)?.filter((use) => offered.has(use.name));
    if (!uses) return void response.writeHead(400, { "content-type": "application/json" }).end(cannotGoOn);
    calls += 1;
    if (lastCalls(request).some(isTooFast)) await pause(tooFastMs);
    stream(response, { id: `msg_${calls}`, model: request.model, uses: uses.slice(0, callsPerTurnMax), turn });
    await traps.pass("model answered", agent);
  }

  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

const blocksOf = (content: string | Block[]): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

function contextOf(request: Request): RunContext {
  const first = blocksOf(request.messages[0]!.content)
    .map((block) => (typeof block["text"] === "string" ? block["text"] : ""))
    .join("\n");
  const from = first.indexOf("<context>");
  const to = first.lastIndexOf("</context>");
  if (from < 0 || to < 0) throw new Error("no <context> block");
  return JSON.parse(first.slice(from + "<context>".length, to)) as RunContext;
}

const cannotGoOn = JSON.stringify({
  type: "error",
  error: { type: "invalid_request_error", message: "a tool fails again and again: this run is given up, to be tried again" },
});

/** The results of the last turn. */
function lastCalls(request: Request): Done[] {
  const last = request.messages.at(-1);
  const ids = new Set(last ? blocksOf(last.content).map((block) => block["tool_use_id"]) : []);
  return pastUses(request).filter(({ id }) => ids.has(id));
}

interface Done {
  id: string;
  name: string;
  input: Record<string, unknown>;
  ok: boolean;
  text: string;
}

function pastUses(request: Request): Done[] {
  const blocks = request.messages.flatMap((message) => blocksOf(message.content));
  const results = new Map(blocks.filter((block) => block.type === "tool_result").map((block) => [block["tool_use_id"], block]));
  return blocks
    .filter((block) => block.type === "tool_use")
    .map((block) => {
      const result = results.get(block["id"]);
      return {
        id: String(block["id"]),
        name: String(block["name"]),
        input: block["input"] as Record<string, unknown>,
        ok: result !== undefined && result["is_error"] !== true,
        text: JSON.stringify(result?.["content"] ?? ""),
      };
    });
}

/** A call that may be made again: it was not run, or nobody knows whether it was. */
const mayRepeat = (call: Done): boolean =>
  !call.ok && (isTooFast(call) || /the call failed|AITO_GATEWAY|AITO_DB|not run:/.test(call.text));
const isTooFast = (call: Done): boolean => !call.ok && /AITO_(?:TOOL|MESSAGE|TASK)_RATE/.test(call.text);
/** What is refused for good is not there: its task must not be handed in as if it were. */
const isRefused = (call: Done): boolean => !call.ok && /AITO_MESSAGE_/.test(call.text) && !isTooFast(call);

/** What to call next: of each job the first step that is not settled. Null: something failed again and again, and the run with it. */
function nextUses(context: RunContext, request: Request): Use[] | null {
  const past = pastUses(request);
  const triesOf = (use: Use): Done[] =>
    past.filter((call) => call.name === use.name && JSON.stringify(call.input) === JSON.stringify(use.input));
  const next: Use[] = [];
  for (const job of jobsOf(context)) {
    if (job.some((use) => triesOf(use).some(isRefused))) return null;
    const step = job.find((use) => !triesOf(use).some((call) => !mayRepeat(call)));
    if (step && triesOf(step).length >= triesMax) return null;
    if (step) next.push(step);
  }
  return next;
}

function jobsOf(context: RunContext): Use[][] {
  const { agent } = context;
  const votes = context.decisions
    .filter((decision) => {
      const round = decision.rounds.find((each) => each.round === decision.round);
      return decision.status === "pending" && !round?.votes.some((vote) => vote.voter === agent.name && vote.castAt !== null);
    })
    .map((decision): Use[] => {
      // One head for, one against, the council split: every question ends with a human.
      const vote = agent.name === "dao" || ["cfo", "cco"].includes(agent.name) ? "veto" : "approve";
      return [
        {
          name: "cast_vote",
          input: { decision_id: decision.id, vote, reason: `${agent.name} says ${vote}.`, round: decision.round },
        },
      ];
    });
  return [...votes, ...context.tasks.map((task) => stepsOf(task, context))];
}

/** In this order: a task is handed in when the rest of it is done. */
function stepsOf(task: RunContext["tasks"][number], context: RunContext): Use[] {
  // The text names the run: of two runs that hand in the same task, it shows which one counted.
  const done: Use = {
    name: "complete_task",
    input: { task_id: task.id, summary: `did ${task.title}`, text: `${task.title} in run ${context.run}` },
  };
  // Without a call that shows work a task is not taken.
  const kept: Use = { name: "save_work", input: { task_id: task.id, text: `${task.title} in run ${context.run}` } };
  if (task.title.startsWith("publish ")) {
    const text = { title: task.title, text: task.title, usd: 0 };
    return [{ name: "publish_text", input: task.decisionId ? { ...text, decision_id: task.decisionId } : text }, kept, done];
  }
  const colleague = context.colleagues[0];
  if (task.title.startsWith("tell ") && colleague) {
    return [{ name: "send_message", input: { to: colleague.name, type: "direct", text: task.title } }, kept, done];
  }
  return [kept, done];
}

function stream(response: ServerResponse, message: { id: string; model: string; uses: Use[]; turn: number }): void {
  const { uses } = message;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 100, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const start = { id: message.id, type: "message", role: "assistant", model: message.model, content: [], stop_sequence: null };
  send("message_start", { message: { ...start, stop_reason: null, usage } });
  for (const [index, use] of uses.entries()) {
    const id = `toolu_${message.id}_${message.turn}_${index}`;
    send("content_block_start", { index, content_block: { type: "tool_use", id, name: use.name, input: {} } });
    send("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: JSON.stringify(use.input) } });
    send("content_block_stop", { index });
  }
  if (uses.length === 0) {
    send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
    send("content_block_delta", { index: 0, delta: { type: "text_delta", text: "All that was due is done." } });
    send("content_block_stop", { index: 0 });
  }
  send("message_delta", {
    delta: { stop_reason: uses.length > 0 ? "tool_use" : "end_turn", stop_sequence: null },
    usage: { output_tokens: 50 },
  });
  send("message_stop", {});
  response.end();
}
