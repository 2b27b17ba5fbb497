import { z } from "zod";
import file from "./models.json" with { type: "json" };

const UsdPerMillion = z.string().regex(/^\d+(\.\d{1,3})?$/);
const Rates = z.object({
  input: UsdPerMillion,
  output: UsdPerMillion,
  cacheWrite5m: UsdPerMillion,
  cacheWrite1h: UsdPerMillion,
  cacheRead: UsdPerMillion,
});
const Price = Rates.extend({ above: Rates.extend({ promptTokens: z.number().int() }).optional() });
export type Price = z.infer<typeof Price>;
const Models = z.strictObject({
  source: z.string(),
  date: z.string(),
  models: z.record(z.string(), Price),
  /** Tools that the vendor runs, by the name that their type begins with: USD per thousand requests. */
  serverTools: z.record(z.string(), UsdPerMillion),
  aliases: z.record(z.string(), z.object({ model: z.string(), note: z.string() })),
});

/** Prices and aliases; vendor prices move, so the file carries its source and date. */
export const models = Models.parse(file);

/** The current name of a model; `warning` says why it differs from the one that was asked for. */
export function resolveModel(asked: string): { id: string; warning: string | null } {
  const alias = models.aliases[asked];
  if (!alias) return { id: asked, warning: null };
  return { id: alias.model, warning: `${asked} (${alias.note}) was replaced by ${alias.model}` };
}

/** What one call used, as its response said; null where it did not. */
export interface TokenUsage {
  input: number | null;
  output: number | null;
  cacheWrite: number | null;
  /** The part of `cacheWrite` that is kept for an hour. */
  cacheWrite1h: number;
  cacheRead: number | null;
  webSearches: number;
}

/** What makes a call dearer than its tokens: processing bound to a place. */
export const placeFactor = (inferenceGeo: unknown): { times: bigint; per: bigint } =>
  typeof inferenceGeo === "string" && inferenceGeo !== "global" ? { times: 11n, per: 10n } : { times: 1n, per: 1n };

export type Rates = z.infer<typeof Rates>;

/** The rates of one call, by its own prompt length. */
export const ratesFor = (price: Price, promptTokens: number): Rates =>
  price.above && promptTokens > price.above.promptTokens ? price.above : price;

/**
 * The cost of one call in micro-dollars, rounded up; null when there is no price or the usage is not known. The rates depend on that
 * call's own prompt length, so that it cannot be computed from sums.
 */
export function costMicroUsd(price: Price | null, usage: TokenUsage, place = placeFactor(null)): bigint | null {
  if (price === null || usage.input === null || usage.output === null) return null;
  const cacheWrite = usage.cacheWrite ?? 0;
  const cacheRead = usage.cacheRead ?? 0;
  const rates = ratesFor(price, usage.input + cacheWrite + cacheRead);
  const hour = Math.min(usage.cacheWrite1h, cacheWrite);
  const nano =
    nanoUsd(rates.input) * BigInt(usage.input) +
    nanoUsd(rates.output) * BigInt(usage.output) +
    nanoUsd(rates.cacheWrite1h) * BigInt(hour) +
    nanoUsd(rates.cacheWrite5m) * BigInt(cacheWrite - hour) +
    nanoUsd(rates.cacheRead) * BigInt(cacheRead);
  return ceilMicro(nano * place.times, place.per) + searchMicroUsd(usage.webSearches);
}

export const ceilMicro = (nano: bigint, per = 1n): bigint => (nano + 1_000n * per - 1n) / (1_000n * per);

/** USD per thousand is milli-dollars each: a thousand times that in micro-dollars. */
export const searchMicroUsd = (requests: number): bigint => nanoUsd(models.serverTools["web_search"] ?? "0") * BigInt(requests);

/** USD per million tokens, at most three decimals, as nano-dollars per token: exact. */
export const nanoUsd = (usdPerMillion: string): bigint => {
  const [whole, fraction = ""] = usdPerMillion.split(".");
  return BigInt(whole!) * 1_000n + BigInt(fraction.padEnd(3, "0"));
};
