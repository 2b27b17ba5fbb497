import type { BallotRule } from "./rules/ballots.ts";

/**
 * The table of ballots of the README, so that tests compute what to expect from what people read. Throws for a row that
 * does not have the table's form.
 */
export function readBallotTable(markdown: string): BallotRule[] {
  const rows = markdown.split("\n").filter((line) => /^\| [^|]+ \| \d+ % \|/.test(line));
  return rows.map((row) => {
    const match = /^\| ([a-z ]+) \| (\d+) % \| (-|its profile's critical limit) \|$/.exec(row);
    if (!match) throw new RangeError(`not a row of the table of ballots: ${row}`);
    return { role: match[1]!, percent: Number(match[2]), criticalLimit: match[3] !== "-" };
  });
}
