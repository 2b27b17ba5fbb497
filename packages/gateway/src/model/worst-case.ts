import { AitoError } from "@aito/base";
import { countTokens } from "./count-tokens.ts";
import type { ModelRequest } from "./model-request.ts";
import { ceilMicro, models, nanoUsd, type Price, placeFactor, ratesFor, searchMicroUsd } from "./models.ts";
import { type Priced, priceHint } from "./prices.ts";

/** Sent by the platform for tools and structure; none of it stands in the body. */
const hiddenTokens = 1_000;
/** The tokenizer here knows models up to 4.5; newer ones make about 30 % more of the same text. */
const tokenizerFactor = 1.35;
const imageTokensMax = 5_000;
const documentTokensMax = 200_000;
const maxTokensDefault = 128_000;
const searchesDefault = 10;
/** What one search or fetch puts into the prompt. */
const searchTokensMax = 20_000;
/** Run by the caller; the platform charges nothing but their tokens. */
const clientTools = /^(custom|computer|bash|text_editor|str_replace|memory|tool_search|mcp_toolset|advisor)/;

/** The most that a call may cost, for each way of knowing its input. */
export interface WorstCase {
  /** By the body's bytes: a token has at least one. Costs no time and can never be too low. */
  byBytes: bigint;
  /** By counting, for budgets that are nearly spent. Null when it would not be less. */
  counted: () => Promise<bigint>;
}

/**
 * What must be set aside for a call that any of `candidates` may answer. Errors: AITO_MODEL_UNPRICED, with the line to add, for a model
 * or a tool whose price is not known: its cost could not be held.
 */
export function worstCase(request: ModelRequest, candidates: Priced[]): WorstCase {
  const prices = candidates.map(priceOf);
  const { parsed, body } = request;
  if (parsed["speed"] !== undefined && parsed["speed"] !== "standard") {
    throw new AitoError(
      "AITO_MODEL_UNPRICED",
      `there is no price for the speed ${JSON.stringify(parsed["speed"]).slice(0, 50)}`,
      {
        hint: 'leave out "speed"',
      },
    );
  }
  const searches = serverToolUses(parsed["tools"]);
  const extraTokens = hiddenTokens + (searches.requests + searches.fetches) * searchTokensMax;
  const written = body.includes('"cache_control"') ? (/"ttl"\s*:\s*"1h"/.test(body.toString("latin1")) ? "1h" : "5m") : null;
  const place = placeFactor(parsed["inference_geo"]);
  const output = maxTokensOf(parsed["max_tokens"]);
  const costOf = (inputTokens: number): bigint => {
    const costs = prices.map((price) => {
      const rates = ratesFor(price, inputTokens);
      const input = written === "1h" ? rates.cacheWrite1h : written === "5m" ? rates.cacheWrite5m : rates.input;
      return ceilMicro((nanoUsd(input) * BigInt(inputTokens) + nanoUsd(rates.output) * BigInt(output)) * place.times, place.per);
    });
    return costs.reduce((most, cost) => (cost > most ? cost : most)) + searchMicroUsd(searches.requests);
  };
  // What is only named in the body is not in its bytes.
  const named = occurrences(body, '"image"') * imageTokensMax + occurrences(body, '"document"') * documentTokensMax;
  return {
    byBytes: costOf(body.length + named + extraTokens),
    counted: async () => costOf(Math.ceil((await countBody(parsed)) * tokenizerFactor) + extraTokens),
  };
}

function priceOf(candidate: Priced): Price {
  if (candidate.price) return candidate.price;
  const { model, upstream } = candidate;
  throw new AitoError("AITO_MODEL_UNPRICED", `there is no price for ${model} at ${upstream}, so its cost could not be held`, {
    hint: priceHint(candidate),
  });
}

function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) count += 1;
  return count;
}

const maxTokensOf = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : maxTokensDefault;

/** How often the platform may run its own tools in this call. */
function serverToolUses(tools: unknown): { requests: number; fetches: number } {
  const uses = { requests: 0, fetches: 0 };
  if (!Array.isArray(tools)) return uses;
  for (const tool of tools as { type?: unknown; max_uses?: unknown }[]) {
    const type = typeof tool?.type === "string" ? tool.type : "custom";
    if (clientTools.test(type)) continue;
    const name = Object.keys(models.serverTools).find((known) => type.startsWith(known));
    if (name === undefined) {
      throw new AitoError("AITO_MODEL_UNPRICED", `there is no price for the tool type ${type.slice(0, 60)}`, {
        hint: `add to serverTools in packages/gateway/src/model/models.json: "${type.replace(/_\d+$/, "").slice(0, 60)}": "…"`,
      });
    }
    const max = typeof tool.max_uses === "number" && tool.max_uses > 0 ? Math.ceil(tool.max_uses) : searchesDefault;
    if (name === "web_search") uses.requests += max;
    else uses.fetches += max;
  }
  return uses;
}

/** All text of a body, counted; what is no text by its kind. */
async function countBody(parsed: Record<string, unknown>): Promise<number> {
  let fixed = 0;
  const texts: string[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) for (const item of value) walk(item, depth + 1);
    else if (value !== null && typeof value === "object") {
      const block = value as Record<string, unknown>;
      if (block["type"] === "image") fixed += imageTokensMax;
      else if (block["type"] === "document" && (block["source"] as { type?: unknown } | null)?.type !== "text") {
        fixed += documentTokensMax;
      } else {
        for (const [key, item] of Object.entries(block)) {
          texts.push(key);
          walk(item, depth + 1);
        }
        fixed += 4;
      }
    } else fixed += 2;
  };
  for (const [key, value] of Object.entries(parsed)) if (key !== "model") walk(value, 0);
  return fixed + (await countTokens(texts));
}
