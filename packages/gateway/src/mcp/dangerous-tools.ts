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
      "release it (propose_decision with action), whose decision_id is given here; otherwise a human is asked, and the outcome comes " +
      "to you as a message.",
    risk: "dangerous",
    dataClass: "public",
    kinds: ["agent", "worker"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      text: z.string().trim().min(1).max(100_000),
      usd: z.number().nonnegative().max(1e9).default(0).describe("what its placement costs, in dollars"),
      files: z
        .array(z.object({ name: z.string().trim().min(1).max(120), text: z.string().max(200_000) }))
        .max(5)
        .optional()
        .describe("texts that are published with it"),
      decision_id: Id.optional().describe("the approved decision that releases it"),
      approval_id: Id.optional().describe("an approval of this same call: tells what came of it, and runs nothing"),
    }),
    costMicroUsd: ({ usd }) => usdToMicro(usd),
    summary: ({ title }) => `publish "${title}"`,
    effect: async (unit, permission, { title, text }, files) => {
      const publication = await publishIn(unit, permission, { title, text, files });
      return { result: { publication_id: publication, published: true }, undo: null };
    },
  }),
];
