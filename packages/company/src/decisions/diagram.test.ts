import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type DecisionEvent, type DecisionSetup, type Machine, openRound, refusals, type RefusalCode } from "./machine.ts";
import { step } from "./rules.ts";
import { setupOf, start } from "./rules-fixtures.ts";
import { votersOf } from "./voters.ts";

const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
const label = (state: Machine): string => openRound(state)?.phase ?? state.status;
const name = (event: DecisionEvent): string => (event.kind === "human" ? event.answer : event.kind);

function candidates(state: Machine): { event: DecisionEvent; at: number }[] {
  const open = openRound(state);
  const soon = open ? Date.parse(open.openedAt) + 1 : start + 1;
  const ballots = (open ? votersOf(state, open.phase) : []).flatMap((voter) =>
    (["approve", "veto", "abstain"] as const).map((vote) => ({
      event: { kind: "ballot", voter, vote, reason: "" } as const,
      at: soon,
    })),
  );
  const answers = (["approve", "veto", "send_back"] as const).map((answer) => ({
    event: { kind: "human", answer, comment: "" } as const,
    at: soon,
  }));
  return [
    ...ballots,
    ...answers,
    ...(open ? [{ event: { kind: "deadline" } as const, at: Date.parse(open.deadline) }] : []),
    { event: { kind: "withdrawn", by: state.proposer }, at: soon },
    { event: { kind: "overridden", by: "operator", reason: "" }, at: soon },
    { event: { kind: "expired" }, at: Date.parse(state.validUntil!) },
  ];
}

/** All that the future of a state depends on. */
const key = (state: Machine): string =>
  JSON.stringify([
    state.status,
    state.discussionsUsed,
    state.sendBacksUsed,
    state.rounds
      .slice(-2)
      .map((round) => [
        round.phase,
        round.closedAt !== null,
        round.ballots.map(({ voter, vote }) => `${voter} ${vote}`).toSorted(),
      ]),
  ]);

function explore(setup: DecisionSetup, edges: Set<string>): void {
  const opened = step(null, { kind: "opened", setup }, new Date(start));
  if (!opened.ok) throw new Error(opened.code);
  edges.add(`[*] --> ${label(opened.state)}: opened`);
  const seen = new Set<string>();
  const open = [opened.state];
  for (let state = open.pop(); state; state = open.pop()) {
    for (const { event, at } of candidates(state)) {
      const next = step(state, event, new Date(at));
      if (!next.ok || next.state.steps === state.steps) continue;
      edges.add(`${label(state)} --> ${label(next.state)}: ${name(event)}`);
      if (seen.has(key(next.state))) continue;
      seen.add(key(next.state));
      open.push(next.state);
    }
  }
}

function drawn(): Set<string> {
  const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(readme)![1]!;
  const lines = diagram
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes("-->"));
  return new Set(
    lines.flatMap((line) => {
      const [edge, events] = line.split(": ");
      return events!.split(", ").map((event) => `${edge}: ${event}`);
    }),
  );
}

test("Y01 the README's diagram has exactly the transitions that the code makes", () => {
  const edges = new Set<string>();
  const validUntil = new Date(start + 1e9).toISOString();
  const base = { validUntil, seconds: { heads: 60, analysis: 60, final: 60 } };
  explore(setupOf({ ...base, type: "minor" }), edges);
  for (const type of ["major", "critical"] as const) {
    explore(setupOf({ ...base, type, council: [] }), edges);
    explore(
      setupOf({
        ...base,
        type,
        council: ["cto", "cfo"],
        discussionsMax: type === "major" ? 1 : 0,
        sendBacksMax: type === "major" ? 0 : 1,
      }),
      edges,
    );
    explore(setupOf({ ...base, type, heads: ["ceo"], guardian: null, council: ["cto", "cfo"], proposer: "ceo" }), edges);
    explore(setupOf({ ...base, type, heads: ["ceo"], guardian: "ceo", council: [] }), edges);
  }
  expect([...drawn()].toSorted()).toEqual([...edges].toSorted());
});

test("Y01 the README's tables name every status, phase and refusal of the code", () => {
  for (const word of ["pending", "approved", "vetoed", "escalated", "withdrawn", "overridden", "heads", "analysis", "final"]) {
    expect(readme).toMatch(new RegExp(`^\\| \`${word}\` \\|`, "m"));
  }
  const listed = [...readme.matchAll(/^\| `(AITO_[A-Z_]+)` \|/gm)].map((match) => match[1] as RefusalCode);
  expect(listed.toSorted()).toEqual(Object.keys(refusals).toSorted());
});

/** Rows of the table whose first heading is `heading`, cell by cell. */
function rowsOf(heading: string): string[][] {
  const found = new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\|\\n((?:\\|.*\\n)+)`, "m").exec(readme)![1]!;
  return found
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(2, -2).split(" | "));
}

test("Y01 the README's table of events says where each is taken and what it leads to, as the diagram and the code do", () => {
  const wanted = Map.groupBy([...drawn()], (edge) => edge.split(": ")[1]!);
  const rows = rowsOf("event");
  expect(rows.map(([event]) => event!.replaceAll("`", "")).toSorted()).toEqual([...wanted.keys()].toSorted());
  for (const [event, , from, to] of rows) {
    const ends = wanted.get(event!.replaceAll("`", ""))!.map((edge) => edge.split(": ")[0]!.split(" --> "));
    const sources = [...new Set(ends.map(([source]) => (source === "[*]" ? "nothing yet" : source!)))];
    expect(from!.split(", ").toSorted(), event).toEqual(sources.toSorted());
    expect(to!.split(", ").toSorted(), event).toEqual([...new Set(ends.map(([, target]) => target!))].toSorted());
  }
});

test("Y01 the README's table of roles says whose ballot each phase takes, as the code does", () => {
  const setup = setupOf({ proposer: "cmo" });
  const roles = { "a head": "ceo", "a member of the council": "cto", "the proposer, a member": "cmo", "anybody else": "writer" };
  const wanted = Object.entries(roles).map(([role, voter]) => [
    role,
    ...(["heads", "analysis", "final"] as const).map((phase) => (votersOf(setup, phase).includes(voter) ? "yes" : "no")),
  ]);
  expect(rowsOf("role")).toEqual(wanted);
});
