import { AitoError, type Clock, errorText, type Logger, makeNewId } from "@aito/base";
import { checkedSpec } from "../check-spec.ts";
import type { ContainerSpec, Engine } from "../engine.ts";
import { type Entry, inlineContainers } from "./inline-containers.ts";

/** What stands for a container's program: gets the spec and the stdin line, and answers the exit code. */
export type InlineProgram = (spec: ContainerSpec, stdinLine: string, signal: AbortSignal) => Promise<number>;

export interface InlineOptions {
  clock: Clock;
  log: Logger;
  run: InlineProgram;
  /** For tests: this many first starts fail as if the engine were away. */
  failStart?: number;
}

const closeMsMax = 5_000;

/** Agents as loops inside this process. Limits of the spec do not bind here; names, epochs and states are those of containers. */
export function inlineEngine(options: InlineOptions): Engine {
  const { clock, log } = options;
  const newId = makeNewId(clock.now);
  const watchers = new Set<{ company: string; onChange: () => void }>();
  const programs = new Set<Promise<void>>();
  const containers = inlineContainers(clock, (company) => {
    for (const watcher of watchers) if (watcher.company === company) queueMicrotask(watcher.onChange);
  });
  let failures = options.failStart ?? 0;

  const launch = (entry: Entry, spec: ContainerSpec, stdinLine: string): void => {
    const failed = (error: unknown): void => {
      entry.output = errorText(error);
      if (!entry.abort.signal.aborted)
        log.warn({ agent: spec.agent, epoch: spec.epoch, error: entry.output }, "an agent's program failed");
      containers.end(entry, 1);
    };
    const done = Promise.resolve()
      .then(() => options.run(spec, stdinLine, entry.abort.signal))
      .then((code) => containers.end(entry, code), failed)
      .finally(() => programs.delete(done));
    programs.add(done);
  };

  return {
    kind: "inline",
    ping: () => Promise.resolve({ version: process.version }),
    start: async (spec, stdinLine, before) => {
      checkedSpec(spec);
      before?.();
      failures -= 1;
      if (failures >= 0) {
        throw unavailable(spec.agent);
      }
      const adopted = containers.standing(spec);
      if (adopted) return { id: adopted.seen.id };
      const entry = containers.add(newId(), spec);
      launch(entry, structuredClone(spec), stdinLine);
      return { id: entry.seen.id };
    },
    imageId: (image) => Promise.resolve(image),
    sweep: () => Promise.resolve(0),
    list: (company) => Promise.resolve(containers.of(company)),
    kill: (id) => {
      const entry = containers.find(id);
      if (entry) containers.kill(entry);
      return Promise.resolve();
    },
    remove: (id) => {
      const entry = containers.find(id);
      if (entry) containers.drop(entry);
      return Promise.resolve();
    },
    logs: (id, lines) => Promise.resolve((containers.find(id)?.output ?? "").split("\n").slice(-lines).join("\n")),
    watch: (company, onChange) => {
      const watcher = { company, onChange };
      watchers.add(watcher);
      return Promise.resolve({ close: () => Promise.resolve(void watchers.delete(watcher)) });
    },
    close: async () => {
      watchers.clear();
      for (const entry of containers.all()) containers.kill(entry);
      // A program that ignores its signal must not hold up the end.
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => (cancel = clock.after(closeMsMax, resolve)));
      await Promise.race([Promise.allSettled(programs), late]);
      cancel();
      for (const entry of containers.all()) containers.drop(entry);
    },
  };
}

const unavailable = (agent: string): AitoError =>
  new AitoError("AITO_ENGINE_UNAVAILABLE", `the engine could not start ${agent}`, { fate: "retry", status: 503 });
