import type { TokenUsage } from "./models.ts";

const unknown = (): TokenUsage => ({ input: null, output: null, cacheWrite: null, cacheWrite1h: 0, cacheRead: null });
const lineBytesMax = 1024 * 1024;

/** Reads usage out of what passes through; never changes or delays it. */
export interface UsageMeter {
  /** A piece of an event stream. */
  feed(chunk: Uint8Array): void;
  /** A whole JSON answer. */
  whole(body: unknown): void;
  usage(): TokenUsage;
}

export function makeUsageMeter(): UsageMeter {
  let usage = unknown();
  let rest = "";
  const decoder = new TextDecoder();

  const take = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    const seen = value as Record<string, unknown>;
    const hour = (seen["cache_creation"] as { ephemeral_1h_input_tokens?: unknown } | null | undefined)
      ?.ephemeral_1h_input_tokens;
    usage = {
      input: count(seen["input_tokens"]) ?? usage.input,
      output: count(seen["output_tokens"]) ?? usage.output,
      cacheWrite: count(seen["cache_creation_input_tokens"]) ?? usage.cacheWrite,
      cacheWrite1h: count(hour) ?? usage.cacheWrite1h,
      cacheRead: count(seen["cache_read_input_tokens"]) ?? usage.cacheRead,
    };
  };
  const line = (text: string): void => {
    // Only two of the many events carry usage.
    if (!text.startsWith("data:") || !text.includes('"usage"')) return;
    try {
      const event = JSON.parse(text.slice(5)) as { message?: { usage?: unknown }; usage?: unknown };
      take(event.message?.usage);
      take(event.usage);
    } catch {
      // Not ours to judge: it passes through as it is.
    }
  };
  return {
    feed: (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop()!.slice(0, lineBytesMax);
      lines.forEach(line);
    },
    whole: (body) => take((body as { usage?: unknown } | null)?.usage),
    usage: () => usage,
  };
}

const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
