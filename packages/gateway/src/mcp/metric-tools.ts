import { companyNumbers, recordMetric, taintFrom } from "@aito/company";
import { type CheckedClaim, Id, Period } from "@aito/protocol";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

export const metricTools: Tool[] = [
  defineTool({
    name: "record_metric",
    description:
      "Record a measured value. Alarms of the company read sentiment, negative_sentiment (percent), pr_crisis and incidents (counts, " +
      "0 when it is over). Record only what you have measured or read; the call's receipt is kept with it.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({
      name: z.string().trim().min(1).max(100).describe("a slug, for example negative_sentiment"),
      value: z.union([z.string().max(30), z.number()]).describe("a plain decimal with at most six digits after the point"),
      unit: z.string().trim().min(1).max(40),
      entity: z.string().trim().max(100).optional().describe("what was measured, for example twitter; the company if left out"),
      period: z.string().trim().max(40).optional(),
      receipts: z
        .array(Id)
        .max(20)
        .default([])
        .describe("ids of the receipts that state it; without one it counts as unverified"),
      measured: Period.optional().describe("the period that the receipt states it for; left out: a value at a point in time"),
    }),
    run: async ({ context, session, receiptId }, { value, ...metric }) => {
      const stored = await recordMetric(context.deps, session, { ...metric, value: decimalText(value), receiptId });
      return { metric_id: stored.id, verified: stored.verified, ...(stored.why === null ? {} : { why: stored.why }) };
    },
    evidence: false,
  }),
  defineTool({
    name: "read_figures",
    description:
      "Read the company's figures: what is left of its budget, its open work, and what colleagues measured, each with receipts. What " +
      "no receipt backs stands apart under unverified: do not build on it. Cite this call's receipt in your own claims.",
    risk: "read",
    kinds: ["agent", "worker"],
    input: z.object({}),
    run: async ({ context, session }) => {
      const { verified, unverified, own } = await companyNumbers(context.deps);
      const shown = unverified.slice(0, unverifiedMax);
      // A metric's name and what it is of are words of whoever stated it.
      const ids = [...verified, ...shown].map(({ id }) => id);
      await taintFrom(context.deps, session, "claims", ids);
      return { figures: [...own, ...verified.map(figure)], unverified: shown.map(unbacked) };
    },
    facts: ({ figures }, now) =>
      (figures as Figure[]).slice(0, factsMax).map(({ metric, value, unit, period, entity, observed_at, outside_source }) => ({
        metric,
        value,
        unit,
        period,
        entity,
        observedAt: observed_at ?? now.toISOString(),
        // Passed on, a figure of somebody outside stays one.
        ...(outside_source === undefined ? {} : { source: outside_source }),
      })),
  }),
];

const unverifiedMax = 50;
const factsMax = 200;

interface Figure {
  metric: string;
  value: string;
  unit: string;
  period: Period | null;
  entity: string;
  observed_at: string | null;
  outside_source?: string;
  receipts: string[];
}

const figure = ({ metric, value, unit, period, entity, observedAt, receipts, agent, outside }: CheckedClaim) => ({
  metric,
  value,
  unit,
  period,
  entity,
  observed_at: observedAt,
  by: agent,
  receipts,
  ...(outside === undefined ? {} : { outside_source: outside.source }),
});
const unbacked = ({ metric, value, unit, entity, agent, why }: CheckedClaim) => ({ metric, value, unit, entity, by: agent, why });

/** A model may write 0.1 + 0.2; what cannot be kept exactly with six decimals is cut there. */
const decimalText = (value: string | number): string =>
  typeof value === "number" ? value.toFixed(6).replace(/\.?0+$/, "") : value.trim();
