import { z } from "zod";
import { AgentName } from "./ids.ts";

/** The Sonnet class thinks: heads, analysis, whatever is not said otherwise. */
export const thinkingModel = "claude-sonnet-5-5";
/** The Haiku class works: workers, and the scheduled loops of who is no head. */
export const workingModel = "claude-haiku-5-5";

const UsdPerMillion = z
  .number()
  .nonnegative()
  .max(100_000)
  .refine((usd) => Number(usd.toFixed(3)) === usd, "expected at most three decimals")
  .describe("USD per million tokens");

/** What an upstream charges; what is left out of the cache's prices is taken as dear as anybody's. */
export const UpstreamPrices = z.strictObject({
  source: z.string().min(1).describe("where the prices stand, for who checks them"),
  date: z.iso.date(),
  models: z.record(
    z.string().min(1).max(100),
    z.strictObject({
      input: UsdPerMillion,
      output: UsdPerMillion,
      cacheWrite5m: UsdPerMillion.optional(),
      cacheWrite1h: UsdPerMillion.optional(),
      cacheRead: UsdPerMillion.optional(),
    }),
  ),
});
export type UpstreamPrices = z.infer<typeof UpstreamPrices>;

/** `models` of the fleet file: which model for which role and kind of work, and where models come from. */
export const FleetModels = z.strictObject({
  agents: z.string().min(1).default(thinkingModel),
  workers: z.string().min(1).default(workingModel),
  /** For a run that is only the scheduled loop of an agent that is no head; roles that name a model keep theirs. Where nothing is
   * said, the Haiku class, if `agents` is Claude too. */
  routine: z.string().min(1).optional(),
  /** For a run that only casts ballots, heads' too. */
  votes: z.string().min(1).optional(),
  /** For what the platform itself asks: summaries of what agents did, answers to `aito ask`. Without it the workers'. */
  platform: z.string().min(1).optional(),
  /** Other places that models come from, by name; a model that none of them lists comes from the standard one. */
  upstreams: z
    .record(
      AgentName,
      z.strictObject({
        /** `messages`: Anthropic's API; `chat`: chat completions (Ollama, vLLM and many others), translated both ways. */
        speaks: z.enum(["messages", "chat"]),
        baseUrl: z.url({ protocol: /^https?$/ }),
        models: z.array(z.string().min(1).max(100)).min(1).max(50),
        /** Calls cost nothing, as on a machine of one's own; else each model needs a price. */
        free: z.boolean().default(false),
        /** Of its models; a Claude model has its list price without. */
        prices: UpstreamPrices.optional(),
      }),
    )
    .default({}),
  /** Models that answer, in order, when the named one cannot; who really answered is said. */
  fallbacks: z.record(z.string(), z.array(z.string()).max(5)).default({}),
});
export type FleetModels = z.infer<typeof FleetModels>;
