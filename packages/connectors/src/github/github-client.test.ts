import { AitoError, silentLogger } from "@aito/base";
import { expect, test } from "vitest";
import { GithubClient } from "./github-client.ts";

const stopped = new AitoError("AITO_STOPPED", "stopped by the kill switch", { status: 423, fate: "human" });
const busy = (headers: Record<string, string>): Error =>
  Object.assign(new Error("busy"), { status: 503, response: { headers, data: {} } });

/** A client whose waits end only with their signal. */
function client() {
  const waits: number[] = [];
  const clock = {
    now: () => new Date(0),
    sleep: (ms: number, signal?: AbortSignal) => {
      waits.push(ms);
      return new Promise<void>((_, reject) => {
        if (signal?.aborted) reject(signal.reason);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    },
    after: () => () => undefined,
  };
  const place = { baseUrl: "http://127.0.0.1:1", token: () => "token", throttled: false };
  const end = new AbortController();
  const asked: string[] = [];
  const github = new GithubClient({ ...place, clock, log: silentLogger, random: () => 0 }).onBehalfOf({
    signal: end.signal,
    beforeWrite: async () => {
      asked.push("write");
      await Promise.reject(new AitoError("AITO_AGENT_STALE", "replaced", { status: 409 }));
    },
  });
  return { github, waits, end, asked };
}

test.each([
  ["that GitHub asked for", { "retry-after": "15" }, 15_000],
  ["between two attempts", {}, 5],
])("S14 a wait %s ends with its caller, and nothing is tried after it", async (_, headers: Record<string, string>, ms) => {
  const { github, waits, end } = client();
  let tries = 0;
  const call = github.call("it", () => {
    tries += 1;
    // Once the wait has begun.
    if (tries === 1) setImmediate(() => end.abort(stopped));
    return Promise.reject(busy(headers));
  });
  await expect(call).rejects.toBe(stopped);
  expect([tries, waits[0]]).toEqual([1, ms]);
});

test("S14 who is over begins nothing, and waits for nothing that is under way", async () => {
  const { github, end } = client();
  const call = github.call("it", () => {
    setImmediate(() => end.abort(stopped));
    return new Promise(() => undefined);
  });
  await expect(call).rejects.toBe(stopped);
  let tries = 0;
  await expect(github.call("it", () => Promise.resolve((tries += 1)))).rejects.toBe(stopped);
  expect(tries).toBe(0);
});

test("Y06 the caller is asked right before each request that changes something; what it says is no failure of GitHub's", async () => {
  const { github, asked, waits } = client();
  const write = github.call("it", (octokit) => octokit.git.createTree({ owner: "o", repo: "r", tree: [] }));
  await expect(write).rejects.toMatchObject({ code: "AITO_AGENT_STALE", message: "replaced" });
  expect([asked, waits]).toEqual([["write"], []]);
});
