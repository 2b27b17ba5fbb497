import type { NoticeKind } from "./fleet-notices.ts";

const kinds: Record<string, NoticeKind> = {
  approval: "needs",
  escalation: "needs",
  tool: "needs",
  budget: "money",
  anomaly: "money",
  briefing: "briefing",
  synthesis: "briefing",
  digest: "digest",
};

/** What an alert of this kind is to its reader; whatever is new and unknown has failed. */
export const noticeKindOf = (alertKind: string): NoticeKind => kinds[alertKind] ?? "failed";
