import { createHash } from "node:crypto";
import type { Clock } from "@aito/base";
import { type Block, blocksOf, type CountRequest } from "./messages-request.ts";

export interface Usage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number };
  output_tokens: number;
  service_tier: "standard";
}

/** The vendor's figures: shorter prefixes are not cached, and an entry lives for five minutes after its last use. */
export const cacheableTokensMin = 1_024;
const entryMsMax = 5 * 60_000;
const entriesMax = 2_000;

/** A deterministic estimate: four characters are a token. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 4);

export const countInput = (request: CountRequest): number =>
  segments(request).reduce((sum, segment) => sum + estimateTokens(segment.text), 0);

/** What `request` uses, and what of it an imagined prompt cache holds. It is the server's only memory beside its ledger. */
export class PromptCache {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  use(request: CountRequest, outputTokens: number): Usage {
    const now = this.#clock.now().getTime();
    const points = breakpoints(request);
    const last = points.at(-1);
    const hit = points.findLast((point) => (this.#expiry.get(point.hash) ?? 0) > now);
    const read = hit?.tokens ?? 0;
    const written = (last?.tokens ?? 0) - read;
    for (const point of points) {
      this.#expiry.delete(point.hash);
      this.#expiry.set(point.hash, now + entryMsMax);
    }
    for (const hash of this.#expiry.keys()) {
      if (this.#expiry.size <= entriesMax) break;
      this.#expiry.delete(hash);
    }
    return {
      input_tokens: countInput(request) - read - written,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
      output_tokens: outputTokens,
      service_tier: "standard",
    };
  }
}

interface Segment {
  text: string;
  marked: boolean;
}

/** In the order of the prompt: tools, system, messages. */
function segments(request: CountRequest): Segment[] {
  const system = request.system === undefined ? [] : blocksOf(request.system);
  return [
    ...(request.tools ?? []).map(segment),
    ...system.map(segment),
    ...request.messages.flatMap(({ role, content }) => [{ text: role, marked: false }, ...blocksOf(content).map(segment)]),
  ];
}

const segment = ({ cache_control, ...rest }: Pick<Block, "cache_control">): Segment => ({
  text: JSON.stringify(rest),
  marked: cache_control !== undefined && cache_control !== null,
});

/** Prefixes that end in a marked block and are long enough, the shortest first. */
function breakpoints(request: CountRequest): { hash: string; tokens: number }[] {
  const hash = createHash("sha256").update(request.model);
  let tokens = 0;
  const points: { hash: string; tokens: number }[] = [];
  for (const { text, marked } of segments(request)) {
    hash.update("\0").update(text);
    tokens += estimateTokens(text);
    if (marked && tokens >= cacheableTokensMin) points.push({ hash: hash.copy().digest("base64url"), tokens });
  }
  return points;
}
