import { expect, test } from "vitest";
import { leadOf } from "./event-leads.ts";

const id = "01939f00-0000-7000-8000-000000000105";
const known = new Set(["cmo", "ceo"]);

test.each([
  ["decision", id, { page: "decision", id }],
  ["task", id, { page: "task", id }],
  ["parentTask", id, { page: "task", id }],
  ["approval", id, { page: "approval", id }],
  ["receipts", id, { page: "receipt", id }],
  ["change", id, { page: "change", id }],
  ["message", id, { page: "message", id }],
  ["subject", `task ${id}`, { page: "task", id }],
  ["subject", "cmo", { page: "agent", name: "cmo" }],
  ["source", "ceo", { page: "agent", name: "ceo" }],
  ["target", "cmo", { page: "agent", name: "cmo" }],
])("C14 what an event names as %s leads to its page", (name, value, lead) => {
  expect(leadOf(name, value, known)).toEqual(lead);
});

test.each([
  ["decision", "next week"],
  ["decision", `${id}/../../settings`],
  ["decision", id.toUpperCase()],
  ["run", id],
  ["title", id],
  ["target", "system"],
  ["title", "cmo"],
  ["subject", `task ${id}0`],
  ["subject", "task ------------------------------------"],
  ["source", "javascript:alert(1)"],
  ["constructor", id],
  ["toString", id],
])("what stands as %s and is no record with a page leads nowhere: %s", (name, value) => {
  expect(leadOf(name, value, known)).toBeNull();
});
