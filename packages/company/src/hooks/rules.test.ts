import type { HookRule } from "@aito/protocol";
import { expect, test } from "vitest";
import { readBody, ruleFor, titleOf } from "./rules.ts";

const body = (value: unknown) => readBody(Buffer.from(JSON.stringify(value)))!;
const task = { title: "T", assignTo: "cto", priority: 5 };
const rule = (given: Partial<HookRule>): HookRule => ({ event: "*", task, ...given });

test("O21 the first rule that fits by event, action and what stands in the body is followed", () => {
  const rules = [
    rule({ event: "issues", action: "opened", where: { "repository.full_name": "acme/site" } }),
    rule({ event: "issues", where: { "issue.number": 7 } }),
    rule({ event: "push" }),
  ];
  const chosen = (event: string | null, value: unknown): number => {
    const found = ruleFor({ rules }, event, body(value));
    return found === null ? -1 : rules.indexOf(found);
  };
  expect(chosen("issues", { action: "opened", repository: { full_name: "acme/site" }, issue: { number: 7 } })).toBe(0);
  expect(chosen("issues", { action: "closed", repository: { full_name: "acme/site" }, issue: { number: 7 } })).toBe(1);
  expect(chosen("issues", { action: "opened", repository: { full_name: "acme/Site" } })).toBe(-1);
  expect(chosen("issues", { issue: { number: "7" } })).toBe(-1);
  expect(chosen("push", {})).toBe(2);
  expect(chosen(null, {})).toBe(-1);
  expect(ruleFor({ rules: [rule({})] }, null, body({}))).not.toBeNull();
  expect(ruleFor({ rules: [rule({ where: { "__proto__.x": 1, constructor: 1 } })] }, "a", body({}))).toBeNull();
});

test("O21 a title takes what the body says on one line, shortened, and never reaches beyond the body", () => {
  const given = body({ order: { id: 12, note: "a\r\nb\u202Ec\u2028d" }, long: "x".repeat(500), list: [1] });
  expect(titleOf("Order {order.id}: {order.note}", given)).toBe("Order 12: a b c d");
  expect(titleOf("{long}", given)).toBe("x".repeat(80));
  expect(titleOf("{order} {list} {none.at.all} {constructor.name} {list.length}", given)).toBe("? ? ? ? 1");
});

test("O21 what is no JSON object in UTF-8 is no event", () => {
  for (const text of ["", "[]", "null", "1", '"a"', "{", '{"a":1}x']) expect(readBody(Buffer.from(text))).toBeNull();
  expect(readBody(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeNull();
  expect(body({ type: "order.paid", action: "done\n" })).toMatchObject({ type: "order.paid", action: "done" });
  expect(body({ type: 1 })).toMatchObject({ type: null, action: null });
});
