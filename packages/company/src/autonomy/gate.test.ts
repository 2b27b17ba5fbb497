import { FleetFile } from "@aito/protocol";
import { expect, test } from "vitest";
import { judgeRelease, type Permit } from "./gate.ts";
import { autonomyOf } from "./mode-of.ts";

const call = { tool: "publish_text", argumentsDigest: "digest", amountMicroUsd: 40n };
const permit: Permit = {
  id: "d1",
  status: "approved",
  isOwn: true,
  action: { tool: "publish_text", argumentsDigest: null, timesLeft: 1, leftMicroUsd: 40n },
};
const listed = ["publish_text"];
const judge = (changes: Partial<Permit> = {}, action: Partial<NonNullable<Permit["action"]>> = {}) =>
  judgeRelease(call, listed, { ...permit, ...changes, action: { ...permit.action!, ...action } });

test("S21 autonomous runs what an approved decision of its own releases, up to its amount", () => {
  expect(judge()).toEqual({ do: "run" });
  expect(judge({}, { argumentsDigest: "digest" })).toEqual({ do: "run" });
});

test("S21 every other call is refused, each with its reason", () => {
  const refused = (verdict: ReturnType<typeof judgeRelease>, code = "AITO_TOOL_NOT_RELEASED"): void =>
    expect(verdict).toMatchObject({ do: "refuse", code });
  refused(judgeRelease(call, [], permit));
  refused(judgeRelease(call, listed, null));
  for (const status of ["pending", "vetoed", "escalated", "withdrawn", "overridden"]) refused(judge({ status }));
  refused(judge({ isOwn: false }));
  refused(judgeRelease(call, listed, { ...permit, action: null }));
  refused(judge({}, { tool: "send_mail" }));
  refused(judge({}, { argumentsDigest: "another" }));
  refused(judge({}, { timesLeft: 0 }));
  refused(judge({}, { leftMicroUsd: 39n }), "AITO_DECISION_BUDGET");
});

test("S21 a role's own words stand before the fleet's; supervised where nothing is said", () => {
  const file = FleetFile.parse({
    version: 1,
    company: "acme",
    name: "Acme",
    heads: ["ceo"],
    lead: "ceo",
    council: [],
    roles: { ceo: { profile: "ceo.md" }, cmo: { profile: "cmo.md", autonomy: "autonomous", releases: ["publish_text"] } },
    models: { agents: "a", workers: "b" },
    budget: { usd: 1 },
    limits: { majorAboveUsd: 1, criticalAboveUsd: 2 },
  });
  expect(autonomyOf(file, "ceo")).toEqual({ mode: "supervised", releases: [] });
  expect(autonomyOf(file, "cmo")).toEqual({ mode: "autonomous", releases: ["publish_text"] });
  expect(autonomyOf({ ...file, autonomy: "shadow" }, "ceo").mode).toBe("shadow");
  expect(() => FleetFile.parse({ ...file, releases: ["publish_txt"] })).toThrow("publish_text");
});
