import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceTopLevelString, topLevelValue } from "./top-level-string.ts";

test("one word is replaced and every other byte stays, wherever the same key or text stands elsewhere", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const nested = fc.oneof(value, fc.constantFrom({ model: "inner" }, ['"model":"x"'], 'say "model": "x"', "\\", '\\"model'));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string(), nested), { maxLength: 6 }),
      nested,
      fc.string(),
      fc.nat(4),
      (pairs, last, asked, indent) => {
        const object: Record<string, unknown> = Object.fromEntries(
          pairs.filter(([key]) => key !== "model" && key !== "__proto__"),
        );
        object["model"] = asked;
        object["after"] = last;
        const body = Buffer.from(JSON.stringify(object, null, indent));
        const changed = replaceTopLevelString(body, "model", "other-model").toString();
        expect(JSON.parse(changed)).toEqual({ ...(JSON.parse(body.toString()) as object), model: "other-model" });
        expect(changed.length).toBe(body.toString().length - JSON.stringify(asked).length + '"other-model"'.length);
      },
    ),
  );
});

test("of a doubled key the last counts, as for every parser; a value that is no string is left alone", () => {
  expect(replaceTopLevelString(Buffer.from('{"model":"a","model":"b"}'), "model", "c").toString()).toBe(
    '{"model":"a","model":"c"}',
  );
  expect(replaceTopLevelString(Buffer.from('{"model":{"model":"b"}}'), "model", "c").toString()).toBe('{"model":{"model":"b"}}');
  expect(replaceTopLevelString(Buffer.from('[{"model":"b"}]'), "model", "c").toString()).toBe('[{"model":"b"}]');
});

test("a top-level value is found as a parser finds it, whatever stands around it, and never in what is cut short", () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom({ usage: "inner" }, ['"usage":1', { usage: 2 }], "\\", '"usage":3'),
  );
  const pairs = fc.array(fc.tuple(fc.oneof(fc.string(), fc.constant("usage")), value), { maxLength: 6 });
  fc.assert(
    fc.property(pairs, fc.nat(4), fc.nat(), (list, indent, cut) => {
      const object = Object.fromEntries(list.filter(([key]) => key !== "__proto__"));
      const body = Buffer.from(JSON.stringify(object, null, indent));
      const parsed = JSON.parse(body.toString()) as Record<string, unknown>;
      expect(topLevelValue(body, "usage")).toEqual(parsed["usage"]);
      expect(topLevelValue(body.subarray(0, cut % body.length), "usage")).toBeUndefined();
    }),
  );
  expect(topLevelValue(Buffer.from('{"usage":{"a":1},"usage":{"a":2}}'), "usage")).toEqual({ a: 2 });
  expect(topLevelValue(Buffer.from('[{"usage":1}]'), "usage")).toBeUndefined();
  expect(topLevelValue(Buffer.from('{"a":{"usage":1},"b":["usage",2]}'), "usage")).toBeUndefined();
});
