import { sha256 } from "@aito/base";
import { beginIncarnation, type CompanyDeps, hello, useGate } from "@aito/company";

const inputSchema = {
  type: "object",
  properties: { title: { type: "string" }, text: { type: "string" } },
  required: ["title"],
  additionalProperties: false,
};

/** An agent that makes dangerous calls; nobody runs them here. */
export async function dangerousAgent(deps: CompanyDeps, agent: string) {
  const hashes = { tokenHash: sha256(`token ${agent}`), sessionHash: sha256(`session ${agent}`), redisPasswordHash: "" };
  const { epoch } = await beginIncarnation(deps, { agent, tokenHash: hashes.tokenHash });
  const session = await hello(deps, { ...hashes, epoch });
  return {
    /** Calls `publish_text`; answers what the gate did. */
    call: async (args: Record<string, unknown>) => {
      const call = { tool: "publish_text", schemaVersion: "v", arguments: args, files: [], contents: [], inputSchema };
      return await useGate(
        deps,
        session,
        {
          ...call,
          risk: "dangerous",
          dataClass: "public",
          argumentsDigest: "",
          amountMicroUsd: 0n,
          decisionId: null,
          summary: `publish "${String(args["title"])}"`,
          receiptId: null,
          runId: null,
          outsideLeaseMs: null,
        },
        () => Promise.resolve({ result: { published: true }, undo: null }),
      );
    },
  };
}
