import { AitoError } from "@aito/base";
import { OutsideToolEntry } from "@aito/protocol";
import { expect, test } from "vitest";
import { isGated } from "../mcp/tool.ts";
import { outsideTool } from "./outside-tool.ts";
import { OutsideFailure } from "./server-line.ts";

const stopped = new AitoError("AITO_STOPPED", "stopped by the kill switch", { status: 423, fate: "human" });
const vague = () => new OutsideFailure("it hung up", { arrived: "unknown" });

/** A tool that takes a key, whose waits end only with their signal. `ask` is told which attempt it is. */
function keyed(ask: (attempt: number, signal: AbortSignal) => Promise<never>) {
  let tries = 0;
  const tool = outsideTool({
    name: "town__send",
    server: "town",
    config: { url: "http://127.0.0.1:1/mcp" },
    entry: OutsideToolEntry.parse({ risk: "dangerous", dataClass: "public", usd: 0, seconds: 30, effectKey: "key" }),
    words: { hash: "h", description: "Sends.", inputSchema: '{"type":"object"}', outputSchema: null } as never,
    ask: (_args, signal) => ask((tries += 1), signal),
    closed: () => null,
    clock: {
      now: () => new Date(0),
      sleep: (_ms, signal) =>
        new Promise((_, reject) => {
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
      after: () => () => undefined,
    },
    random: () => 0,
  });
  if (!isGated(tool) || !tool.perform) throw new Error("it has an effect outside");
  const end = new AbortController();
  return { end, tries: () => tries, performed: tool.perform.bind(tool)({}, { effectKey: "k", signal: end.signal }) };
}

test("S14 a stop between two attempts ends them: what was sent may have happened", async () => {
  const { end, tries, performed } = keyed(() => Promise.reject(vague()));
  setImmediate(() => end.abort(stopped));
  expect(await performed).toEqual({ ok: false, arrived: "unknown", error: stopped.message });
  expect(tries()).toBe(1);
});

test("S14 a stop while it is sent counts as sent, whatever the line then says", async () => {
  const { end, tries, performed } = keyed(
    (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true })),
  );
  setImmediate(() => end.abort(stopped));
  expect(await performed).toEqual({ ok: false, arrived: "unknown", error: stopped.message });
  expect(tries()).toBe(1);
});
