import type { Acceptance, IdeaView, NoticeView, PublicationView } from "@aito/protocol";
import type { z } from "zod";
import { hostileText, id, start } from "./fixture-data.ts";

const idea = (number: number, agent: string, title: string, change: Partial<IdeaView> = {}): IdeaView => ({
  id: id(0x500 + number),
  taint: null,
  agent,
  title,
  text: "Three customers asked for it this week; a small trial would tell.",
  kind: "campaign",
  amountMicroUsd: "250000000",
  status: "new",
  score: 64,
  scoreParts: { novelty: 0.8, fit: 0.7, cost: 0.6, acceptance: 0.5 },
  mergedInto: null,
  mentions: 1,
  decisionId: null,
  comparedBy: "meaning",
  createdAt: new Date(start - number * 3_600_000).toISOString(),
  ...change,
});

export const ideas = (): IdeaView[] => [
  idea(1, "cmo", "A referral week for existing customers", { score: 81, mentions: 3, status: "kept" }),
  idea(2, "coo", "Answer the ten commonest questions in one pinned post"),
  idea(3, "cto", `Serve the documentation from a cache ${hostileText}`, { text: hostileText, amountMicroUsd: "0" }),
  idea(4, "cfo", "Pay hosting by the year", { status: "promoted", decisionId: id(0x104), score: 77 }),
  idea(5, "cmo", "A week of referrals", {
    status: "merged",
    mergedInto: id(0x501),
    score: null,
    scoreParts: null,
  }),
];

export const acceptance = (): Acceptance[] => [
  { agent: "cmo", kind: "campaign", approved: 6, vetoed: 2, sentBack: 1 },
  { agent: "cto", kind: null, approved: 1, vetoed: 0, sentBack: 0 },
];

export const publications = (): PublicationView[] => [
  {
    id: id(0x601),
    title: "What we learned in November",
    text: `Short notes from the team.\n\n${hostileText}`,
    agent: "cmo",
    decisionId: id(0x104),
    createdAt: new Date(start - 7_200_000).toISOString(),
  },
];

export const receipts = () => [
  {
    id: id(0x701),
    agent: "cmo",
    tool: "record_metric",
    ok: true,
    at: new Date(start - 300_000).toISOString(),
    result: `{"metric":"signups","value":"212"} ${hostileText}`,
  },
];

export const notices = (): z.infer<typeof NoticeView>[] => [
  {
    id: id(0x801),
    channel: "webhook",
    number: 1,
    status: "sent",
    dueAt: new Date(start - 200_000).toISOString(),
    attempts: 1,
    lastError: null,
    sentAt: new Date(start - 199_000).toISOString(),
  },
  {
    id: id(0x802),
    channel: "email",
    number: 1,
    status: "failed",
    dueAt: new Date(start - 200_000).toISOString(),
    attempts: 5,
    lastError: "the mail server answered 550",
    sentAt: null,
  },
];
