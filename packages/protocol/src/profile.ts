import { z } from "zod";

/** One numbered action of a profile's loop (P05). */
export const LoopAction = z.object({
  text: z.string(),
  /**
   * Seconds between two runs. An action that names its own pace, "Generate ideas (every 24 hours)", is creative: it is
   * due at that pace and asks the model. Without a pace it is a check, answered from records at each loop.
   */
  everySeconds: z.number().int().positive(),
  creative: z.boolean(),
});
export type LoopAction = z.infer<typeof LoopAction>;

/** Kinds of act and money limits from "Decision Authority" (P04, V02). Limits are exclusive: above them the level applies. */
export const Authority = z.object({
  minor: z.array(z.string()),
  major: z.array(z.string()),
  critical: z.array(z.string()),
  /** Micro-dollars as text; the smallest limit named in the section, else the fleet's. */
  majorAboveMicroUsd: z.string().nullable(),
  criticalAboveMicroUsd: z.string().nullable(),
});
export type Authority = z.infer<typeof Authority>;

export const TriggerKind = z.enum(["sentiment_drop", "pr_crisis", "budget_overrun", "technical_issue"]);
export type TriggerKind = z.infer<typeof TriggerKind>;

/** What the platform itself watches for: fires on recorded metrics and events, never on what an agent says. */
export const Trigger = z.object({
  kind: TriggerKind,
  /** The number of the rule as decimal text, in percent where the rule is about a share; the condition is "above it". */
  threshold: z.string(),
  /** Roles that are told. */
  notify: z.array(z.string()),
  /** The heads decide in an emergency session. */
  emergency: z.boolean(),
});
export type Trigger = z.infer<typeof Trigger>;

/** A rule as written; without `trigger` it is prose that only the agent reads. */
export const EscalationRule = z.object({ when: z.string(), then: z.string(), trigger: Trigger.optional() });

/** `admin` may also change what runs with the repository's own powers: workflows and code owners. */
export const GitRight = z.enum(["read", "write", "admin"]);

/** A role's Markdown profile after parsing: the seed's eight sections. */
export const Profile = z.object({
  name: z.string(),
  department: z.string(),
  reportsTo: z.string(),
  manages: z.array(z.string()),
  mission: z.string(),
  responsibilities: z.array(z.object({ title: z.string(), items: z.array(z.string()) })),
  authority: Authority,
  loop: z.object({
    intervalSeconds: z.number().int().positive(),
    /** Wakes by the clock; the interval is then the shortest time between two. */
    cron: z.object({ pattern: z.string(), zone: z.string() }).optional(),
    actions: z.array(LoopAction),
  }),
  git: z
    .object({
      repository: z.string(),
      branch: z.string(),
      paths: z.array(z.string()),
      /** `write` where the profile names none. */
      right: GitRight.optional(),
      actions: z.array(z.string()),
    })
    .nullable(),
  communicationStyle: z.array(z.string()),
  escalationRules: z.array(EscalationRule),
});
export type Profile = z.infer<typeof Profile>;
