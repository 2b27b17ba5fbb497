import type { FleetFile } from "@aito/protocol";
import { upstreamPrices } from "../prices.ts";
import { chatUpstream } from "./chat-upstream.ts";
import { messagesUpstream } from "./messages-upstream.ts";
import type { ModelUpstream } from "./upstream.ts";
import type { UpstreamKey } from "./upstream-keys.ts";
import type { UpstreamWaits } from "./upstream-sender.ts";

type Named = FleetFile["models"]["upstreams"];

/** The upstreams that a fleet file names beside the default one, kept as the file changes. */
export interface UpstreamSet {
  /** What the fleet file says now; upstreams that it names no more are closed when their calls have ended. */
  update(named: Named): void;
  /** The models of the named upstreams. */
  models(): string[];
  /** Who has this model: the named upstreams that list it, else the default one. */
  serves(model: string): ModelUpstream[];
  close(): Promise<void>;
}

export function makeUpstreamSet(options: {
  standard: ModelUpstream;
  keyOf: (name: string) => UpstreamKey;
  newId: () => string;
  waits: UpstreamWaits;
}): UpstreamSet {
  const { standard, keyOf, newId, waits } = options;
  const made = new Map<string, { text: string; models: string[]; upstream: ModelUpstream }>();
  const closing = new Set<Promise<void>>();
  const retire = (name: string): void => {
    const upstream = made.get(name)?.upstream;
    made.delete(name);
    if (!upstream) return;
    const closed = upstream.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };
  return {
    update: (named) => {
      for (const name of made.keys()) if (!(name in named)) retire(name);
      for (const [name, { speaks, baseUrl, models, free, prices }] of Object.entries(named)) {
        const text = JSON.stringify([speaks, baseUrl, models, free, prices]);
        if (made.get(name)?.text === text) continue;
        retire(name);
        const common = { name, baseUrl, key: keyOf(name), free, prices: upstreamPrices(prices), waits };
        const upstream = speaks === "chat" ? chatUpstream({ ...common, newId }) : messagesUpstream(common);
        made.set(name, { text, models, upstream });
      }
    },
    models: () => [...made.values()].flatMap(({ models }) => models),
    serves: (model) => {
      const named = [...made.values()].filter(({ models }) => models.includes(model)).map(({ upstream }) => upstream);
      return named.length > 0 ? named : [standard];
    },
    close: async () => {
      for (const name of made.keys()) retire(name);
      await Promise.all([...closing, standard.close()]);
    },
  };
}
