import { expect, test } from "vitest";
import { decideCall, type PolicyCall, type PolicyFacts } from "./policy.ts";
import { someCall as call, someFacts as facts, somePermit as permit, someStanding as standing } from "./policy-fixtures.ts";

const { layers } = facts;
const autonomous = { mode: "autonomous", releases: ["publish_text"] } as const;
const web: Partial<PolicyCall> = { tool: "read_page", risk: "read", dataClass: "web" };
const holdsWeb = { ...layers, role: ["internal", "web"] };

test.each<[string, Partial<PolicyCall>, Partial<PolicyFacts>, string, string]>([
  ["a dangerous call of a supervised role waits for a human", {}, {}, "ask", "mode.supervised"],
  ["a read of the fleet's own runs", { risk: "read", dataClass: "internal" }, {}, "allow", "risk.read"],
  [
    "a write within the company runs, tainted or not",
    { risk: "write", dataClass: "internal" },
    { taint: "a page" },
    "allow",
    "risk.write",
  ],
  ["a write to the outside runs", { risk: "write" }, {}, "allow", "risk.write"],
  ["a write to the outside waits for a human once its run is tainted", { risk: "write" }, { taint: "a page" }, "ask", "taint"],
  ["what the company does not hold nobody calls", {}, { layers: { ...layers, company: ["internal"] } }, "deny", "grant.company"],
  ["what the role does not hold it does not call", {}, { layers: { ...layers, role: ["internal"] } }, "deny", "grant.role"],
  ["a tool held by name is held", {}, { layers: { ...layers, role: ["publish_text"] } }, "ask", "mode.supervised"],
  ["the client narrows", {}, { layers: { ...layers, client: ["internal"] } }, "deny", "grant.client"],
  ["the task narrows", {}, { layers: { ...layers, task: ["show_task"] } }, "deny", "grant.task"],
  ["text from outside is had by name only", web, {}, "deny", "grant.role"],
  ["and then it is read", web, { layers: holdsWeb }, "allow", "risk.read"],
  ["not by a role that sees personal data", web, { layers: holdsWeb, sees: ["personal"] }, "deny", "shield.personal"],
  ["not by a role that sees payment data", web, { layers: holdsWeb, sees: ["payment"] }, "deny", "shield.payment"],
  [
    "a class that others hold alone is not held",
    web,
    { layers: { ...holdsWeb, exclusive: { web: ["scout"] } } },
    "deny",
    "exclusive.web",
  ],
  ["the rate counts", {}, { rate: { used: 3, times: 3, per: "hour" } }, "deny", "rate.publish_text"],
  ["below the rate it is asked for", {}, { rate: { used: 2, times: 3, per: "hour" } }, "ask", "mode.supervised"],
  ["no more wait than a human can look at", {}, { waiting: { now: 20, max: 20 } }, "deny", "rate.waiting"],
  ["shadow records", {}, { autonomy: { ...autonomous, mode: "shadow" }, permit, standing: [standing] }, "record", "mode.shadow"],
  ["a standing permission covers it", {}, { standing: [standing] }, "allow", "standing.daily-posts"],
  ["not when it is used up", {}, { standing: [{ ...standing, timesLeft: 0 }] }, "ask", "mode.supervised"],
  ["not with a file, which no constraint binds", { files: [{}] }, { standing: [standing] }, "ask", "mode.supervised"],
  ["not above its amount", { amountMicroUsd: 41n }, { standing: [standing] }, "ask", "mode.supervised"],
  [
    "not for another tool",
    { tool: "pay" },
    { standing: [standing], layers: { ...layers, role: ["pay"] } },
    "ask",
    "mode.supervised",
  ],
  ["not for a tainted run", {}, { standing: [standing], taint: "a page" }, "ask", "taint"],
  ["autonomous runs what a decision releases", {}, { autonomy: autonomous, permit }, "allow", "decision.d1"],
  ["not for a tainted run, which needs a human", {}, { autonomy: autonomous, permit, taint: "a page" }, "ask", "taint"],
  ["autonomous refuses without a decision", {}, { autonomy: autonomous }, "deny", "mode.autonomous"],
  ["a supervised role's decision changes nothing", {}, { permit }, "ask", "mode.supervised"],
])("S01 S11 S18 S21 policy: %s", (_name, callChange, factsChange, verdict, rule) => {
  expect(decideCall({ ...call, ...callChange }, { ...facts, ...factsChange })).toMatchObject({ do: verdict, rule });
});

test.each<[unknown, boolean]>([
  [{ path: "usd", is: "at_most", value: 40 }, true],
  [{ path: "usd", is: "at_most", value: 39.99 }, false],
  [{ path: "title", is: "equal", value: "News" }, true],
  [{ path: "title", is: "equal", value: "News " }, false],
  [{ path: "title", is: "equal", value: "Nеws" }, false],
  [{ path: "title", is: "one_of", value: ["Olds", "News"] }, true],
  [{ path: "text", is: "shorter_than", value: 14 }, true],
  [{ path: "text", is: "shorter_than", value: 13 }, false],
  [{ path: "to.0", is: "equal", value: "x" }, false],
  [{ path: "__proto__", is: "equal", value: null }, false],
  [{ path: "bcc", is: "absent" }, true],
  [{ path: "title", is: "absent" }, false],
  [{ path: "usd", is: "shorter_than", value: 1_000 }, false],
  [{ path: "title", is: "at_most", value: 1_000 }, false],
])("S11 a permission's constraint %j holds: %s", (constraint, holds) => {
  const constrained = { ...standing, constraints: [constraint as (typeof standing.constraints)[number]] };
  expect(decideCall(call, { ...facts, standing: [constrained] }).do).toBe(holds ? "allow" : "ask");
});

test.each<[Record<string, unknown>, unknown, boolean]>([
  [{ to: { name: "ada" } }, { path: "to.name", is: "equal", value: "ada" }, true],
  [{ "to.name": "ada" }, { path: "to.name", is: "equal", value: "ada" }, true],
  [{ "to.name": "ada", to: { name: "eve" } }, { path: "to.name", is: "equal", value: "ada" }, false],
  [{ "to.name": "eve", to: { name: "ada" } }, { path: "to.name", is: "equal", value: "ada" }, false],
  [{ "to.name": "eve" }, { path: "to.name", is: "absent" }, false],
  [{ to: { "first.name": "eve" } }, { path: "to.first.name", is: "absent" }, false],
  [{ to: { last: "ada" } }, { path: "to.name", is: "absent" }, true],
  [{ usd: 0 }, { path: "usd", is: "at_most", value: 40 }, true],
  [{ usd: -5_000 }, { path: "usd", is: "at_most", value: 40 }, false],
  [{ change: -5 }, { path: "change", is: "at_most", value: -2 }, true],
])(
  "S11 of the arguments %j the constraint %j holds: %s, whether a dot is a step or a part of a name, an amount above or below nothing",
  (args, constraint, holds) => {
    const constrained = { ...standing, constraints: [constraint as (typeof standing.constraints)[number]] };
    expect(decideCall({ ...call, arguments: args }, { ...facts, standing: [constrained] }).do).toBe(holds ? "allow" : "ask");
  },
);
