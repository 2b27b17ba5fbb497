import { newToken, sha256 } from "@aito/base";
import {
  type AgentSession,
  answerApproval,
  approvalView,
  askedBefore,
  beginIncarnation,
  type Call,
  type CompanyDeps,
  type Gated,
  hello,
  type OutsideResult,
  publishIn,
  receiptSigner,
  recordReceiptIn,
  runApproved,
  type Tools,
  useGate,
} from "@aito/company";
import type { ApprovalView } from "@aito/protocol";

const version = sha256("publish_text, version 1");
const signer = receiptSigner("the receipt key of approvals under test");

/** A file by what it holds. */
export const fileOf = (name: string, text: string) => {
  const content = Buffer.from(text);
  return { file: { name, sha256: sha256(content), bytes: content.byteLength }, content };
};

/** Approvals over a company, without a gateway: agents that ask, tools whose effects are counted from outside, and a human. */
export interface ApprovalGround {
  deps: CompanyDeps;
  enter(agent: string): Promise<AgentSession>;
  callOf(
    args: Record<string, unknown>,
    files?: { name: string; text: string }[],
  ): Call & { contents: { sha256: string; content: Buffer }[] };
  gate(session: AgentSession, call: ReturnType<ApprovalGround["callOf"]>): Promise<Gated>;
  ask(session: AgentSession, call: ReturnType<ApprovalGround["callOf"]>): Promise<ApprovalView>;
  /** What an agent does with an approval's id. */
  replay(session: AgentSession, id: string, call: Call): Promise<string>;
  approve(approval: ApprovalView): Promise<boolean>;
  run(id: string, deps?: CompanyDeps): Promise<boolean>;
  view(id: string): Promise<ApprovalView>;
  /** Every effect that really happened, by its key. */
  ledger: string[];
  tools: Tools;
}

export interface GroundOptions {
  /** The effect is in a world of its own, not in the database. */
  outside: boolean;
  versionNow?: () => string;
  /** What an effect outside does, beside being counted in this process. */
  effect?: (key: string) => void;
}

/** A tool whose effect is counted from outside: in `ledger`, or as a publication. */
function countedTools(options: GroundOptions, ledger: string[]): Tools {
  return {
    versionOf: () => options.versionNow?.() ?? version,
    receipt: async (unit, { approval, receiptId: id, ok, receipt: status, result }) => {
      const { agent_id: agentId, agent, epoch, task_id: taskId, call_digest: argumentsDigest, run_id: run, tool } = approval;
      const call = { id, tool, argumentsDigest, ok, status, result, durationMs: 0, run, effect: true };
      await recordReceiptIn(unit, { agentId, agent, epoch, taskId }, call, signer);
    },
    read: (call) => ({
      kind: { name: call.tool, dataClass: "public" },
      amountMicroUsd: 0n,
      summary: "publish",
      taint: null,
      ...(options.outside
        ? {
            outside: {
              leaseMs: 60_000,
              run: (effectKey: string): Promise<OutsideResult> => {
                ledger.push(effectKey);
                options.effect?.(effectKey);
                return Promise.resolve({ ok: true, result: { sent: true }, undo: null });
              },
            },
          }
        : {
            inside: async (unit, permission) => {
              const { title } = call.arguments as { title: string };
              const publication = await publishIn(unit, permission, { title, text: "Words." });
              return { result: { publication }, undo: null };
            },
          }),
    }),
  };
}

export function approvalGround(deps: CompanyDeps, options: GroundOptions): ApprovalGround {
  const ledger: string[] = [];
  const tools = countedTools(options, ledger);
  const ground: ApprovalGround = {
    deps,
    ledger,
    tools,
    enter: async (agent) => {
      const token = newToken("run");
      const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
      return await hello(deps, {
        tokenHash: sha256(token),
        epoch,
        sessionHash: sha256(newToken("ses")),
        redisPasswordHash: sha256(newToken("bus")),
      });
    },
    callOf: (args, files = []) => {
      const held = files.map(({ name, text }) => fileOf(name, text));
      return {
        tool: "publish_text",
        schemaVersion: version,
        arguments: args,
        files: held.map(({ file }) => file),
        contents: held.map(({ file, content }) => ({ sha256: file.sha256, content })),
      };
    },
    gate: (session, call) =>
      useGate(
        deps,
        session,
        {
          ...call,
          inputSchema: { type: "object" },
          risk: "dangerous",
          dataClass: "public",
          argumentsDigest: "",
          amountMicroUsd: 0n,
          decisionId: null,
          summary: "publish",
          receiptId: null,
          runId: null,
          outsideLeaseMs: options.outside ? 60_000 : null,
        },
        options.outside ? null : (unit, permission) => tools.read({ ...call, files: [] }, session).inside!(unit, permission),
      ),
    ask: async (session, call) => {
      const gated = await ground.gate(session, call);
      if (gated.did !== "asked") throw new Error(`it was not asked for: ${gated.did}`);
      return await ground.view(gated.approval.id);
    },
    replay: async (session, id, call) => {
      try {
        return (await askedBefore(deps, session, id, call)).status;
      } catch (error) {
        return (error as { code: string }).code;
      }
    },
    approve: async ({ id, digest }) =>
      (await answerApproval(deps, { id, by: "operator", answer: { answer: "approve", digest } })).first,
    run: async (id, over = deps) => (await runApproved(over, id, tools)) !== null,
    view: (id) => approvalView(deps, null, id),
  };
  return ground;
}
