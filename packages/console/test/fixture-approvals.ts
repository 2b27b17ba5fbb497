import type { ApprovalDetail, ApprovalView } from "@aito/protocol";
import { hostileText, id, start } from "./fixture-data.ts";
import { receipts } from "./fixture-ideas.ts";

const call = (number: number, agent: string, change: Partial<ApprovalView>): ApprovalView => ({
  id: id(number),
  status: "waiting",
  agent,
  role: agent,
  epoch: 1,
  taskId: null,
  tool: "publish_text",
  summary: "publishes “Winter offer” on the site",
  rule: "dangerous",
  reason: "a dangerous tool needs a human",
  digest: "d".repeat(64),
  callDigest: "c".repeat(64),
  arguments: { title: "Winter offer", text: "Ten per cent until Friday." },
  files: [],
  amountMicroUsd: "0",
  asked: 1,
  editedFrom: null,
  expiresAt: new Date(start + 1_800_000).toISOString(),
  createdAt: new Date(start - 60_000).toISOString(),
  answeredAt: null,
  answeredBy: null,
  comment: null,
  endedAt: null,
  result: null,
  error: null,
  receipt: null,
  url: null,
  ...change,
});

/** Two equal calls of two agents, and one of a tainted run with hostile text in it. */
export const approvals = (): ApprovalView[] => [
  call(0x901, "cmo", {}),
  call(0x902, "cco", {}),
  call(0x903, "coo", {
    callDigest: "e".repeat(64),
    tool: "mail__send",
    summary: hostileText,
    rule: "taint",
    reason: "the run has read text from outside",
    arguments: { to: "alice@example.com\u202Emoc.live", text: hostileText },
    amountMicroUsd: "1250000",
    expiresAt: new Date(start + 300_000).toISOString(),
  }),
];

/** The same with what it rests on. */
export const approvalDetail = (approval: ApprovalView): ApprovalDetail => ({
  ...approval,
  taint: `receipt ${id(0x701)}: ${hostileText}`,
  receipts: receipts(),
});
