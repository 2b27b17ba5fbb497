import { publishIn } from "@aito/company";
import { Id, usdToMicro } from "@aito/protocol";
import { z } from "zod";
import { defineGatedTool, type GatedTool } from "./tool.ts";

/** Tools whose effect leaves the company; `DangerousTool` of the protocol lists the same names. */
export const dangerousTools: GatedTool[] = [
  defineGatedTool({
    name: "publish_text",
    description:
      "Publish a text in the company's public journal. It cannot be taken back. In an autonomous role an approved decision must " +
      "release it (propose_decision with action), whose decision_id is given here; otherwise a human is asked.",
    risk: "dangerous",
    kinds: ["agent", "worker"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      text: z.string().trim().min(1).max(100_000),
      usd: z.number().nonnegative().max(1e9).default(0).describe("what its placement costs, in dollars"),
      decision_id: Id.optional().describe("the approved decision that releases it"),
    }),
    costMicroUsd: ({ usd }) => usdToMicro(usd),
    summary: ({ title }) => `publish "${title}"`,
    effect: async (unit, permission, { title, text }) => {
      const publication = await publishIn(unit, permission, { title, text });
      return { result: { publication_id: publication, published: true }, undo: null };
    },
  }),
];
