import { usualGrant } from "@aito/protocol";
import type { Permit } from "../autonomy/gate.ts";
import type { PolicyCall, PolicyFacts } from "./policy.ts";
import type { StandingPermission } from "./standing.ts";

/** A call and facts of which each test changes what it is about. */
export const someCall: PolicyCall = {
  tool: "publish_text",
  risk: "dangerous",
  dataClass: "public",
  arguments: { title: "News", text: "We are 1,000.", usd: 40 },
  argumentsDigest: "digest",
  amountMicroUsd: 40n,
};

export const somePermit: Permit = {
  id: "d1",
  status: "approved",
  isOwn: true,
  action: { tool: "publish_text", argumentsDigest: null, timesLeft: 1, leftMicroUsd: 40n },
};

export const someStanding: StandingPermission = {
  id: "s1",
  name: "daily-posts",
  tool: "publish_text",
  constraints: [],
  timesLeft: 1,
  leftMicroUsd: 40n,
};

export const someFacts: PolicyFacts = {
  layers: {
    company: null,
    role: usualGrant,
    client: null,
    task: null,
    holder: "cmo",
    exclusive: {},
  },
  sees: [],
  autonomy: { mode: "supervised", releases: ["publish_text"] },
  taint: null,
  permit: null,
  standing: [],
  rate: null,
  waiting: { now: 0, max: 20 },
};
