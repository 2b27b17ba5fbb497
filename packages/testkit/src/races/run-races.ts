import type { Database } from "@aito/db";
import type { TestClock } from "../test-clock.ts";
import { checkRaces, type RaceFindings } from "./check-races.ts";
import { raceDecisions, type RaceTally } from "./race-decisions.ts";
import { raceGround } from "./race-ground.ts";
import { seededRandom } from "./seeded-random.ts";

export interface RaceReport extends Omit<RaceTally, "stuck">, RaceFindings {
  seed: number;
  stuck: string[];
}

/** Decisions that race in one company at once. */
const atOnceMax = 20;
/** A database is left behind after so many, so that the last ones meet the same tables as the first. */
export const schedulesPerDatabase = 400;
const councilSizes = [0, 2, 5];
/** How often each has its turn: what races are the same few rows, and small councils race more often in the same time. */
const turns = [0, 0, 0, 1, 1, 2];

/** Plays `schedules` races in one database, with councils of 0, 2 and 5, and checks the record of each company. */
export async function runRaces(
  database: { db: Database; clock: TestClock },
  options: { schedules: number; seed: number },
): Promise<RaceReport> {
  const { schedules, seed } = options;
  const random = seededRandom(seed);
  const grounds = [];
  for (const councilSize of councilSizes) {
    const slug = `council-${councilSize}-${seed}`;
    grounds.push(await raceGround({ ...database, slug, councilSize }));
  }
  const total: RaceReport = { ...emptyReport(), seed };
  for (let done = 0, batch = 0; done < schedules; batch += 1) {
    const count = Math.min(atOnceMax, schedules - done);
    const raced = await raceDecisions(grounds[turns[batch % turns.length]!]!, count, random);
    addTally(total, raced);
    done += count;
  }
  for (const ground of grounds) addFindings(total, await checkRaces(ground));
  return total;
}

export const emptyReport = (): RaceReport => ({
  seed: 0,
  schedules: 0,
  operations: 0,
  refused: 0,
  unexpected: [],
  stuck: [],
  decisions: 0,
  ballots: 0,
  escalations: 0,
  ended: {},
  illegal: [],
  twice: [],
  leftOver: 0,
});

function addTally(total: RaceReport, tally: RaceTally): void {
  total.schedules += tally.schedules;
  total.operations += tally.operations;
  total.refused += tally.refused;
  total.unexpected.push(...tally.unexpected);
  total.stuck.push(...tally.stuck);
}

export function addReport(total: RaceReport, report: RaceReport): void {
  addTally(total, report);
  addFindings(total, report);
}

function addFindings(total: RaceReport, found: RaceFindings): void {
  total.decisions += found.decisions;
  total.ballots += found.ballots;
  total.escalations += found.escalations;
  total.illegal.push(...found.illegal);
  total.twice.push(...found.twice);
  total.leftOver += found.leftOver;
  for (const [status, count] of Object.entries(found.ended)) total.ended[status] = (total.ended[status] ?? 0) + count;
}
