import { z } from "zod";
import { DataClass, ToolRisk } from "./grants.ts";
import { AgentName, Timestamp } from "./ids.ts";

/** What a vendor of models takes as a tool's name, at most. */
export const toolNameCharactersMax = 64;
const Named = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/, "letters, digits, _ and - (at most 60)");

/** Keys from the top, `rows.*.count`: a star is each element of a list. */
const AnswerPath = z
  .string()
  .regex(/^(?:[\w$-]{1,60}|\*)(?:\.(?:[\w$-]{1,60}|\*)){0,9}$/, "keys with points between, * for each element");

/**
 * What an answer states that claims may cite: a value at a path of its structured content, or the number right after some words of its
 * text. Where the answer does not bear it out, it states nothing.
 */
export const OutsideFact = z
  .strictObject({
    metric: z.string().trim().min(1).max(100),
    value: AnswerPath.optional(),
    after: z.string().min(2).max(100).optional(),
    /** As claims call it: count, percent, USD, USD_minor, ms. */
    unit: z.string().trim().min(1).max(40).optional(),
    unitAt: AnswerPath.optional(),
    /** Whom it is about; `company` if nothing is said. */
    entity: z.string().trim().min(1).max(100).optional(),
    entityAt: AnswerPath.optional(),
    entityArgument: z.string().min(1).max(100).optional(),
    /** Days or moments of the answer; left out: a value at a point in time. */
    period: z.strictObject({ from: AnswerPath, to: AnswerPath }).optional(),
    /** When it was measured; when it was answered if left out. */
    observedAt: AnswerPath.optional(),
  })
  .refine(({ value, after }) => (value === undefined) !== (after === undefined), "value or after, one of them")
  .refine(({ unit, unitAt }) => (unit === undefined) !== (unitAt === undefined), "unit or unitAt, one of them")
  .refine(({ after, unit }) => after === undefined || unit !== undefined, "a number in a text needs its unit here")
  .refine(
    (fact) => [fact.entity, fact.entityAt, fact.entityArgument].filter((said) => said !== undefined).length <= 1,
    "one entity",
  );
export type OutsideFact = z.infer<typeof OutsideFact>;

/** What the operator says of one tool of an outside server; what the server says of itself counts for nothing. */
export const OutsideToolEntry = z.strictObject({
  /** Its name over there, where it differs from the key. */
  name: z.string().min(1).max(128).optional(),
  risk: ToolRisk.default("dangerous"),
  dataClass: DataClass.default("web"),
  /** What one call costs. */
  usd: z.number().nonnegative().max(1e6).default(0),
  /** The argument that says what a call costs beside that, in dollars. */
  usdArgument: z.string().min(1).max(100).optional(),
  /** How long a call may take; agents wait a minute for a tool, whatever it is. */
  seconds: z.number().positive().max(40).default(20),
  /** The argument that takes a key which is the same whenever it is the same call: such a call may be tried again. */
  effectKey: z.string().min(1).max(100).optional(),
  /** What its answers state: its receipts can be cited for that. */
  facts: z.array(OutsideFact).max(50).optional(),
});
export type OutsideToolEntry = z.infer<typeof OutsideToolEntry>;

/** An MCP server outside the company whose tools agents may be granted, by the name `server__tool`. */
export const ToolServer = z.strictObject({
  /** Streamable HTTP. Nothing else is ever asked: no redirect is followed. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** A unix socket on the gateway's machine instead; it is asked for `/mcp`. */
  unix: z.string().startsWith("/").max(100).optional(),
  /** Names a line of the gateway's file of tool secrets, sent as a bearer token. */
  secret: AgentName.optional(),
  /** The header that carries the secret as it is, instead of a bearer token. */
  secretHeader: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, "a header's name")
    .optional(),
  /** The tools that may be offered; any other one of the server does not exist here. */
  tools: z.record(Named, OutsideToolEntry),
});
export type ToolServer = z.infer<typeof ToolServer>;

export const ToolServers = z.record(AgentName, ToolServer);
export type ToolServers = z.infer<typeof ToolServers>;

/** The name under which agents know it. No name of a tool of ours holds two underscores in a row. */
export const outsideToolName = (server: string, tool: string): string => `${server}__${tool}`;

/** Every tool that the fleet file's servers may offer, by the name that agents know. */
export const outsideToolsOf = (
  servers: ToolServers | undefined,
): { name: string; server: string; tool: string; entry: OutsideToolEntry }[] =>
  Object.entries(servers ?? {}).flatMap(([server, { tools }]) =>
    Object.entries(tools).map(([tool, entry]) => ({ name: outsideToolName(server, tool), server, tool, entry })),
  );

/** `waiting`: an operator must look at it. `replaced`: another version was approved since. */
export const PinStatus = z.enum(["waiting", "approved", "refused", "replaced"]);
export type PinStatus = z.infer<typeof PinStatus>;

/** One version of an outside tool's words: its description and schemas, exactly as they are hashed. */
export const ToolPinView = z.object({
  tool: z.string().describe("the name that agents know"),
  status: PinStatus,
  /** SHA-256 over name, description, input and output schema: what an answer is given to. */
  hash: z.string(),
  description: z.string(),
  inputSchema: z.string().describe("canonical JSON"),
  outputSchema: z.string().nullable(),
  /** Why it can never be offered, whatever is answered; null: it can. */
  problem: z.string().nullable(),
  /** Whether the server said these words when it was last heard. */
  present: z.boolean(),
  firstSeenAt: Timestamp,
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  /** What stands approved, for comparison. */
  before: z
    .object({ hash: z.string(), description: z.string(), inputSchema: z.string(), outputSchema: z.string().nullable() })
    .nullable(),
});
export type ToolPinView = z.infer<typeof ToolPinView>;

export const PinAnswer = z.strictObject({ answer: z.enum(["approve", "refuse"]), hash: z.string().length(64) });
export type PinAnswer = z.infer<typeof PinAnswer>;

/** Since when something that is asked outside does not answer, and when it is tried again. */
export const BreakerView = z.object({
  state: z.enum(["closed", "open", "probing"]),
  failures: z.number().int(),
  since: Timestamp.nullable(),
  nextTryAt: Timestamp.nullable(),
  lastError: z.string().nullable(),
});
export type BreakerView = z.infer<typeof BreakerView>;

/** One tool as the gateway has it. */
export const ToolView = z.object({
  name: z.string(),
  /** `aito`, or the outside server. */
  source: z.string(),
  description: z.string(),
  risk: ToolRisk,
  dataClass: DataClass,
  inputSchema: z.record(z.string(), z.unknown()).nullable(),
  outputSchema: z.record(z.string(), z.unknown()).nullable(),
  /** What one call costs beside what its arguments say; `arguments`: they alone say it. */
  cost: z.object({ usd: z.string(), arguments: z.boolean() }),
  timeoutMs: z.number().int(),
  /** Whether a key goes with its effect, so that the same call has it once however often it is sent. */
  effectKey: z.boolean(),
  /** SHA-256 over name, description and schemas. */
  version: z.string().nullable(),
  /** Whether agents who are granted it see it, and if not, why. */
  offered: z.boolean(),
  why: z.string().nullable(),
  breaker: BreakerView.nullable(),
});
export type ToolView = z.infer<typeof ToolView>;

export const ToolServerView = z.object({
  name: z.string(),
  address: z.string(),
  /** When it last told its tools; null: not yet. */
  heardAt: Timestamp.nullable(),
  /** The revision of MCP that was agreed on. */
  revision: z.string().nullable(),
  breaker: BreakerView,
});
export type ToolServerView = z.infer<typeof ToolServerView>;

export const ToolsView = z.object({ tools: z.array(ToolView), servers: z.array(ToolServerView) });
export type ToolsView = z.infer<typeof ToolsView>;
