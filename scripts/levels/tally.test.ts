import { expect, test } from "vitest";
import { countReport, totalLine } from "./tally.ts";

test("the last line is exactly the three counts", () => {
  expect(totalLine({ passed: 12, failed: 0, skipped: 3 })).toBe("12 passed, 0 failed, 3 skipped");
});

test("counts tests by state, and a file that broke before its tests as one failure", () => {
  const counted = countReport({
    testResults: [
      {
        name: "a.test.ts",
        status: "failed",
        assertionResults: [
          { fullName: "adds", status: "passed" },
          { fullName: "subtracts", status: "failed" },
          { fullName: "divides", status: "skipped" },
        ],
      },
      { name: "b.test.ts", status: "failed", message: "cannot import\nat line 1", assertionResults: [] },
    ],
  });
  expect(counted).toMatchObject({ passed: 1, failed: 2, skipped: 1 });
  expect(counted.failedNames).toEqual(["subtracts", "b.test.ts: cannot import"]);
});
