import { Readable } from "node:stream";
import { AitoError, backoffMs, type Clock, type Logger } from "@aito/base";
import type { Admission, Ticket } from "./admission.ts";
import type { Breaker } from "./breaker.ts";
import { type ModelUpstream, type UpstreamAnswer, UpstreamFailure } from "./upstreams/upstream.ts";

/** The only retries on the way to a model: this many attempts in all, over all models and upstreams of a call. */
export const attemptsMax = 3;
export const turnWaitMsMax = 30_000;
const longWaitMs = 250;
const retryBaseMs = 500;
const retryMaxMs = 8_000;
const errorBytesMax = 256 * 1024;
const retryStatuses = new Set([429, 500, 502, 503, 504, 529]);
/** What overloads, as against what fails: it slows everybody down. */
const overloads = new Set([429, 503, 529]);

/** One model at one upstream that may answer a call. */
export interface Route {
  model: string;
  upstream: ModelUpstream;
  admission: Admission;
  breaker: Breaker;
}

export interface Asked {
  answer: UpstreamAnswer;
  route: Route;
  attempts: number;
  /** To be given back when the answer's body has ended. */
  ticket: Ticket;
}

export interface Ask {
  /** In order: the model that was asked for, then its fallbacks. */
  routes: Route[];
  /** The request for a route: the body names its model. */
  request: (route: Route) => Omit<Parameters<ModelUpstream["send"]>[0], "signal">;
  caller: string;
  priority: number;
  signal: AbortSignal;
  /** Asked once more, and may throw, when the call had to wait before it was sent. */
  afterWait?: () => Promise<void>;
}

export interface AskTools {
  clock: Clock;
  log: Logger;
  random: () => number;
}

/**
 * Asks the routes until one answers, and returns the last answer, whatever its status, with its body unread. A `retry-after` is kept:
 * who may not ask again in time gets the answer as it is. A 429 about a spend limit is never asked again. Errors: AITO_MODEL_UNAVAILABLE
 * (529, with `sent` false) when no route could be asked; the signal's reason; UpstreamFailure when the last attempt got no answer.
 */
export async function askUpstreams(tools: AskTools, ask: Ask): Promise<Asked> {
  const { clock } = tools;
  const until = clock.now().getTime() + turnWaitMsMax;
  const left = (): number => until - clock.now().getTime();
  let last: Asked | UpstreamFailure | null = null;
  let first = 0;
  for (let attempts = 1; attempts <= attemptsMax; attempts += 1) {
    const route = await nextRoute(tools, { ...ask, first, left: left() });
    if (!route) break;
    // The answer before this one is not the last one any more.
    if (last && !(last instanceof UpstreamFailure)) last.answer.body.destroy();
    const tried = await tryRoute(tools, { ...ask, route, attempts, waitMsMax: Math.max(1_000, left()) });
    if (tried.done) return tried.done;
    last = tried.last;
    // The next route at once; when there is none, the same again after a rest.
    first = ask.routes.length > 1 ? (ask.routes.indexOf(route) + 1) % ask.routes.length : 0;
    const rest = first === 0 ? backoffMs(attempts, { baseMs: retryBaseMs, maxMs: retryMaxMs, random: tools.random }) : 0;
    if (attempts < attemptsMax && rest > 0) await clock.sleep(Math.max(10, Math.min(rest, Math.max(0, left()))), ask.signal);
  }
  if (last instanceof UpstreamFailure) throw last;
  if (last) return last;
  throw unavailable(ask.routes);
}

/** The first route, from `first` on, whose breaker lets a call go now; waits for the soonest if that is in time. */
async function nextRoute(tools: AskTools, ask: Ask & { first: number; left: number }): Promise<Route | null> {
  let left = ask.left;
  for (;;) {
    const order = [...ask.routes.slice(ask.first), ...ask.routes.slice(0, ask.first)];
    for (const route of order) if (route.breaker.enter() === 0) return route;
    const soonest = Math.min(...order.map((route) => route.breaker.waitMs()));
    const wait = Math.max(10, soonest + tools.random() * 250);
    if (wait > left) return null;
    left -= wait;
    await tools.clock.sleep(wait, ask.signal);
  }
}

async function tryRoute(
  tools: AskTools,
  ask: Ask & { route: Route; attempts: number; waitMsMax: number },
): Promise<{ done: Asked; last?: never } | { done?: never; last: Asked | UpstreamFailure }> {
  const { route, attempts, signal } = ask;
  const { breaker } = route;
  let ticket: Ticket | null = null;
  try {
    const began = tools.clock.now().getTime();
    ticket = await route.admission.enter({ ...ask, waitMsMax: ask.waitMsMax });
    if (attempts > 1 || tools.clock.now().getTime() - began > longWaitMs) await ask.afterWait?.();
    const answer = await route.upstream.send({ ...ask.request(route), signal });
    const asked: Asked = { answer, route, attempts, ticket };
    if (!retryStatuses.has(answer.status)) {
      breaker.succeeded();
      return { done: asked };
    }
    const told = await readWhole(answer);
    asked.answer = { ...answer, body: Readable.from([told]) };
    if (answer.status === 429 && aboutSpending(told)) {
      breaker.left();
      ticket.leave();
      return { done: asked };
    }
    breaker.failed(retryAfterMs(answer.headers["retry-after"]));
    if (overloads.has(answer.status)) ticket.overloaded();
    tools.log.warn({ upstream: route.upstream.name, model: route.model, status: answer.status, attempts }, "the model is busy");
    ticket.leave();
    return { last: asked };
  } catch (error) {
    ticket?.leave();
    if (!(error instanceof UpstreamFailure) || signal.aborted) {
      breaker.left();
      throw error;
    }
    breaker.failed(0);
    tools.log.warn(
      { upstream: route.upstream.name, model: route.model, error: error.message, attempts },
      "no answer from the model",
    );
    // It may have been worked on and paid for: asking again could cost twice what was set aside.
    if (error.sent && !isReset(error)) throw error;
    return { last: error };
  }
}

/** A kept-alive connection that the other side closed meanwhile: the request was not read. */
const isReset = (error: UpstreamFailure): boolean => {
  const { code, socket } = (error.cause ?? {}) as { code?: unknown; socket?: { bytesRead?: number } };
  return code === "ECONNRESET" || code === "EPIPE" || (code === "UND_ERR_SOCKET" && (socket?.bytesRead ?? 0) === 0);
};

/** The vendor's monthly limit, or the account's: nothing that a retry could change. */
const aboutSpending = (body: Buffer): boolean => /spend(ing)?[ _-]?limit/i.test(body.toString("utf8"));

async function readWhole(answer: UpstreamAnswer): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer.body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > errorBytesMax) {
      answer.body.destroy();
      break;
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Seconds as the vendor sends them, or a date; 0 for what is missing or neither. */
function retryAfterMs(value: string | string[] | undefined): number {
  const seconds = Number(Array.isArray(value) ? value[0] : value);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}

function unavailable(routes: Route[]): AitoError {
  const wait = Math.ceil(Math.min(...routes.map((route) => route.breaker.waitMs())) / 1_000);
  const names = routes.map((route) => `${route.model} at ${route.upstream.name}`).join(", ");
  return new AitoError("AITO_MODEL_UNAVAILABLE", `no model answers now (${names}); the next try is in ${Math.max(1, wait)} s`, {
    hint: "it is overloaded or cannot be reached; the gateway's log says which",
    fate: "retry",
    status: 529,
  });
}
