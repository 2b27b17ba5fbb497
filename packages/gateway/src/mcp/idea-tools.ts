import { meaningOfIdea, proposeIdea } from "@aito/company";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

export const ideaTools: Tool[] = [
  defineTool({
    name: "propose_idea",
    description:
      "Write down an idea. It is merged with an earlier one that says the same, scored (novelty, fit to your mission, cost, how your " +
      "earlier ideas were answered) and kept, or put to the vote at once if it is good enough.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      text: z.string().max(20_000).default(""),
      kind: z.string().max(255).optional().describe("one of the kinds listed in your profile's Decision Authority"),
      usd: z.number().nonnegative().max(1e9).default(0).describe("what it would cost"),
    }),
    prepare: ({ context }, idea) => meaningOfIdea(context.deps, idea),
    run: async ({ context, session }, { title, text, kind, usd }, meaning) => {
      const idea = await proposeIdea(context.deps, session, { title, text, kind: kind ?? null, usd }, meaning);
      return {
        idea_id: idea.id,
        status: idea.status,
        score: idea.score,
        merged_into: idea.mergedInto,
        compared_by: idea.comparedBy,
        decision_id: idea.decisionId,
      };
    },
  }),
];
