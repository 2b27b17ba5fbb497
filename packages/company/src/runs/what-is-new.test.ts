import { expect, test } from "vitest";
import { whatIsNew } from "./what-is-new.ts";

const idle = { tasks: 0, decisions: 0 };
const wake = { kind: "wake" as const, ref: null, text: "schedule: loop" };

test("L06 a scheduled wake with nothing but checks asks no model", () => {
  expect(whatIsNew([wake], [{ text: "Check pending tasks", creative: false }], idle)).toEqual({ askModel: false, news: [] });
});

test("L17 a creative action that is due asks the model", () => {
  expect(whatIsNew([wake], [{ text: "Generate ideas", creative: true }], idle)).toEqual({
    askModel: true,
    news: ["due: Generate ideas"],
  });
});

test.each(["task", "message", "vote"] as const)("L07 a %s asks the model", (kind) => {
  expect(whatIsNew([{ kind, ref: "x", text: "something" }], [], idle)).toEqual({ askModel: true, news: ["something"] });
});

test("L08 a ballot or task whose own wake was spent still asks the model at the next one", () => {
  expect(whatIsNew([wake], [], { tasks: 1, decisions: 2 }).news).toEqual([
    "2 decision(s) wait for a ballot",
    "1 task(s) are open",
  ]);
});

test("L01 a wake that is about something asks the model", () => {
  expect(whatIsNew([{ kind: "wake", ref: "decision", text: "approved: Launch" }], [], idle).askModel).toBe(true);
});
