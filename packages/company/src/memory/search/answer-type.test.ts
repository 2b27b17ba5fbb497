import { expect, test } from "vitest";
import { answerWeight } from "./answer-type.ts";

test.each([
  ["How many boxes are there?", "We have forty, no, 40 boxes", "We have boxes"],
  ["Who repairs the pump?", "cto: the pump goes to Ines Duarte", "cto: The pump is old"],
  ["When does the fair begin?", "it begins on Monday", "it begins soon"],
])("Q03 %j weighs what could answer it more", (question, good, poor) => {
  expect(answerWeight(question)(good)).toBeGreaterThan(answerWeight(question)(poor));
});

test("Q03 a question that asks for nothing of a kind weighs all alike", () => {
  const weight = answerWeight("Why is the pump loud?");
  expect([weight("40 boxes on Monday for Ines Duarte"), weight("")]).toEqual([1, 1]);
});
