import { createHash } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from "node:http";
import type { Ledger } from "./ledger.ts";
import type { AgentMoment, Traps } from "./trap.ts";

/**
 * How an agent's link is cut. `hang`: requests are taken and never answered. `drop`: the connection is closed. `one-way`: requests
 * arrive, answers do not. `half-open`: an answer begins and never ends. `loss`: three of ten are dropped.
 */
export const cutKinds = ["hang", "drop", "one-way", "half-open", "loss"] as const;
export type CutKind = (typeof cutKinds)[number];

export interface LinkOptions {
  socketPath: string;
  upstreamPath: string;
  ledger: Ledger;
  traps: Traps;
  random: () => number;
}

interface Who {
  agent: string;
  epoch: number;
}

interface Call {
  tool: string;
  /** What the call has an effect on: once done, never again. */
  key: string;
  digest: string;
}

/** One request of an agent, and what is known of it. */
interface Passing {
  incoming: IncomingMessage;
  response: ServerResponse;
  path: string;
  body: Buffer;
  sentAt: number;
  who: Who | null;
  call: Call | null;
}

const connectTriesMax = 8;
const neverMade = new Set(["ECONNREFUSED", "ENOENT", "EAGAIN"]);
const momentOf: Record<string, AgentMoment> = {
  "/agent/hello": "hello answered",
  "/agent/poll": "run handed over",
  "/agent/context": "context answered",
  "/agent/report": "report answered",
};

/** Listens where the agents look for the gateway. */
export async function startLinkProxy(options: LinkOptions): Promise<LinkProxy> {
  const link = new LinkProxy(options);
  await link.listen();
  return link;
}

/**
 * Stands in the link between the agents and the gateway and notes what passes: who said what with which epoch, and how it was
 * answered. It changes nothing, unless an agent's link is cut or a trap springs.
 */
export class LinkProxy {
  readonly #options: LinkOptions;
  readonly #sessions = new Map<string, Who>();
  readonly #cuts = new Map<string, CutKind>();
  readonly #held = new Map<string, Set<ServerResponse>>();
  readonly #server: Server;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: 30_000 }, (incoming, response) => {
      response.on("error", () => undefined);
      void this.#pass(incoming, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<void> {
    const { socketPath } = this.#options;
    rmSync(socketPath, { force: true });
    await new Promise<void>((done) => this.#server.listen({ path: socketPath, backlog: 1_024 }, done));
    chmodSync(socketPath, 0o666);
  }

  cut(agent: string, how: CutKind): void {
    this.#cuts.set(agent, how);
  }

  /** What was held back ends, and everything passes again. */
  mend(agent: string): void {
    this.#cuts.delete(agent);
    for (const response of this.#held.get(agent) ?? []) response.destroy();
    this.#held.delete(agent);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? "/";
    const sentAt = Date.now();
    const body = await bodyOf(incoming);
    const who = this.#sessions.get(/^Bearer (\S+)$/.exec(incoming.headers.authorization ?? "")?.[1] ?? "") ?? null;
    const call = path.startsWith("/mcp") ? toolCallOf(body) : null;
    const passing = { incoming, response, path, body, sentAt, who, call };
    if (this.#holdsBack(passing)) return;
    if (who) await this.#enter(who, path, call);
    const answer = await this.#forward(passing);
    if (answer && who && path.startsWith("/v1/")) return relay(answer, response);
    const text = answer ? await bodyOf(answer).catch(() => null) : null;
    if (!answer || text === null) {
      if (who && call) this.#options.ledger.add({ kind: "tool", ...who, ...call, sentAt, ok: null });
      return void response.destroy();
    }
    await this.#answer(passing, answer, text);
  }

  /** True when the request goes no further: its sender is cut off. */
  #holdsBack({ who, response }: Passing): boolean {
    const cut = who && this.#cuts.get(who.agent);
    if (!who || !cut) return false;
    if (cut === "hang") this.#held.set(who.agent, (this.#held.get(who.agent) ?? new Set()).add(response));
    else if (cut === "drop" || (cut === "loss" && this.#options.random() < 0.3)) response.destroy();
    else return false;
    return true;
  }

  async #enter(who: Who, path: string, call: Call | null): Promise<void> {
    const { traps } = this.#options;
    if (call) await traps.pass("tool sent", who.agent);
    if (path === "/agent/report") await traps.pass("report sent", who.agent);
    // Not waited for: it hits while the gateway works on the call.
    if (call) void traps.pass("tool arrived", who.agent);
  }

  async #answer(passing: Passing, answer: IncomingMessage, text: Buffer): Promise<void> {
    const { response, path, call } = passing;
    const heard = this.#note(passing, text, answer.statusCode ?? 0);
    const moment = call ? "effect done" : momentOf[path];
    const isEmptyPoll = path === "/agent/poll" && text.includes('"run":null');
    if (heard && moment && !isEmptyPoll) await this.#options.traps.pass(moment, heard.agent);
    const cut = heard ? this.#cuts.get(heard.agent) : undefined;
    if (cut === "one-way" || cut === "hang" || cut === "drop") return void response.destroy();
    response.writeHead(answer.statusCode ?? 502, headersOf(answer));
    if (cut === "half-open") return void response.write(text.subarray(0, Math.floor(text.length / 2)));
    response.end(text);
  }

  #note({ path, who, call, sentAt, body }: Passing, text: Buffer, status: number): Who | null {
    const { ledger } = this.#options;
    const ok = status >= 200 && status < 300;
    if (path === "/agent/hello") {
      if (!ok) return null;
      const { session, agent } = JSON.parse(text.toString()) as { session: string; agent: { name: string } };
      const { epoch } = JSON.parse(body.toString()) as { epoch: number };
      this.#sessions.set(session, { agent: agent.name, epoch });
      ledger.add({ kind: "hello", agent: agent.name, epoch, ok, sentAt });
      return { agent: agent.name, epoch };
    }
    if (!who) return null;
    if (path === "/agent/heartbeat") ledger.add({ kind: "beat", ...who, ok, sentAt });
    else if (call) ledger.add({ kind: "tool", ...who, ...call, sentAt, ok: ok ? toolOk(text) : false });
    else if (path !== "/mcp" && path !== "/agent/log") ledger.add({ kind: "call", ...who, path, sentAt, status });
    return who;
  }

  /** Null when the gateway did not answer; a connect that was never made is tried again, as the agent does itself. */
  async #forward(passing: Passing): Promise<IncomingMessage | null> {
    for (let attempt = 1; ; attempt += 1) {
      const made = await this.#ask(passing);
      if (typeof made !== "string") return made;
      if (attempt >= connectTriesMax || !neverMade.has(made) || passing.response.destroyed) return null;
      await new Promise((done) => setTimeout(done, Math.min(1_000, 20 * 2 ** attempt)));
    }
  }

  #ask({ incoming, response, body }: Passing): Promise<IncomingMessage | string> {
    return new Promise((resolve) => {
      const headers = { ...incoming.headers, connection: "close" };
      const to = { socketPath: this.#options.upstreamPath, path: incoming.url, method: incoming.method, headers, agent: false };
      const asked = httpRequest(to, (answer) => {
        // An agent that has gone is gone for the gateway, too.
        response.on("close", () => answer.destroy());
        resolve(answer);
      });
      response.on("close", () => {
        if (!response.writableFinished) asked.destroy();
      });
      asked.on("error", (error: Error & { code?: string }) => resolve(error.code ?? "failed"));
      asked.end(body);
    });
  }
}

function toolCallOf(body: Buffer): Call | null {
  if (!body.includes('"tools/call"')) return null;
  const { params } = JSON.parse(body.toString()) as { params?: { name?: string; arguments?: Record<string, string> } };
  const given = params?.arguments ?? {};
  return {
    tool: params?.name ?? "",
    key: given["task_id"] ?? given["decision_id"] ?? given["text"] ?? "",
    digest: createHash("sha256").update(JSON.stringify(given)).digest("hex").slice(0, 16),
  };
}

/** The result of a tools/call, as JSON or as an event of a stream. */
const toolOk = (text: Buffer): boolean => text.includes('"result"') && !/"isError"\s*:\s*true/.test(text.toString());

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function headersOf(answer: IncomingMessage): Record<string, string | string[]> {
  const { connection: _, "transfer-encoding": __, "content-length": ___, "keep-alive": ____, ...rest } = answer.headers;
  return rest as Record<string, string | string[]>;
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, headersOf(answer));
  answer.on("error", () => response.destroy());
  answer.on("aborted", () => response.destroy());
  answer.pipe(response);
}
