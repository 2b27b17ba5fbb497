import { expect, test } from "vitest";
import { countReport, tellFailed, totalLine } from "./tally.ts";

test("the last line is exactly the three counts", () => {
  expect(totalLine({ passed: 12, failed: 0, skipped: 3 })).toBe("12 passed, 0 failed, 3 skipped");
});

test("counts tests by state, and a file that broke before its tests as one failure", () => {
  const counted = countReport({
    testResults: [
      {
        name: "/x/a.test.ts",
        status: "failed",
        assertionResults: [
          { fullName: "adds", status: "passed" },
          {
            fullName: "subtracts",
            status: "failed",
            failureMessages: ["\u001b[31mexpected 2\u001b[39m\nto be 1\n    at file:///x/node_modules/a.js:1:1"],
          },
          { fullName: "divides", status: "skipped" },
        ],
      },
      {
        name: "/x/b.test.ts",
        status: "failed",
        message: "cannot import y from /x/node_modules/z.js\n    at load (/x/node_modules/a.js:1:1)\nat line 1",
        assertionResults: [],
      },
    ],
  });
  expect(counted).toMatchObject({ passed: 1, failed: 2, skipped: 1 });
  expect(counted.failures).toEqual([
    { name: "subtracts", file: "/x/a.test.ts", message: "expected 2\nto be 1" },
    { name: "the file itself", file: "/x/b.test.ts", message: "cannot import y from /x/node_modules/z.js\nat line 1" },
  ]);
  expect(counted.failures.map((failed) => tellFailed(failed, "/x"))).toEqual([
    "  failed: subtracts\n    in a.test.ts\n    expected 2\n    to be 1",
    "  failed: the file itself\n    in b.test.ts\n    cannot import y from /x/node_modules/z.js\n    at line 1",
  ]);
});
