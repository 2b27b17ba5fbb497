import { z } from "zod";
import { Anchor } from "./anchors.ts";

/**
 * The lines of an export, in their order: one `export`, then anchors, sealed events by their places, and decisions with their votes,
 * each after the steps of it that are not in the chain yet; one `end`. What a line tells beyond these keys is ignored.
 */
const place = z.string().regex(/^\d{1,18}$/);
const text = z.string();
const time = z.iso.datetime();

export const ExportLine = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("export"), v: z.literal(1), company: text, at: time, count: place }),
  z.object({ kind: z.literal("anchor"), anchor: Anchor }),
  z.object({ kind: z.literal("event"), seq: place, prev: text, hash: text, body: text }),
  z.object({ kind: z.literal("step"), body: text }),
  z.object({
    kind: z.literal("decision"),
    id: text,
    title: text,
    status: text,
    decision_type: text,
    veto_round: z.number().int(),
    phase: text.nullable(),
    deadline_at: time.nullable(),
    ceo_vote: text.nullable(),
    dao_vote: text.nullable(),
    c_level_votes: z.record(text, z.unknown()),
    outcome_reason: text.nullable(),
    human_decision: text.nullable(),
    human_comment: text.nullable(),
    machine: z.record(text, z.unknown()),
    votes: z.array(z.object({ round: z.number().int(), phase: text, voter: text, vote: text, reason: text, cast_at: time })),
  }),
  z.object({ kind: z.literal("end"), events: place, decisions: z.number().int() }),
]);
export type ExportLine = z.infer<typeof ExportLine>;
