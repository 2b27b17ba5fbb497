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

export interface Counted extends Tally {
  /** Names of tests that did not run. */
  skippedNames: string[];
  failedNames: string[];
}

/** Counts a report; a file that failed before any of its tests could run counts as one failure. */
export function countReport(report: Report): Counted {
  const counted: Counted = { passed: 0, failed: 0, skipped: 0, skippedNames: [], failedNames: [] };
  for (const file of report.testResults) {
    for (const { fullName, status } of file.assertionResults) {
      if (status === "passed") counted.passed += 1;
      else if (status === "failed") counted.failedNames.push(fullName);
      else counted.skippedNames.push(fullName);
    }
    const brokenFile = file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed");
    if (brokenFile) counted.failedNames.push(`${file.name}: ${(file.message ?? "failed").split("\n")[0]}`);
  }
  counted.failed = counted.failedNames.length;
  counted.skipped = counted.skippedNames.length;
  return counted;
}
