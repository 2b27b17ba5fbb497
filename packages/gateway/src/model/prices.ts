import type { UpstreamPrices } from "@aito/protocol";
import { models, type Price } from "./models.ts";
import type { ModelUpstream } from "./upstreams/upstream.ts";

/** What one model at one upstream costs; null when nobody said. */
export interface Priced {
  model: string;
  upstream: string;
  price: Price | null;
  /** Where a price that is missing belongs. */
  pricesIn: "models.json" | "fleet file";
}

/** An upstream's own price of a model, else the vendor's list price. */
export const pricedAt = (model: string, upstream: Pick<ModelUpstream, "name" | "prices">): Priced => ({
  model,
  upstream: upstream.name,
  price: upstream.prices?.[model] ?? models.models[model] ?? null,
  pricesIn: upstream.prices === null ? "models.json" : "fleet file",
});

/**
 * The fleet file's prices of an upstream. What it leaves out of the cache is taken at the dearest known: a read as a plain token, a
 * write at the vendor's factors over one.
 */
export const upstreamPrices = (said: UpstreamPrices | undefined): Record<string, Price> =>
  Object.fromEntries(
    Object.entries(said?.models ?? {}).map(([model, { input, output, ...cache }]) => [
      model,
      {
        input: text(input),
        output: text(output),
        cacheWrite5m: text(cache.cacheWrite5m ?? input * 1.25),
        cacheWrite1h: text(cache.cacheWrite1h ?? input * 2),
        cacheRead: text(cache.cacheRead ?? input),
      },
    ]),
  );

/** At most three decimals, rounded up: a tenth of a cent per million tokens. */
const text = (usd: number): string => (Math.ceil(Number((usd * 1_000).toFixed(3))) / 1_000).toFixed(3);

/** What a model without a price is refused with: where its price belongs, and the line to add. */
export const priceHint = ({ model, upstream, pricesIn }: Priced): string =>
  pricesIn === "models.json"
    ? `add to models in packages/gateway/src/model/models.json: ${JSON.stringify(model)}: { "input": "…", "output": "…", "cacheWrite5m": "…", "cacheWrite1h": "…", "cacheRead": "…" }`
    : `add to models.upstreams.${upstream} in the fleet file: prices: { source: "…", date: YYYY-MM-DD, models: { ${JSON.stringify(model)}: { input: …, output: … } } } (or free: true)`;
