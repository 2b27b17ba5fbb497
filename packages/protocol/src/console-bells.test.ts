import { expect, test } from "vitest";
import { readConsoleBell } from "./console-bells.ts";

const bell = (...events: unknown[]): string => JSON.stringify({ events });

test("B01 a bell of events names them by id, a hint names types only", () => {
  expect(readConsoleBell(bell({ id: "1", type: "task.done" }))).toEqual({ types: ["task.done"], isHint: false });
  expect(readConsoleBell(bell({ type: "model.call" }))).toEqual({ types: ["model.call"], isHint: true });
  expect(readConsoleBell(bell({ type: "model.call" }, { id: "1", type: "task.done" })).isHint).toBe(false);
  expect(readConsoleBell(bell({ id: "1", type: "a" }, { id: "2", type: "a" }, { id: "3", type: "b" })).types).toEqual(["a", "b"]);
});

test("B01 what cannot be read is no hint: it may have told of events", () => {
  for (const body of ["", "{", "null", "{}", '{"events":5}', '{"events":[null]}', '{"events":[]}'])
    expect(readConsoleBell(body)).toEqual({ types: [], isHint: false });
});

test("B01 of very many types the first fifty are told", () => {
  const many = Array.from({ length: 80 }, (_, index) => ({ id: String(index), type: `t${index}` }));
  expect(readConsoleBell(bell(...many)).types).toHaveLength(50);
});
