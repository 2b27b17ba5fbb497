/** Nobody works so much better beside a poison task: tasks are finished in bursts, and windows this far apart have caught one or missed it. */
const comparableShareMax = 1.5;

/** What is promised of a task that always ends its worker. */
export const poisonPromises = { containers: 3, othersShare: 0.95 } as const;

export interface PoisonRound {
  /** Tasks that standing agents finished: in the window before, beside the poison task, in the window after. */
  before: number;
  beside: number;
  after: number;
  /** Containers that the poison task had, and how many of them ended as the round wants it. */
  containers: number;
  aborted: number;
  status: string;
  quarantinedMs: number;
}

/** What the others did beside it, of what they did without: the windows round it, so that a slow beginning is no help. */
export function othersShare(rounds: Pick<PoisonRound, "before" | "beside" | "after">[]): number {
  const sum = (of: (round: (typeof rounds)[number]) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const alone = sum(({ before, after }) => (before + after) / 2);
  return Number((sum(({ beside }) => beside) / Math.max(1, alone)).toFixed(3));
}

export function poisonProblems(rounds: PoisonRound[]): string[] {
  const share = othersShare(rounds);
  return [
    ...rounds.flatMap(({ status, containers, aborted }, index) => [
      ...(status === "quarantined" ? [] : [`poison ${index + 1} is ${status}, not quarantined`]),
      ...(containers <= poisonPromises.containers ? [] : [`poison ${index + 1} got ${containers} containers`]),
      ...(aborted === containers
        ? []
        : [`poison ${index + 1}: ${containers - aborted} of ${containers} containers did not abort`]),
    ]),
    ...(share >= poisonPromises.othersShare
      ? []
      : [`the others finished ${share} of what they do without it, promised: ${poisonPromises.othersShare}`]),
    ...(share <= comparableShareMax
      ? []
      : [`the others finished ${share} of what they do without it: the windows are too short to compare, give more --seconds`]),
  ];
}
