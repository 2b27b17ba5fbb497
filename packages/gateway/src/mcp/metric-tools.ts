import { recordMetric } from "@aito/company";
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
    }),
    run: async ({ context, session, receiptId }, { value, ...metric }) => {
      const { id } = await recordMetric(context.deps, session, { ...metric, value: decimalText(value), receiptId });
      return { metric_id: id };
    },
  }),
];

/** A model may write 0.1 + 0.2; what cannot be kept exactly with six decimals is cut there. */
const decimalText = (value: string | number): string =>
  typeof value === "number" ? value.toFixed(6).replace(/\.?0+$/, "") : value.trim();
