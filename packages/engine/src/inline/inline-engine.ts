import { AitoError, type Clock, errorText, type Logger, makeNewId } from "@aito/base";
import { checkSpec } from "../check-spec.ts";
import { containerName, type ContainerSpec, type Engine, type Observed } from "../engine.ts";

/** What stands for a container's program: gets the spec and the stdin line, and answers the exit code. */
export type InlineProgram = (spec: ContainerSpec, stdinLine: string, signal: AbortSignal) => Promise<number>;

export interface InlineOptions {
  clock: Clock;
  log: Logger;
  run: InlineProgram;
  /** For tests: this many first starts fail as if the engine were away. */
  failStart?: number;
}

interface Entry {
  company: string;
  seen: Observed;
  abort: AbortController;
  output: string;
}

const killedCode = 137;
const closeMsMax = 5_000;

/** Agents as loops inside this process. Limits of the spec do not bind here; names, epochs and states are those of containers. */
export function inlineEngine(options: InlineOptions): Engine {
  const { clock, log } = options;
  const newId = makeNewId(clock.now);
  const entries = new Map<string, Entry>();
  const watchers = new Set<{ company: string; onChange: () => void }>();
  const programs = new Set<Promise<void>>();
  let failures = options.failStart ?? 0;

  const changed = (company: string): void => {
    for (const watcher of watchers) if (watcher.company === company) queueMicrotask(watcher.onChange);
  };

  const end = (entry: Entry, exitCode: number): void => {
    if (entry.seen.state === "exited") return;
    entry.seen = { ...entry.seen, state: "exited", exitCode, finishedAt: clock.now().toISOString() };
    changed(entry.company);
  };

  const kill = (entry: Entry): void => {
    end(entry, killedCode);
    entry.abort.abort(new Error("killed"));
  };

  const drop = (entry: Entry): void => {
    kill(entry);
    entries.delete(entry.seen.id);
    changed(entry.company);
  };

  /** Decides about an entry that has the name already, as the docker adapter does. */
  const standing = (spec: ContainerSpec): Entry | undefined => {
    const name = containerName(spec.company, spec.agent);
    const entry = [...entries.values()].find((item) => item.seen.name === name);
    if (!entry || entry.seen.epoch === spec.epoch) return entry;
    if (entry.seen.epoch > spec.epoch) {
      throw new AitoError("AITO_ENGINE_STALE", `${name} runs with epoch ${entry.seen.epoch}, later than ${spec.epoch}`, { status: 409 });
    }
    drop(entry);
    return undefined;
  };

  const launch = (entry: Entry, spec: ContainerSpec, stdinLine: string): void => {
    const done = Promise.resolve()
      .then(() => options.run(spec, stdinLine, entry.abort.signal))
      .then(
        (code) => end(entry, code),
        (error: unknown) => {
          entry.output = errorText(error);
          if (!entry.abort.signal.aborted) log.warn({ agent: spec.agent, epoch: spec.epoch, error: entry.output }, "an agent's program failed");
          end(entry, 1);
        },
      )
      .finally(() => programs.delete(done));
    programs.add(done);
  };

  return {
    kind: "inline",
    ping: () => Promise.resolve({ version: process.version }),
    start: async (spec, stdinLine) => {
      checkSpec(spec);
      if (failures > 0) {
        failures -= 1;
        throw new AitoError("AITO_ENGINE_UNAVAILABLE", `the engine could not start ${spec.agent}`, { fate: "retry", status: 503 });
      }
      const adopted = standing(spec);
      if (adopted) return await Promise.resolve({ id: adopted.seen.id });
      const entry: Entry = {
        company: spec.company,
        abort: new AbortController(),
        output: "",
        seen: {
          id: newId(),
          name: containerName(spec.company, spec.agent),
          agent: spec.agent,
          kind: spec.kind,
          epoch: spec.epoch,
          run: spec.run,
          state: "running",
          exitCode: null,
          oomKilled: false,
          startedAt: clock.now().toISOString(),
          finishedAt: null,
        },
      };
      entries.set(entry.seen.id, entry);
      launch(entry, structuredClone(spec), stdinLine);
      changed(spec.company);
      return { id: entry.seen.id };
    },
    list: (company) =>
      Promise.resolve([...entries.values()].filter((entry) => entry.company === company).map((entry) => ({ ...entry.seen }))),
    kill: (id) => {
      const entry = entries.get(id);
      if (entry) kill(entry);
      return Promise.resolve();
    },
    remove: (id) => {
      const entry = entries.get(id);
      if (entry) drop(entry);
      return Promise.resolve();
    },
    logs: (id, lines) => Promise.resolve((entries.get(id)?.output ?? "").split("\n").slice(-lines).join("\n")),
    watch: (company, onChange) => {
      const watcher = { company, onChange };
      watchers.add(watcher);
      return Promise.resolve({ close: () => Promise.resolve(void watchers.delete(watcher)) });
    },
    close: async () => {
      watchers.clear();
      for (const entry of entries.values()) kill(entry);
      // A program that ignores its signal must not hold up the end.
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => (cancel = clock.after(closeMsMax, resolve)));
      await Promise.race([Promise.allSettled(programs), late]);
      cancel();
      entries.clear();
    },
  };
}
