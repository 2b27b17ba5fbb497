/** What a level counted. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The last line of `npm test`; what reads it relies on exactly this form. */
export const totalLine = ({ passed, failed, skipped }: Tally): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** The part of vitest's JSON report that is read. */
export interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[];
  }[];
}

/** A test that failed, with what is needed to look for the cause where only the end of the output is kept. */
export interface Failed {
  name: string;
  /** Its file, as vitest names it; empty where no file is to blame. */
  file: string;
  /** The first lines of what it said. */
  message: string;
}

export interface Counted extends Tally {
  /** Names of tests that did not run. */
  skippedNames: string[];
  failures: Failed[];
}

const messageLinesMax = 12;
const colour = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, "g");

/** Without the places inside libraries, which only push the project's own out of sight. */
const firstLines = (text: string): string =>
  text
    .replaceAll(colour, "")
    .split("\n")
    .filter((line) => !/^\s*at .*\/node_modules\//.test(line))
    .slice(0, messageLinesMax)
    .join("\n");

/** Counts a report; a file that failed before any of its tests could run counts as one failure. */
export function countReport(report: Report): Counted {
  const counted: Counted = { passed: 0, failed: 0, skipped: 0, skippedNames: [], failures: [] };
  for (const file of report.testResults) {
    for (const { fullName, status, failureMessages } of file.assertionResults) {
      if (status === "passed") counted.passed += 1;
      else if (status === "failed")
        counted.failures.push({ name: fullName, file: file.name, message: firstLines((failureMessages ?? []).join("\n")) });
      else counted.skippedNames.push(fullName);
    }
    const brokenFile = file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed");
    if (brokenFile)
      counted.failures.push({ name: "the file itself", file: file.name, message: firstLines(file.message ?? "failed") });
  }
  counted.failed = counted.failures.length;
  counted.skipped = counted.skippedNames.length;
  return counted;
}

/** A failure as it is told at the end of the run: its name, its file below `root`, and what it said. */
export const tellFailed = ({ name, file, message }: Failed, root: string): string =>
  [`  failed: ${name}`, ...(file ? [`in ${file.replace(`${root}/`, "")}`] : []), ...message.split("\n").filter(Boolean)].join(
    "\n    ",
  );
