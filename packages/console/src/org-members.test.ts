import type { AgentView, OrgSeat } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import { orgMembers } from "./org-members.ts";

const seat = (role: string, reportsTo: string | null): OrgSeat => ({
  role,
  title: `Head of ${role}`,
  department: "Sales",
  reportsTo,
  head: false,
  council: false,
});
const agent = (name: string, parentAgent: string | null = null): AgentView =>
  ({ name, kind: parentAgent === null ? "agent" : "worker", parentAgent, status: "active" }) as AgentView;
const under = (seats: OrgSeat[], agents: AgentView[] = []): Record<string, string | null> =>
  Object.fromEntries(orgMembers(seats, agents).map((member) => [member.name, member.under]));

describe("C02 the org chart's members", () => {
  test("roles stand under whom they report to, workers under whom they work for, a worker's worker under that worker", () => {
    const seats = [seat("ceo", null), seat("cmo", "ceo")];
    const agents = [agent("ceo"), agent("cmo"), agent("writer-1", "cmo"), agent("helper-2", "writer-1")];
    expect(under(seats, agents)).toEqual({ ceo: null, cmo: "ceo", "writer-1": "cmo", "helper-2": "writer-1" });
  });

  test("a role is shown with its agent, and without one while nobody fills it", () => {
    const [ceo, cmo] = orgMembers([seat("ceo", null), seat("cmo", "ceo")], [agent("ceo")]);
    expect([ceo!.agent?.name, cmo!.agent]).toEqual(["ceo", undefined]);
  });

  test("nobody is lost: who reports to somebody unknown, to itself or in a ring stands at the top, who is below a ring stays below", () => {
    const seats = [
      seat("lost", "nobody"),
      seat("own", "own"),
      seat("a", "c"),
      seat("b", "a"),
      seat("c", "b"),
      seat("below", "b"),
    ];
    expect(under(seats)).toEqual({ lost: null, own: null, a: null, b: "a", c: "b", below: "b" });
  });
});
