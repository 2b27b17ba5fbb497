import { AitoError, monotonicMs } from "@aito/base";
import { modelPolicy, requireCompanyRuns } from "@aito/company";
import { priorities } from "./admission.ts";
import { askUpstreams, type Asked } from "./ask-upstreams.ts";
import type { PlatformCaller } from "./caller.ts";
import { reserve } from "./message-call.ts";
import type { ModelService } from "./model-service.ts";
import { costMicroUsd, placeFactor, resolveModel } from "./models.ts";
import { readModelRequest } from "./model-request.ts";
import { type CallEnd, unknownEnd } from "./money-ledger.ts";
import { pricedAt } from "./prices.ts";
import { replaceTopLevelString } from "./top-level-string.ts";
import { UpstreamFailure } from "./upstreams/upstream.ts";
import { makeUsageMeter } from "./usage-meter.ts";

const msMax = 120_000;
const answerBytesMax = 1024 * 1024;

export interface PlatformQuestion {
  /** What it is booked as. */
  action: "summary" | "ask";
  /** Whose budgets it counts in, beside the company's. */
  agentId: string | null;
  system: string;
  text: string;
  maxTokens: number;
}

/** The platform's own model (`models.platform`, else the workers'), or null where only the scripted one answers. */
export async function platformModel(service: ModelService): Promise<string | null> {
  const { platform, workers } = await modelPolicy(service.deps);
  const { id } = resolveModel(platform ?? workers);
  const [first] = await service.routes.of(id);
  return first && first.upstream.name !== "rehearsal" ? id : null;
}

/**
 * A question that the platform itself asks a model, without tools: within the budgets like every other call, with the same retries, and with
 * a usage row. Errors: AITO_STOPPED, AITO_BUDGET_SPENT, AITO_MODEL_UNAVAILABLE, AITO_MODEL_UNPRICED, AITO_MODEL_ANSWER.
 */
export async function platformCall(
  service: ModelService,
  model: string,
  question: PlatformQuestion,
): Promise<{ text: string; model: string }> {
  await requireCompanyRuns(service.deps);
  const caller: PlatformCaller = { kind: "platform", name: "platform", models: [model], agentId: question.agentId };
  const body = {
    model,
    max_tokens: question.maxTokens,
    system: question.system,
    messages: [{ role: "user", content: question.text }],
  };
  const asked = readModelRequest(Buffer.from(JSON.stringify(body)), caller);
  const routes = await service.routes.of(asked.model);
  const id = service.deps.newId();
  const purpose = { run: null, task: null, action: question.action, priority: priorities.worker };
  const startedMs = monotonicMs();
  const held = await reserve(service, { id, caller, asked, purpose, routes });
  const ended: CallEnd = { ...unknownEnd };
  let got: Asked | null = null;
  try {
    got = await askUpstreams(service, {
      routes,
      request: (route) => ({
        method: "POST",
        path: "/v1/messages",
        headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
        body: route.model === asked.asked ? asked.body : replaceTopLevelString(asked.body, "model", route.model),
        model: route.model,
      }),
      caller: caller.name,
      priority: purpose.priority,
      signal: AbortSignal.any([service.signal, AbortSignal.timeout(msMax)]),
      afterWait: () => requireCompanyRuns(service.deps),
    });
    const { route, answer, attempts } = got;
    Object.assign(ended, { status: answer.status, attempts, model: route.model, upstream: route.upstream.name });
    const parsed = await readJson(got);
    const meter = makeUsageMeter();
    meter.whole(parsed);
    const used = meter.usage();
    const isFree = route.upstream.free || answer.status >= 400;
    const cost = isFree ? 0n : costMicroUsd(pricedAt(route.model, route.upstream).price, used, placeFactor(undefined));
    Object.assign(ended, {
      costMicroUsd: cost,
      chargedMicroUsd: cost,
      inputTokens: used.input,
      outputTokens: used.output,
      cacheReadTokens: used.cacheRead,
    });
    if (answer.status !== 200) throw failed(answer.status);
    return { text: textOf(parsed), model: route.model };
  } catch (error) {
    // Nothing was sent, or nobody can tell what it cost: then all that was set aside is charged.
    const unsent = error instanceof UpstreamFailure ? !error.sent : got === null && error instanceof AitoError;
    if (got === null && (unsent || routes.every((route) => route.upstream.free)))
      Object.assign(ended, { costMicroUsd: 0n, chargedMicroUsd: 0n });
    throw error instanceof UpstreamFailure ? unavailable(error.message, error) : error;
  } finally {
    got?.ticket.leave();
    service.ledger.settle(held, { ...ended, durationMs: Math.round(monotonicMs() - startedMs) });
  }
}

const unavailable = (reason: string, cause?: unknown): AitoError =>
  new AitoError("AITO_MODEL_UNAVAILABLE", `the model gave no answer: ${reason}`, { fate: "retry", status: 503, cause });

/** A refusal stays one; the rest may be better a moment later. */
const failed = (status: number): AitoError =>
  status >= 400 && status < 500 && status !== 429
    ? new AitoError("AITO_MODEL_ANSWER", `the model answered ${status}`, { fate: "human", status: 502 })
    : unavailable(`it answered ${status}`);

async function readJson({ answer }: Asked): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer.body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > answerBytesMax) {
      answer.body.destroy();
      throw unavailable("its answer is too long");
    }
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    return null;
  }
}

function textOf(message: unknown): string {
  const content = (message as { content?: unknown } | null)?.content;
  const blocks = Array.isArray(content) ? (content as { type?: unknown; text?: unknown }[]) : [];
  const text = blocks.flatMap((block) => (block?.type === "text" && typeof block.text === "string" ? [block.text] : [])).join("");
  if (text.trim() !== "") return text;
  throw new AitoError("AITO_MODEL_ANSWER", "the model's answer has no text", { fate: "retry", status: 502 });
}
