/** What a status response carries (protocol: messagePayloads.status_response). */
export interface StatusAnswer {
  status: string;
  metrics: Record<string, number>;
  pending_tasks: { id: string; title: string; status: string; due: string | null }[];
  blockers: string[];
  /** What the agent's verified claims of the last day say, and apart what nothing backs. */
  figures?: { metric: string; value: string; unit: string; entity: string; receipts: string[] }[];
  unverified?: { metric: string; value: string; unit: string; entity: string; receipts: string[] }[];
}

export interface Finding {
  kind: "silent" | "blocked" | "failing";
  agent: string;
  title: string;
  detail: string;
}

/** Pure: what a round of status answers shows that someone should look into. */
export function findings(answers: Map<string, StatusAnswer>, missing: string[]): Finding[] {
  const found: Finding[] = missing.map((agent) => ({
    kind: "silent",
    agent,
    title: `No status from ${agent}`,
    detail: `${agent} did not answer the status query by its deadline. Find out why and say what it takes.`,
  }));
  for (const [agent, answer] of answers) {
    if (answer.blockers.length > 0) {
      found.push({
        kind: "blocked",
        agent,
        title: `Clear the blockers of ${agent}`,
        detail: answer.blockers.map((blocker) => `- ${blocker}`).join("\n"),
      });
    }
    const failed = answer.metrics["failed_tasks_24h"] ?? 0;
    if (failed > 0) {
      found.push({
        kind: "failing",
        agent,
        title: `Look into failed tasks of ${agent}`,
        detail: `${failed} task(s) of ${agent} failed within a day. Say why, and what will be done differently.`,
      });
    }
  }
  return found;
}
