import type { CrashPointName } from "@aito/base";

/** Points that are hit inside the agent, beside the moments that are seen from outside. */
export const agentPoints: CrashPointName[] = [
  "agent.after_hello",
  "agent.after_poll",
  "agent.after_context",
  "agent.before_model",
  "agent.after_model",
  "agent.before_tool",
  "agent.after_tool",
  "agent.before_report",
  "agent.after_report",
];

export const gatewayPoints: CrashPointName[] = [
  "hello.after_token",
  "poll.after_claim",
  "model.before_upstream",
  "model.after_upstream",
  "model.after_reply",
  "tool.before_effect",
  "tool.after_effect",
  "tool.after_receipt",
  "report.before_record",
  "report.after_record",
  "notice.after_claim",
  "notice.after_send",
  "commit.before",
  "commit.after",
  "deliver.after",
];
export const orchestratorPoints: CrashPointName[] = [
  "pass.planned",
  "start.before_epoch",
  "start.after_epoch",
  "start.after_create",
  "start.after_run",
  "start.after_line",
  "start.after_attach",
  "lose.after_kill",
  "lose.after_record",
  "remove.after_kill",
  "retire.before_record",
  "commit.before",
  "commit.after",
  "deliver.after",
];
