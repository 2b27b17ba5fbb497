import { AitoError, type Clock } from "@aito/base";
import { containerName, type ContainerSpec, type Observed } from "../engine.ts";

const killedCode = 137;

export interface Entry {
  company: string;
  seen: Observed;
  abort: AbortController;
  output: string;
}

/** The inline engine's containers: names, epochs and states as Docker has them. */
export interface InlineContainers {
  /** The entry that has the name, if it is of this epoch; an earlier one is dropped. Throws AITO_ENGINE_STALE for a later one. */
  standing(spec: ContainerSpec): Entry | undefined;
  add(id: string, spec: ContainerSpec): Entry;
  find(id: string): Entry | undefined;
  of(company: string): Observed[];
  all(): Entry[];
  /** Notes the first end of an entry; later ones change nothing. */
  end(entry: Entry, exitCode: number): void;
  kill(entry: Entry): void;
  drop(entry: Entry): void;
}

export function inlineContainers(clock: Clock, changed: (company: string) => void): InlineContainers {
  const entries = new Map<string, Entry>();

  const end = (entry: Entry, exitCode: number): void => {
    if (entry.seen.state === "exited") return;
    entry.seen = { ...entry.seen, state: "exited", exitCode };
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

  return {
    standing: (spec) => {
      const name = containerName(spec.company, spec.agent);
      const entry = [...entries.values()].find((item) => item.seen.name === name);
      if (!entry || entry.seen.epoch === spec.epoch) return entry;
      if (entry.seen.epoch > spec.epoch) {
        throw new AitoError("AITO_ENGINE_STALE", `${name} runs with epoch ${entry.seen.epoch}, later than ${spec.epoch}`, {
          status: 409,
        });
      }
      drop(entry);
      return undefined;
    },
    add: (id, spec) => {
      const { agent, kind, epoch, run } = spec;
      const seen: Observed = {
        id,
        name: containerName(spec.company, agent),
        agent,
        kind,
        epoch,
        run,
        state: "running",
        exitCode: null,
        oomKilled: false,
        digest: spec.digest ?? "",
      };
      const entry: Entry = { company: spec.company, abort: new AbortController(), output: "", seen };
      entries.set(id, entry);
      changed(spec.company);
      return entry;
    },
    find: (id) => entries.get(id),
    of: (company) => [...entries.values()].filter((entry) => entry.company === company).map((entry) => ({ ...entry.seen })),
    all: () => [...entries.values()],
    end,
    kill,
    drop,
  };
}
