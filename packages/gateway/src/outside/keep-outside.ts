import { AitoError, canonicalJson, errorText, togetherMs } from "@aito/base";
import { type ApprovedWords, approvedWords, recordListing, toolServers, type ToolWords } from "@aito/company";
import {
  channels as busChannels,
  outsideToolName,
  outsideToolsOf,
  type OutsideToolEntry,
  type ToolServer,
  type ToolServerView,
} from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { UpstreamKey } from "../model/upstreams/upstream-keys.ts";
import type { Tool } from "../mcp/tool.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { restUntilRung } from "../rest-until-rung.ts";
import { answerBody } from "./answer-body.ts";
import { misfit, outsideTool } from "./outside-tool.ts";
import { wordsOf } from "./pin-words.ts";
import { githubName } from "../git/define-git-tool.ts";
import { listMsMax, OutsideFailure, serverLine, type ServerLine, type Talk } from "./server-line.ts";
import { shapeCheck } from "./shape-check.ts";

/** How often each server is asked what tools it has; every call asks it, too. */
const listEveryMs = 60_000;
/** How soon a change of the fleet file, or of a pin, holds without its bell. */
const lookEveryMs = 10_000;
/** The same where the fleet file names no server. */
const restEveryMs = 120_000;
const bells = ['"fleet.registered"', '"tool.pin.approved"', '"tool.pin.refused"', '"tool.breaker.'];

export interface OutsideTools {
  /** The ones whose words stand approved, as tools; what an agent sees of them is for its grants to say. */
  tools(): readonly Tool[];
  /** Whether the fleet file and the pins were read at all: before, nothing is known of any outside tool. */
  isReady(): boolean;
  servers(): ToolServerView[];
  /** Why a tool of the fleet file is not among `tools`; null: it is, or is not known. */
  whyNot(name: string): string | null;
  close(): Promise<void>;
}

/** Before the first look. */
export const nothingOutside: OutsideTools = {
  tools: () => [],
  isReady: () => false,
  servers: () => [],
  whyNot: () => null,
  close: () => Promise.resolve(),
};

interface Server {
  name: string;
  config: ToolServer;
  /** The fleet file's entry, to see that it changed. */
  stamp: string;
  line: ServerLine;
  approved: readonly ApprovedWords[];
  tools: Map<string, { tool: Tool; stamp: string }>;
  heardAt: Date | null;
  listedAtMs: number;
  revision: string | null;
  listing: Promise<void> | null;
}

type Given = Pick<GatewayContext, "deps" | "bus" | "clock" | "log" | "signal" | "random" | "breakers"> & {
  /** Read at each conversation. */
  secretOf: (name: string) => UpstreamKey;
};

/**
 * Keeps the tools of the fleet file's outside servers: asks each what it has, pins its words, and offers what an operator approved. A
 * server that is slow or dead holds up no other one, and the gateway neither.
 */
export async function keepOutside(context: Omit<Given, "secretOf">, secretOf: Given["secretOf"]): Promise<OutsideTools> {
  const given: Given = { ...context, secretOf };
  const { bus, clock, log, signal } = given;
  const servers = new Map<string, Server>();
  let wake = (): void => undefined;
  const bell = await openWhenPossible("outside tools' bell", given, () =>
    bus.subscribe(
      [busChannels.console],
      (_channel, body) => {
        if (bells.some((type) => body.includes(type))) wake();
      },
      // Heard again after a silence: what rang meanwhile was missed.
      () => wake(),
    ),
  );
  let failing = false;
  let ready = false;
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        await look(given, servers);
        failing = false;
        ready = true;
      } catch (error) {
        if (!failing) log.warn({ error: errorText(error) }, "the outside tools could not be looked at");
        failing = true;
      }
      await restUntilRung({ clock, signal }, togetherMs(ready && servers.size === 0 ? restEveryMs : lookEveryMs), rung);
    }
  })();
  return {
    tools: () => [...servers.values()].flatMap((server) => [...server.tools.values()].map(({ tool }) => tool)),
    isReady: () => ready,
    servers: () =>
      [...servers.values()].map(({ name, line, heardAt, revision }) => ({
        name,
        address: line.address,
        heardAt: heardAt?.toISOString() ?? null,
        revision,
        breaker: given.breakers.view(systemName(name)),
      })),
    whyNot: (name) => {
      const [server = "", tool = ""] = name.split(/__(.*)/s);
      const found = servers.get(server);
      if (!found || found.tools.has(tool)) return null;
      const words = found.approved.find((each) => each.tool === tool);
      const entry = found.config.tools[tool];
      return (words && entry && misfit(words, entry)) ?? "what it says of itself is not approved, or the server has no such tool";
    },
    close: async () => {
      await bell.close();
      await loop;
      await given.breakers.settled();
      await Promise.allSettled([...servers.values()].map(async ({ line, listing }) => (await listing, await line.close())));
    },
  };
}

const systemName = (server: string): string => `the server ${server}`;

async function look(given: Given, servers: Map<string, Server>): Promise<void> {
  const { breakers, deps, clock } = given;
  const wanted = await toolServers(deps);
  const asked = new Set([githubName, ...outsideToolsOf(wanted).flatMap(({ name, server }) => [systemName(server), name])]);
  // Before anything is asked: what another gateway, or the one before, leaves alone.
  await breakers.learn((name) => asked.has(name));
  for (const [name, server] of servers) {
    const config = wanted[name];
    if (config && stampOf(config) === server.stamp) continue;
    servers.delete(name);
    void server.line.close();
  }
  for (const [name, config] of Object.entries(wanted)) {
    const server = servers.get(name) ?? makeServer(given, name, config);
    server.approved = await approvedWords(deps, name);
    offer(given, server);
    servers.set(name, server);
    const due = clock.now().getTime() - server.listedAtMs >= listEveryMs;
    if (!due || server.listing) continue;
    // Not waited for: it may take its time.
    server.listing = listAgain(given, server).finally(() => {
      server.listing = null;
    });
  }
}

const stampOf = (config: ToolServer): string =>
  canonicalJson(JSON.parse(JSON.stringify(config, (_, value: unknown) => (typeof value === "number" ? String(value) : value))));

function makeServer({ clock, secretOf }: Given, name: string, config: ToolServer): Server {
  const key = config.secret === undefined ? null : secretOf(config.secret);
  return {
    name,
    config,
    stamp: stampOf(config),
    line: serverLine(config, { name, clock, secret: () => key?.current() ?? null }),
    approved: [],
    tools: new Map(),
    heardAt: null,
    listedAtMs: -Infinity,
    revision: null,
    listing: null,
  };
}

async function listAgain(given: Given, server: Server): Promise<void> {
  const { breakers, clock, log, signal } = given;
  server.listedAtMs = clock.now().getTime();
  try {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(2 * listMsMax)]);
    await breakers.through(systemName(server.name), () =>
      timely(bound, server, () => server.line.talk(bound, (talk) => listOver(given, server, talk))),
    );
  } catch (error) {
    // Sooner than usual: it may have come back.
    server.listedAtMs = clock.now().getTime() - listEveryMs + lookEveryMs;
    log.debug({ server: server.name, error: errorText(error) }, "an outside server was not heard");
  }
}

/** Its time is over: that is a failure of the server, unless the gateway closes. */
async function timely<T>(bound: AbortSignal, { name, line }: Server, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (bound.aborted && error instanceof DOMException && error.name === "TimeoutError") {
      throw new OutsideFailure(`${name} at ${line.address}: nothing was heard of it in time`, { arrived: "no" });
    }
    throw error;
  }
}

/** Asks for its tools, pins what it says, and offers what stands approved. */
async function listOver(given: Given, server: Server, talk: Talk): Promise<Map<string, ToolWords>> {
  const { deps, clock } = given;
  const said = await talk.list();
  server.revision = talk.revision;
  server.heardAt = clock.now();
  const entries = Object.entries(server.config.tools);
  const words = entries.flatMap(([tool, entry]) => {
    const found = said.find(({ name }) => name === (entry.name ?? tool));
    return found ? [wordsOf(tool, found)] : [];
  });
  server.approved = await recordListing(deps, server.name, { allowed: entries.map(([tool]) => tool), words });
  offer(given, server);
  return new Map(words.map((each) => [each.tool, each]));
}

/** A tool that stays the same stays the same object: what is known of it elsewhere hangs on it. */
function offer(given: Given, server: Server): void {
  const next: Server["tools"] = new Map();
  for (const words of server.approved) {
    const entry = server.config.tools[words.tool];
    if (!entry || misfit(words, entry) !== null) continue;
    const known = server.tools.get(words.tool);
    next.set(
      words.tool,
      known?.stamp === words.hash ? known : { stamp: words.hash, tool: toolOf(given, { server, words, entry }) },
    );
  }
  server.tools = next;
}

function toolOf(given: Given, { server, words, entry }: { server: Server; words: ApprovedWords; entry: OutsideToolEntry }): Tool {
  const { breakers, clock, random } = given;
  const name = outsideToolName(server.name, words.tool);
  const checkOutput = words.outputSchema === null ? null : shapeCheck(JSON.parse(words.outputSchema) as Record<string, unknown>);
  return outsideTool({
    name,
    server: server.name,
    config: server.config,
    entry,
    words,
    clock,
    random,
    closed: () => breakers.closedProblem([systemName(server.name), name]),
    ask: async (args, signal) => {
      const heard = breakers.enter(systemName(server.name));
      const answer = server.line.talk(signal, async (talk) => {
        const now = (await listOver(given, server, talk)).get(words.tool);
        // It answers: what is the matter from here on is the tool's alone.
        heard(null);
        const definition = unchanged(server, { words, now, name });
        return await breakers.through(name, async () => {
          const result = await talk.call(definition, args, entry.seconds * 1_000);
          const wrong = result.isError ? null : wrongOutput(checkOutput, result.structuredContent);
          if (wrong !== null)
            throw new OutsideFailure(`${name}: its answer is not what it declares (${wrong})`, { arrived: "unknown" });
          return {
            ...answerBody(`the outside server ${server.name}`, result, server.line.withoutSecret),
            isError: result.isError === true,
          };
        });
      });
      return await answer.catch((error: unknown) => {
        heard(error);
        throw error;
      });
    },
  });
}

const wrongOutput = (check: ((value: unknown) => string | null) | null, structured: unknown): string | null => {
  if (check === null) return null;
  return structured === undefined ? "it holds nothing structured" : check(structured);
};

/** What it is called for, as long as the server says what was approved; asked right before each call. Error: AITO_TOOL_CHANGED (409). */
function unchanged(
  server: Server,
  { words, now, name }: { words: ApprovedWords; now: ToolWords | undefined; name: string },
): { name: string; inputSchema: unknown } {
  if (now?.hash === words.hash) {
    return { name: server.config.tools[words.tool]!.name ?? words.tool, inputSchema: JSON.parse(words.inputSchema) as unknown };
  }
  throw new AitoError("AITO_TOOL_CHANGED", `${name} ${now ? "has changed what it says of itself" : "is not there any more"}`, {
    hint: "nothing was sent; an operator has been told, and it is offered again once they have approved it",
    status: 409,
  });
}
