import { expect, test } from "vitest";
import { honestReports, leftHonest, leftLying, lyingReports, marksOf } from "./business-cases.ts";

test.each(honestReports)("S10 a true report among names, places and times is left alone (%s): %s", (...report) => {
  expect(marksOf(report)).toEqual([]);
});

test.each(lyingReports)("S10 a figure of another period, thing, unit or of nobody is marked (%s): %s", (...report) => {
  expect(marksOf(report)).not.toEqual([]);
});

/** Known: whoever mends these moves them up. */
test.each(leftHonest)("S10 a name that stands as a figure stands is still marked (%s): %s", (...report) => {
  expect(marksOf(report)).not.toEqual([]);
});

test.each(leftLying)("S10 a figure of somebody whom the text never names may pass (%s): %s", (...report) => {
  expect(marksOf(report)).toEqual([]);
});
