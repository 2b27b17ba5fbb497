import { AitoError, alsoAbout, errorText, inSpan, monotonicMs, type SpanHandle } from "@aito/base";
import { type BlockingBudget, requireCompanyRuns, requireCurrent } from "@aito/company";
import type { FastifyReply, FastifyRequest } from "fastify";
import { clientGone } from "../agents/client-gone.ts";
import { priorities } from "./admission.ts";
import { budgetSpent } from "./budget-spent.ts";
import { type Asked, askUpstreams, type Route } from "./ask-upstreams.ts";
import type { Caller, PlatformCaller } from "./caller.ts";
import type { ModelService } from "./model-service.ts";
import { type CallEnd, type Held, unknownEnd } from "./money-ledger.ts";
import { costMicroUsd, placeFactor } from "./models.ts";
import { type ModelRequest, readModelRequest } from "./model-request.ts";
import { pricedAt } from "./prices.ts";
import { isEventStream, type Passed, passThrough } from "./pass-through.ts";
import { replaceTopLevelString } from "./top-level-string.ts";
import { UpstreamFailure } from "./upstreams/upstream.ts";
import { makeUsageMeter, type UsageMeter } from "./usage-meter.ts";
import { waitForTurn } from "./wait-for-turn.ts";
import { worstCase } from "./worst-case.ts";

/** Client closed request: the caller went away, or its call was stopped, before the answer was complete. */
const goneStatus = 499;
const stoppedStatus = 423;
const cutStatus = (call: Call): number => (call.stopped.aborted ? stoppedStatus : goneStatus);

/** What the call is for, as the platform knows it from the caller's run. */
interface Purpose {
  run: string | null;
  task: string | null;
  action: string | null;
  priority: number;
}

/**
 * One call from its authentication to its usage row: who calls, which models may answer, wait for a turn of the caller's, set the worst
 * case aside (and find there whether the caller is current and not stopped), ask, pass the answer on, settle. Errors are those of the steps, in the Messages API's shape by the route's handler.
 */
export const messageCall = (service: ModelService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
  inSpan("model.call", {}, (span) => tracedCall(service, { request, reply, span }));

async function tracedCall(
  service: ModelService,
  { request, reply, span }: { request: FastifyRequest; reply: FastifyReply; span: SpanHandle },
): Promise<FastifyReply> {
  const startedMs = monotonicMs();
  const caller = await service.authenticator.of(request);
  const asked = readModelRequest(request.body, caller);
  if (asked.warning) void reply.header("x-aito-warning", asked.warning);
  if (caller.kind === "agent") alsoAbout({ agent: caller.name, epoch: caller.session.epoch });
  const purpose = await purposeOf(service, caller);
  span.set({ caller: caller.name, model: asked.model });
  alsoAbout({ run: purpose.run });
  const gone = clientGone(reply);
  return await whileNotStopped(service, caller, async (stopped) => {
    const signal = AbortSignal.any([gone, stopped, service.signal]);
    const routes = await routesOf(service, asked);
    if (caller.kind === "agent") await waitForTurn(service, caller.name, signal);
    const id = service.deps.newId();
    const held = await reserve(service, { id, caller, asked, purpose, routes });
    return await makeCall({ service, id, held, caller, asked, purpose, routes, startedMs, signal, stopped, request, reply });
  });
}

/** A kill switch that covers the caller aborts the signal; one that is on already is found with the reservation. */
const whileNotStopped = <T>(service: ModelService, caller: Caller, work: (stopped: AbortSignal) => Promise<T>): Promise<T> =>
  caller.kind === "agent" ? service.stops.guard(caller.session, work) : work(new AbortController().signal);

async function routesOf(service: ModelService, asked: ModelRequest): Promise<Route[]> {
  const routes = await service.routes.of(asked.model);
  if (routes.length > 0) return routes;
  throw new AitoError("AITO_MODEL_NOT_ALLOWED", `no upstream serves ${asked.model}`, { status: 404 });
}

interface Call {
  service: ModelService;
  id: string;
  held: Held;
  caller: Caller;
  asked: ModelRequest;
  purpose: Purpose;
  routes: Route[];
  startedMs: number;
  signal: AbortSignal;
  stopped: AbortSignal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** From here on the call has a reservation, and every way out settles it. */
async function makeCall(call: Call): Promise<FastifyReply> {
  const { service, caller, asked, signal, reply, startedMs, routes } = call;
  const meter = makeUsageMeter();
  let got: Asked | null = null;
  try {
    service.deps.crashPoint?.("model.before_upstream");
    got = await askUpstreams(service, {
      routes,
      request: (route) => ({
        method: "POST",
        path: call.request.url,
        headers: call.request.headers,
        body: route.model === asked.asked ? asked.body : replaceTopLevelString(asked.body, "model", route.model),
        model: route.model,
      }),
      caller: caller.name,
      priority: call.purpose.priority,
      signal,
      // The wait may have been long: money is spent for the current incarnation only.
      afterWait: () => requireGoodCaller(service, caller),
    });
    service.deps.crashPoint?.("model.after_upstream");
    sayWhoAnswered(reply, asked, got.route);
    const recording = service.routes.records() ? service.recorder.begin(call.id, asked.body) : null;
    const passed = await passThrough(got.answer, { reply, meter, signal, startedMs, tap: recording?.tap ?? null });
    recording?.end(passed.whole);
    service.deps.crashPoint?.("model.after_reply");
    settle(call, { got, meter, passed });
    if (passed.whole) return reply;
    service.log.info({ caller: caller.name, error: passed.error }, "a model call was cut off");
    if (reply.raw.headersSent || (signal.aborted && !call.stopped.aborted)) {
      reply.raw.destroy();
      return reply;
    }
    throw new AitoError("AITO_MODEL_UNAVAILABLE", `the answer broke off: ${passed.error}`, { status: 502, fate: "retry" });
  } catch (error) {
    if (got === null) settleWithout(call, error);
    if (signal.aborted && reply.raw.destroyed) return reply;
    if (call.stopped.aborted) throw call.stopped.reason;
    throw told(call, error);
  } finally {
    got?.ticket.leave();
  }
}

function sayWhoAnswered(reply: FastifyReply, asked: ModelRequest, route: Route): void {
  void reply.header("x-aito-model", route.model);
  if (route.model === asked.model) return;
  void reply.header("x-aito-fallback", `${route.model} answered for ${asked.model}`);
}

/** A failure as the caller reads it, with the time after which it makes sense to ask again. */
function told(call: Call, error: unknown): unknown {
  if (!(error instanceof UpstreamFailure)) {
    if (error instanceof AitoError && error.fate === "retry") {
      const waitMs = Math.min(...call.routes.map((route) => route.breaker.waitMs()));
      // Jittered, so that those who keep to it do not all come back at once.
      const seconds = Math.max(1, Math.ceil((waitMs / 1_000) * (1 + call.service.random() / 2)));
      void call.reply.header("retry-after", String(seconds)).header("x-should-retry", "false");
    }
    return error;
  }
  void call.reply.header("x-should-retry", "false");
  return new AitoError("AITO_MODEL_UNAVAILABLE", `the model cannot be reached: ${error.message}`, {
    hint: call.routes.every((route) => route.upstream.free)
      ? "check that the rehearsal model runs (AITO_MODEL_URL)"
      : "check the gateway's way to the internet",
    fate: "retry",
    status: 503,
    cause: error,
  });
}

/** Sets the worst case aside; counts exactly only when that by the bytes does not fit. Errors: AITO_BUDGET_SPENT (402), AITO_AGENT_STALE. */
export async function reserve(
  service: ModelService,
  call: { id: string; caller: Caller | PlatformCaller; asked: ModelRequest; purpose: Purpose; routes: Route[] },
): Promise<Held> {
  const { caller, asked, purpose, routes } = call;
  const paid = routes.filter((route) => !route.upstream.free).map((route) => pricedAt(route.model, route.upstream));
  const worst = paid.length > 0 ? worstCase(asked, paid) : null;
  const row = {
    id: call.id,
    session: caller.kind === "agent" ? caller.sessionHash : null,
    agent: caller.kind === "agent" ? caller.session.agentId : caller.kind === "platform" ? caller.agentId : null,
    epoch: caller.kind === "agent" ? caller.session.epoch : null,
    key: caller.kind === "key" ? caller.keyId : null,
    run: purpose.run,
    task: purpose.task,
    action: purpose.action,
    model: asked.asked.slice(0, 100),
    upstream: routes[0]!.upstream.name,
    amountMicroUsd: worst?.byBytes ?? 0n,
  };
  let answer = await service.ledger.reserve(row);
  if (!answer.ok && answer.why === "ask") {
    // Something is stopped, or the session is not the current one: the record is asked whether that concerns this caller.
    await requireGoodCaller(service, caller);
    answer = await service.ledger.reserve({ ...row, checked: true });
  }
  if (!answer.ok && answer.why === "budget" && worst) {
    const amountMicroUsd = await worst.counted();
    if (amountMicroUsd >= row.amountMicroUsd) throw spent(answer.budget, row.amountMicroUsd, caller);
    answer = await service.ledger.reserve({ ...row, amountMicroUsd, checked: true });
    if (!answer.ok && answer.why === "budget") throw spent(answer.budget, amountMicroUsd, caller);
  }
  if (answer.ok) return answer.held;
  throw new AitoError("AITO_AGENT_SESSION", "this session is over", { status: 401 });
}

/** Errors: AITO_AGENT_STALE, AITO_STOPPED. */
const requireGoodCaller = (service: ModelService, caller: Caller | PlatformCaller): Promise<void> =>
  caller.kind === "agent" ? requireCurrent(service.deps, caller.session) : requireCompanyRuns(service.deps);

const spent = (budget: BlockingBudget, needs: bigint, caller: { name: string }): AitoError =>
  budgetSpent(budget, needs, { caller: caller.name, cheaper: "lower max_tokens" });

async function purposeOf(service: ModelService, caller: Caller): Promise<Purpose> {
  if (caller.kind === "key") return { run: null, task: null, action: "key", priority: priorities.key };
  const { session } = caller;
  const run = await service.openRuns.current(session);
  const kinds = new Set(run?.reasons.map((reason) => reason.kind));
  const action = kinds.has("vote")
    ? "vote"
    : kinds.has("task")
      ? "task"
      : kinds.has("message")
        ? "message"
        : kinds.has("wake")
          ? "wake"
          : null;
  // A standing agent's run may be about several tasks: it is booked on the first.
  const task = session.taskId ?? run?.reasons.find((reason) => reason.kind === "task")?.ref ?? null;
  const ballot = session.isHead && kinds.has("vote");
  const priority = ballot
    ? priorities.ballot
    : session.isHead
      ? priorities.head
      : session.kind === "agent"
        ? priorities.agent
        : priorities.worker;
  return { run: run?.id ?? null, task, action, priority };
}

/** Settles a call that was answered, from what the answer said or, where it broke off, from what had come. */
function settle(call: Call, ended: { got: Asked; meter: UsageMeter; passed: Passed }): void {
  const { got, meter, passed } = ended;
  const { route } = got;
  const cut = !passed.whole;
  const usage = cut ? (meter.usageWhenCut() ?? meter.usage()) : meter.usage();
  // An answer that is an error is not billed.
  const refused = got.answer.status >= 400;
  const { price } = pricedAt(route.model, route.upstream);
  const cost = route.upstream.free || refused ? 0n : costMicroUsd(price, usage, placeFactor(call.asked.parsed["inference_geo"]));
  call.service.ledger.settle(call.held, {
    ...endOf(
      call,
      cut && (call.signal.aborted || !isEventStream(got.answer)) ? cutStatus(call) : got.answer.status,
      got.attempts,
    ),
    model: route.model,
    upstream: route.upstream.name,
    costMicroUsd: cost,
    chargedMicroUsd: cost,
    inputTokens: usage.input,
    outputTokens: usage.output,
    cacheWriteTokens: usage.cacheWrite,
    cacheWrite1hTokens: usage.cacheWrite === null ? null : usage.cacheWrite1h,
    cacheReadTokens: usage.cacheRead,
    cut,
    firstByteMs: passed.firstByteMs,
  });
}

/** Settles a call without an answer: free when nothing of it can have reached a model, else its cost is not known. */
function settleWithout(call: Call, error: unknown): void {
  const unsent = error instanceof UpstreamFailure ? !error.sent : !call.signal.aborted && error instanceof AitoError;
  const free = unsent || call.routes.every((route) => route.upstream.free);
  const status = call.signal.aborted ? cutStatus(call) : error instanceof AitoError ? error.status : 503;
  call.service.ledger.settle(call.held, {
    ...endOf(call, status, null),
    costMicroUsd: free ? 0n : null,
    chargedMicroUsd: free ? 0n : null,
  });
  if (!call.signal.aborted)
    call.service.log.info({ caller: call.caller.name, error: errorText(error) }, "a model call got no answer");
}

const endOf = (call: Call, status: number, attempts: number | null): CallEnd => ({
  ...unknownEnd,
  status,
  attempts,
  durationMs: Math.round(monotonicMs() - call.startedMs),
});
