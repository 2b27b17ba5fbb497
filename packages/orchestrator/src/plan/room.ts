/** What is under way for one agent, or waits to be. */
export interface Step {
  /** It starts a container, which takes longest. */
  begins: boolean;
  kind: "agent" | "worker";
}

/**
 * Agents for which steps are under way at once; of them so many may begin one, so that an end never waits for beginnings. Workers leave
 * two places to standing agents: one that was lost does not wait for the starts of those who came to work for others.
 */
export const roomMax = { agent: { all: 10, begin: 6 }, worker: { all: 8, begin: 4 } } as const;

/** Whether another step may begin beside those that are under way. */
export function hasRoom(next: Step, underWay: Step[]): boolean {
  const max = roomMax[next.kind];
  return underWay.length < max.all && (!next.begins || underWay.filter(({ begins }) => begins).length < max.begin);
}
