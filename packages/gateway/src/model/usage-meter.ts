import type { TokenUsage } from "./models.ts";

const unknown = (): TokenUsage => ({
  input: null,
  output: null,
  cacheWrite: null,
  cacheWrite1h: 0,
  cacheRead: null,
  webSearches: 0,
});
/** What of a delta's line is not the text: `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}}`. */
const deltaFrameBytes = 90;
const lineBytesMax = 1024 * 1024;

/** Reads usage out of what passes through; never changes or delays it. */
export interface UsageMeter {
  /** A piece of an event stream. */
  feed(chunk: Uint8Array): void;
  /** A whole JSON answer. */
  whole(body: unknown): void;
  usage(): TokenUsage;
  /**
   * What a stream that was cut off had used, as its text tells: the prompt as it was said at the start, and for the answer the larger of
   * what was said and of its bytes. Null before the prompt was said.
   */
  usageWhenCut(): TokenUsage | null;
}

/** Tokens have three to four bytes of most texts; fewer are assumed, so that a cut call is not charged too little. */
const bytesPerToken = 2.5;

export function makeUsageMeter(): UsageMeter {
  let usage = unknown();
  let rest = "";
  let streamedBytes = 0;
  let hasBegun = false;
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
      webSearches:
        count((seen["server_tool_use"] as { web_search_requests?: unknown } | null | undefined)?.web_search_requests) ??
        usage.webSearches,
    };
  };
  const line = (text: string): void => {
    if (!text.startsWith("data:")) return;
    // Only two of the many events carry usage; of the others nothing is needed but their size.
    if (!text.includes('"usage"')) {
      if (text.includes('"content_block_delta"')) streamedBytes += Math.max(4, text.length - deltaFrameBytes);
      return;
    }
    hasBegun = true;
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
    usageWhenCut: () => {
      if (!hasBegun || usage.input === null) return null;
      return { ...usage, output: Math.max(usage.output ?? 0, Math.ceil(streamedBytes / bytesPerToken)) };
    },
  };
}

/** No call uses more; what claims to is nonsense, and unknown. It must not reach a record that has no room for it. */
export const tokensMax = 100_000_000;
const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= tokensMax ? value : null;
