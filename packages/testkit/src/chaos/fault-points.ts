import { type CrashPointName, crashPoints } from "@aito/base";

/** Those that stand behind these words, as they are written in the list of all. */
const pointsOf = (...groups: string[]): CrashPointName[] =>
  groups.flatMap((group) => crashPoints.filter((name) => name.startsWith(`${group}.`)));

/** Points that are hit inside the agent, beside the moments that are seen from outside. */
export const agentPoints = pointsOf("agent");
/** Those of Git and of approved calls have drills of their own. */
export const gatewayPoints = pointsOf("hello", "poll", "model", "tool", "report", "notice", "commit", "deliver");
export const orchestratorPoints = pointsOf("pass", "start", "lose", "remove", "retire", "commit", "deliver");
