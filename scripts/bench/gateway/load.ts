import { readFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";

/** Somewhere that answers model calls: a vendor, or a gateway before it. */
export interface Target {
  name: string;
  url: string;
  headers: Record<string, string>;
}

const prompt = "Summarise what the campaign did this week, and say what it cost. ".repeat(30);
const bodyOf = (more: object): string =>
  JSON.stringify({ model: "claude-sonnet-5-5", max_tokens: 256, messages: [{ role: "user", content: prompt }], ...more });
const bodies = {
  json: bodyOf({}),
  stream: bodyOf({ stream: true }),
  hold: bodyOf({ stream: true, metadata: { user_id: "hold-this-stream" } }),
};

// Idle connections are dropped before any of the servers drops them.
const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 3_000 });
export const closeLoad = (): void => agent.destroy();

/** One call; milliseconds to its whole answer (JSON) or to its first byte (stream). The stream is read to its end. */
export async function once(target: Target, kind: "json" | "stream"): Promise<number> {
  const start = performance.now();
  const answer = await ask(target, kind);
  const parts: Buffer[] = [];
  let first = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    if (first === 0) first = performance.now() - start;
    parts.push(part);
  }
  if (answer.statusCode !== 200)
    throw new Error(`${target.name} answered ${answer.statusCode}: ${Buffer.concat(parts).toString()}`);
  return kind === "json" ? performance.now() - start : first;
}

const ask = (target: Target, kind: keyof typeof bodies): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "anthropic-version": "2023-06-01", ...target.headers };
    const asked = request(`${target.url}/v1/messages`, { method: "POST", agent, headers }, resolve);
    asked.once("error", reject);
    asked.end(bodies[kind]);
  });

/** Before each measured time, so that a target that stood still meanwhile is in its steady state again; for every target alike. */
export const leadInSeconds = 1;

/** Calls at a steady rate, whether or not those before have ended, for so many seconds; the lead-in's calls are not in the times. */
export async function atRate(run: () => Promise<number>, options: { perSecond: number; seconds: number }): Promise<number[]> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const leadIn = leadInSeconds * options.perSecond;
  const total = leadIn + Math.round(options.perSecond * options.seconds);
  const start = performance.now();
  for (let index = 0; index < total; index += 1) {
    const wait = start + (index * 1_000) / options.perSecond - performance.now();
    if (wait > 1) await new Promise((done) => setTimeout(done, wait));
    running.push(run().then((ms) => void (index >= leadIn && times.push(ms))));
  }
  await Promise.all(running);
  return times;
}

/** As many calls as it takes, `inFlight` at a time; the rate that came of it. */
export async function flatOut(target: Target, options: { inFlight: number; seconds: number }): Promise<number> {
  const until = performance.now() + options.seconds * 1_000;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await once(target, "json");
      done += 1;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return done / ((performance.now() - start) / 1_000);
}

/** Resident memory of a process in MB, as the kernel counts it. */
export const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_024;

const tickMs = 10;

/** Processor time that a process has used, its own and the kernel's for it. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Holds streams open for so many minutes and samples the process's memory every few seconds. */
export async function holdStreams(
  target: Target,
  options: { count: number; minutes: number; pid: number },
): Promise<{ samples: number[]; brokeOff: number }> {
  const stop = new AbortController();
  let brokeOff = 0;
  const streams = Array.from({ length: options.count }, async () => {
    const answer = await ask(target, "hold");
    stop.signal.addEventListener("abort", () => answer.destroy());
    try {
      for await (const part of answer as AsyncIterable<Buffer>) void part;
      brokeOff += 1;
    } catch {
      if (!stop.signal.aborted) brokeOff += 1;
    }
  });
  const samples: number[] = [];
  const everyMs = 2_000;
  for (let at = 0; at < options.minutes * 60_000; at += everyMs) {
    await new Promise((done) => setTimeout(done, everyMs));
    samples.push(residentMb(options.pid));
  }
  stop.abort();
  await Promise.all(streams);
  return { samples, brokeOff };
}
