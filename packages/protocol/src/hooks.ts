import { z } from "zod";
import { AgentName, Id, Timestamp } from "./ids.ts";

/** What one event from outside makes: exactly one of a task, a message that wakes somebody, and a look at the board. */
export const HookRule = z.strictObject({
  /** The event's name: GitHub's (`x-github-event`), or the `type` in the body; `*` is any. */
  event: z.string().min(1).max(100),
  /** The `action` in the body; any where nothing is said. */
  action: z.string().min(1).max(100).optional(),
  /** What must stand in the body, by dotted path: `{ repository.full_name: acme/site }`. */
  where: z.record(z.string().min(1).max(200), z.union([z.string().max(500), z.number(), z.boolean()])).optional(),
  /** `{a.b}` in the title is what stands in the body at that path, on one line. */
  task: z
    .strictObject({
      title: z.string().min(1).max(200),
      assignTo: AgentName,
      priority: z.number().int().min(1).max(10).default(5),
    })
    .optional(),
  wake: AgentName.optional(),
  /** GitHub is asked at once for what changed on the board. */
  board: z.literal(true).optional(),
});
export type HookRule = z.infer<typeof HookRule>;

/** `github`: as GitHub signs. `standard`: Standard Webhooks, with a timestamp (`webhook-id`, `webhook-timestamp`, `webhook-signature`). */
export const HookScheme = z.enum(["github", "standard"]);
export type HookScheme = z.infer<typeof HookScheme>;

/** The fleet file's section `hooks`, by name: `POST /hooks/NAME` on the console takes events in. */
export const FleetHooks = z.record(
  AgentName,
  z.strictObject({
    scheme: HookScheme,
    /** The first that fits is followed; an event that none fits is recorded and nothing follows. */
    rules: z.array(HookRule).max(50).default([]),
    perMinute: z.number().int().positive().max(600).default(60),
  }),
);
export type FleetHook = z.infer<typeof FleetHooks>[string];

/** `nothing`: no rule fits. `unreadable`: signed, but no JSON object. `failed`: a rule fits and could not be followed. */
export const HookOutcome = z.enum(["task", "wake", "board", "nothing", "unreadable", "failed"]);
export type HookOutcome = z.infer<typeof HookOutcome>;

export const HookDelivery = z.object({
  id: Id,
  hook: z.string(),
  deliveryId: z.string().describe("the sender's name for it: the same one is taken once"),
  event: z.string().nullable(),
  action: z.string().nullable(),
  outcome: HookOutcome,
  why: z.string().nullable().describe("why it failed"),
  taskId: Id.nullable(),
  receivedAt: Timestamp,
});
export type HookDelivery = z.infer<typeof HookDelivery>;

export const HookView = z.object({
  name: z.string(),
  path: z.string().describe("where events are sent to, below the console's address"),
  scheme: HookScheme,
  perMinute: z.number().int(),
  rules: z.array(HookRule),
  secrets: z.number().int().describe("secrets that are live; with none every delivery is refused"),
  lastDay: z.number().int().describe("deliveries taken in within 24 hours"),
  last: HookDelivery.nullable(),
});
export type HookView = z.infer<typeof HookView>;

/** What a delivery was answered with. */
export const HookAnswer = z.object({
  did: HookOutcome,
  /** It had come before: nothing was done again. */
  before: z.boolean(),
  task: Id.nullable(),
});
export type HookAnswer = z.infer<typeof HookAnswer>;
