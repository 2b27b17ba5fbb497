import { releaseToBoard, showOnBoard } from "@aito/company";
import { Id } from "@aito/protocol";
import { z } from "zod";
import { defineGatedTool } from "../mcp/tool.ts";

/** What a human approves when a task's words come from outside: nobody else holds it, and the board itself asks. */
export const showOnBoardTool = defineGatedTool({
  name: showOnBoard,
  description: "Show a task on the company's board, where others read it.",
  risk: "write",
  kinds: [],
  input: z.strictObject({ task_id: Id, title: z.string(), text: z.string(), summary: z.string() }),
  costMicroUsd: () => 0n,
  summary: ({ title }) => `show the task "${title}" on the board`,
  effect: async (unit, _permission, shown) => {
    await releaseToBoard(unit, shown);
    return { result: { task_id: shown.task_id, shown: true }, undo: null };
  },
});
