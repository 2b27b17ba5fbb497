import { AitoError } from "@aito/base";
import { requireCurrent } from "@aito/company";
import type { GithubClient } from "@aito/connectors";
import type { z } from "zod";
import { isOver } from "../mcp/is-over.ts";
import { defineTool, type OpenTool, type ToolCall } from "../mcp/tool.ts";

/** Its breaker's name, and the source of its tools. */
export const githubName = "github";

/** A call with the way to GitHub that is its own: it ends with what its agent may do. */
export type GitCall = ToolCall & { github: GithubClient };

type GitTool<S extends z.ZodObject> = Omit<OpenTool<S>, "run" | "prepare" | "source"> & {
  run(call: GitCall, input: z.infer<S>): Promise<Record<string, unknown>>;
};

/**
 * A tool that works on GitHub. That is an outside system as any other: while it does not answer, its tools say so at once and wait for
 * nothing. A kill switch ends its requests and its waits, and fence and switches are asked right before each request that changes
 * something. What then was changed before is not undone: the call's outcome is unknown, and safe to repeat.
 */
export const defineGitTool = <S extends z.ZodObject>(github: GithubClient, tool: GitTool<S>): OpenTool =>
  defineTool({
    ...tool,
    source: githubName,
    run: (call: ToolCall, input: z.infer<S>) => {
      const { approval, session, context } = call;
      return context.stops.guard(approval === undefined ? session : { approvalId: approval }, async (signal) => {
        let wrote = false;
        const beforeWrite = async (): Promise<void> => {
          await requireCurrent(context.deps, session, approval);
          wrote = true;
        };
        const own = github.onBehalfOf({ signal, beforeWrite });
        try {
          return await context.breakers.through(githubName, () => tool.run({ ...call, github: own }, input));
        } catch (error) {
          throw wrote && isOver(error) ? cutOff(error) : error;
        }
      });
    },
  });

const cutOff = (error: AitoError): AitoError =>
  new AitoError("AITO_OUTCOME_UNKNOWN", `it was cut off on its way, and part of it may have happened: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    status: 502,
    cause: error,
  });
