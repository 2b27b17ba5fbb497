import { FleetModels, type FleetFile } from "@aito/protocol";
import { expect, test } from "vitest";
import { modelFor, modelsOf } from "./model-for.ts";

const file = (models: object, roles: object = {}): FleetFile =>
  ({ heads: ["ceo"], models: FleetModels.parse(models), roles: { ceo: {}, cmo: {}, ...roles } }) as unknown as FleetFile;
const agent = (role: string, model = "claude-sonnet-5-5") => ({ role, kind: "agent" as const, model });
const writer = { role: "writer", kind: "worker" as const, model: "claude-haiku-5-5" };

test("T06 where nothing is said: the Haiku class for workers and routine loops, the Sonnet class for heads and everything else", () => {
  const said = file({});
  expect(said.models).toMatchObject({ agents: "claude-sonnet-5-5", workers: "claude-haiku-5-5" });
  expect(modelFor(said, agent("cmo"), ["wake"])).toBe("claude-haiku-5-5");
  for (const reasons of [["vote"], ["message"], ["task"], ["wake", "message"], []] as const)
    expect(modelFor(said, agent("cmo"), [...reasons])).toBe("claude-sonnet-5-5");
  expect(modelFor(said, agent("ceo"), ["wake"])).toBe("claude-sonnet-5-5");
  expect(modelFor(said, writer, ["task"])).toBe("claude-haiku-5-5");
  expect([modelsOf(said, agent("cmo")), modelsOf(said, agent("ceo")), modelsOf(said, writer)]).toEqual([
    ["claude-sonnet-5-5", "claude-haiku-5-5"],
    ["claude-sonnet-5-5"],
    ["claude-haiku-5-5"],
  ]);
});

test("T06 a company on models of its own is not sent to Claude for its routine, unless it says so", () => {
  expect(modelFor(file({ agents: "llama3.2" }), agent("cmo", "llama3.2"), ["wake"])).toBe("llama3.2");
  expect(modelFor(file({ agents: "llama3.2", routine: "qwen3" }), agent("cmo", "llama3.2"), ["wake"])).toBe("qwen3");
});

test("T06 a role that names a model has it for everything; ballots may have one of their own, heads' too", () => {
  const said = file({ votes: "claude-opus-5-5" }, { cfo: { model: "claude-opus-5" } });
  for (const kind of ["wake", "vote", "task"] as const)
    expect(modelFor(said, agent("cfo", "claude-opus-5"), [kind])).toBe("claude-opus-5");
  expect(modelFor(said, agent("ceo"), ["vote"])).toBe("claude-opus-5-5");
});
