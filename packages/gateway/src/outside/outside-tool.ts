import { AitoError, backoffMs, type Clock, errorText, sha256 } from "@aito/base";
import { type ApprovedWords, canonicalText, type OutsideResult, requireCurrent } from "@aito/company";
import { visibleLine } from "@aito/connectors";
import { Id, type OutsideToolEntry, type ToolServer, usdToMicro } from "@aito/protocol";
import { z } from "zod";
import { defineGatedTool, defineTool, type Foreign, type Tool, type ToolCall } from "../mcp/tool.ts";
import type { AnswerBody } from "./answer-body.ts";
import { outsideFacts } from "./outside-facts.ts";
import { listMsMax, OutsideFailure } from "./server-line.ts";
import { shapeCheck } from "./shape-check.ts";

/** How long a call that takes an effect key is sent again, as long as nobody knows whether it arrived. */
const keyedMsMax = 40_000;
const retryBaseMs = 500;
const retryMaxMs = 8_000;
const summaryCharactersMax = 200;

/** One call of an outside tool; throws OutsideFailure, or AitoError where nothing was sent. */
export type AskServer = (args: Record<string, unknown>, signal: AbortSignal) => Promise<AnswerBody & { isError: boolean }>;

interface Given {
  name: string;
  server: string;
  /** Where its server is, and how it is asked. */
  config: Omit<ToolServer, "tools">;
  entry: OutsideToolEntry;
  words: ApprovedWords;
  ask: AskServer;
  /** Why nothing of it can be asked now; null: it can. */
  closed: () => AitoError | null;
  clock: Clock;
  random: () => number;
}

type Args = Record<string, unknown>;

/**
 * An outside server's tool as one of ours: its words are what an operator approved, its risk, class, cost and time what the fleet file
 * says. Whatever it answers is text from outside. Anything but a read goes through the gate, which writes it down before it begins.
 */
export function outsideTool(given: Given): Tool {
  const { name, server, entry, words } = given;
  const schema = ownSchema(words, entry);
  const check = shapeCheck(schema);
  const foreign: Foreign = {
    server,
    version: callVersion(given),
    inputSchema: schema,
    outputSchema: words.outputSchema === null ? null : (JSON.parse(words.outputSchema) as Record<string, unknown>),
  };
  const offer = {
    name,
    description: `(In the words of the outside server ${server}:) ${words.description}`,
    kinds: ["agent" as const, "worker" as const],
    dataClass: entry.dataClass,
    source: server,
    foreign,
    closed: given.closed,
    cost: { usd: String(entry.usd), arguments: entry.usdArgument !== undefined },
    timeoutMs: entry.seconds * 1_000,
    ...(entry.facts === undefined
      ? {}
      : { facts: (answer: Args, now: Date, args: Args) => outsideFacts(entry.facts!, answer, { args, now }) }),
  };
  const input = z.looseObject(entry.risk === "read" ? {} : platformFields).superRefine((value, context) => {
    const problem = check(withoutPlatform(value)) ?? costProblem(entry, value);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
  if (entry.risk === "read") {
    return defineTool({
      ...offer,
      risk: "read",
      input,
      run: (call, value) => read(given, call, value),
    });
  }
  const wholeMs = Math.max(entry.effectKey === undefined ? 0 : keyedMsMax, offer.timeoutMs) + 2 * listMsMax + 1_000;
  return defineGatedTool({
    ...offer,
    risk: entry.risk,
    input,
    effectKey: entry.effectKey !== undefined,
    timeoutMs: wholeMs,
    costMicroUsd: (value) => costOf(entry, value),
    summary: (value) => summaryOf(name, withoutPlatform(value)),
    perform: (value, { effectKey, signal }) => {
      const args = withoutPlatform(value);
      if (entry.effectKey !== undefined) args[entry.effectKey] = effectKey;
      return perform(given, args, {
        untilMs: given.clock.now().getTime() + (entry.effectKey === undefined ? 0 : keyedMsMax),
        signal,
      });
    },
  });
}

/**
 * What a human approves a call of: its words, what the fleet file says of it, and the address that it goes to. Secrets go by their names
 * there, so that a new one changes nothing.
 */
export function callVersion({ words, entry, config }: Pick<Given, "words" | "entry" | "config">): string {
  const { url, unix, secret, secretHeader } = config;
  return sha256(canonicalText({ words: words.hash, entry, url, unix, secret, secretHeader }));
}

/** Ends with the gateway, and when a kill switch covers its caller. What it costs is set aside before it is sent. */
async function read(given: Given, { context, session, receipt }: ToolCall, args: Args): Promise<Record<string, unknown>> {
  const { ask, name, server: source, entry } = given;
  const answer = await context.stops.guard(session, async (stopped) => {
    await requireCurrent(context.deps, session);
    const amountMicroUsd = costOf(entry, args);
    const money = amountMicroUsd > 0n ? await context.paid!.setAside({ session, tool: name, source, amountMicroUsd }) : null;
    try {
      const said = await ask(args, AbortSignal.any([stopped, context.signal]));
      // Whether a refusal is billed only its vendor knows.
      money?.settle(said.isError ? "unknown" : "paid");
      return said;
    } catch (error) {
      // What a switch cut off may have been answered, and billed, over there.
      money?.settle(!stopped.aborted && isUnsent(error) ? "nothing" : "unknown");
      if (!(error instanceof OutsideFailure)) throw error;
      throw new AitoError("AITO_TOOL_FAILED", error.message, { hint: "it may work later; go on with other work", status: 502 });
    }
  });
  receipt.keep(answer.whole);
  if (answer.isError) throw saidNo(answer.body);
  return answer.body;
}

/** Nothing of it can have reached the server. */
const isUnsent = (error: unknown): boolean =>
  error instanceof OutsideFailure ? error.arrived === "no" : error instanceof AitoError;

const platformFields = {
  aito_for_task: Id.optional(),
  aito_decision_id: Id.optional(),
  aito_approval_id: Id.optional(),
};

const withoutPlatform = (value: Args): Args =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !Object.hasOwn(platformFields, key)));

/** The server's schema without the argument that the platform fills. */
function ownSchema(words: ApprovedWords, { effectKey }: OutsideToolEntry): Args {
  const schema = JSON.parse(words.inputSchema) as { properties?: Args; required?: unknown } & Args;
  if (effectKey === undefined) return schema;
  const { [effectKey]: _, ...properties } = schema.properties ?? {};
  const required = Array.isArray(schema.required) ? schema.required.filter((each) => each !== effectKey) : undefined;
  return { ...schema, properties, ...(required === undefined ? {} : { required }) };
}

/** What the fleet file says of the tool that its words do not bear out; null: they agree. */
export function misfit(words: ApprovedWords, entry: OutsideToolEntry): string | null {
  const { properties = {} } = JSON.parse(words.inputSchema) as { properties?: object };
  for (const [key, argument] of [
    ["effectKey", entry.effectKey],
    ["usdArgument", entry.usdArgument],
  ] as const) {
    if (argument !== undefined && !Object.hasOwn(properties, argument))
      return `it has no argument ${argument} (${key} of the fleet file)`;
  }
  return null;
}

function costProblem({ usdArgument }: OutsideToolEntry, value: Args): string | null {
  if (usdArgument === undefined || value[usdArgument] === undefined) return null;
  const usd = value[usdArgument];
  return typeof usd === "number" && usd >= 0 && usd <= 1e9 ? null : `${usdArgument} must be a number of dollars from 0 on`;
}

const costOf = ({ usd, usdArgument }: OutsideToolEntry, value: Args): bigint =>
  usdToMicro(usd) + (usdArgument !== undefined && typeof value[usdArgument] === "number" ? usdToMicro(value[usdArgument]) : 0n);

const summaryOf = (name: string, args: Args): string =>
  visibleLine(`call ${name} with ${JSON.stringify(args)}`, summaryCharactersMax);

const saidNo = (body: Record<string, unknown>): AitoError =>
  new AitoError("AITO_TOOL_FAILED", `${String(body["from"])} says that it failed: ${visibleLine(String(body["text"]), 1_000)}`, {
    status: 502,
  });

/** Sends it once, or under its key again until somebody knows what came of it. Once `signal` is aborted nothing more is sent. */
async function perform(
  { ask, clock, random }: Given,
  args: Args,
  { untilMs, signal }: { untilMs: number; signal: AbortSignal },
): Promise<OutsideResult> {
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) return { ok: false, arrived: attempt === 1 ? "no" : "unknown", error: errorText(signal.reason) };
    try {
      const { body, whole, isError } = await ask(args, signal);
      // Of a second try it may only say that the first one, of which nobody heard, was done already.
      if (isError) return { ok: false, arrived: attempt === 1 ? "yes" : "unknown", error: saidNo(body).message };
      return { ok: true, result: body, whole, undo: null };
    } catch (error) {
      if (signal.aborted) return { ok: false, arrived: "unknown", error: errorText(signal.reason) };
      if (error instanceof AitoError) return { ok: false, arrived: attempt === 1 ? "no" : "unknown", error: `${error.message}.` };
      if (!(error instanceof OutsideFailure)) throw error;
      const vague = error.arrived === "unknown" || attempt > 1;
      if (!vague) return { ok: false, arrived: "no", error: `${error.message}.` };
      if (clock.now().getTime() >= untilMs) return { ok: false, arrived: "unknown", error: error.message };
      const waitMs = Math.max(retryBaseMs / 2, backoffMs(attempt, { baseMs: retryBaseMs, maxMs: retryMaxMs, random }));
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }
}
