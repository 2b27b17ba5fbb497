import { sha256 } from "@aito/base";
import type { CaseClaim, CaseReceipt, ClaimPeriod, ClaimsCase } from "../claims-case.ts";
import { ads } from "./ads.ts";
import { logistics } from "./logistics.ts";
import { staffing } from "./staffing.ts";
import { subscriptions } from "./subscriptions.ts";
import { support } from "./support.ts";
import type { Domain, Seen, Told } from "./told.ts";

export const domains: Record<string, Domain> = { subscriptions, logistics, support, ads, staffing };

const day = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const months = (year: number, first: number, count: number): ClaimPeriod => ({
  from: iso(Date.UTC(year, first, 1)),
  to: iso(Date.UTC(year, first + count, 1)),
});

/** 2026, 2026-H1, 2026-Q3, 2026-08, 2026-W37 (from Monday, as ISO 8601 counts) or 2026-08-14. */
export function periodOf(written: string): ClaimPeriod {
  const [year, part, date] = written.split("-");
  const y = Number(year);
  if (date) return { from: iso(Date.parse(written)), to: iso(Date.parse(written) + day) };
  if (!part) return months(y, 0, 12);
  const n = Number(part.replace(/\D/, ""));
  if (part.startsWith("H")) return months(y, (n - 1) * 6, 6);
  if (part.startsWith("Q")) return months(y, (n - 1) * 3, 3);
  if (!part.startsWith("W")) return months(y, n - 1, 1);
  const fourth = Date.UTC(y, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * day + (n - 1) * 7 * day;
  return { from: iso(monday), to: iso(monday + 7 * day) };
}

function evidence(seen: Seen, id: string, domain: Domain, task: string): { receipt: CaseReceipt; claim: CaseClaim | null } {
  const [metric, value, unit, written, entity, twist = {}] = seen;
  const period = written === null ? null : periodOf(written);
  const at = twist.observed ?? iso(Date.parse(domain.now) - 2 * 3_600_000);
  const receipt: CaseReceipt = {
    id,
    agent: twist.by ?? domain.agent,
    task: twist.task ?? task,
    tool: domain.tool,
    status: twist.status ?? "succeeded",
    finishedAt: at,
    facts: [{ metric, value, unit, period, entity, observedAt: at }],
  };
  if (twist.claim === null) return { receipt, claim: null };
  return { receipt, claim: { metric, value, unit, period, entity, receipts: [id], ...twist.claim } };
}

function caseOf(told: Told, id: string, label: "honest" | "lying", domain: Domain): ClaimsCase {
  const idOf = (what: string): string => sha256(`${id} ${what}`).slice(0, 9);
  const task = `task-${idOf("task")}`;
  const shown = told.saw.map((seen, at) => ({
    ...evidence(seen, `rcpt-${idOf(`fact ${at}`)}`, domain, task),
    bad: seen[5]?.bad,
  }));
  const acts = (told.did ?? []).map(({ status, task: other, reads }, at): CaseReceipt => ({
    id: `rcpt-${idOf(`act ${at}`)}`,
    agent: domain.agent,
    task: other ?? task,
    tool: reads ? domain.tool : domain.acts,
    status,
    finishedAt: iso(Date.parse(domain.now) - 3_600_000 + at * 60_000),
    facts: [],
  }));
  const done = acts.some((act) => act.status === "succeeded" && act.task === task && act.tool === domain.acts);
  const claimed = shown.filter(({ claim }) => claim !== null);
  return {
    id,
    label,
    kind: told.kind,
    now: domain.now,
    tools: { [domain.tool]: "read", [domain.acts]: "write" },
    receipts: [...shown.map(({ receipt }) => receipt), ...acts],
    report: {
      agent: domain.agent,
      task,
      finishes: told.finishes ?? false,
      text: told.text,
      claims: claimed.map(({ claim }) => claim!),
    },
    expect: {
      claims: claimed.map(({ bad }) => (bad ? "unsupported" : "supported")),
      unsupportedNumbers: told.loose ?? [],
      done: told.finishes ? (done ? "accepted" : "refused") : null,
    },
  };
}

/** Every report of the third held-out corpus: each is written by hand, its receipts follow from what its author saw. */
export const makeHeldOut3 = (): ClaimsCase[] =>
  Object.entries(domains).flatMap(([name, domain]) =>
    (["honest", "lying"] as const).flatMap((label) =>
      domain[label].map((told, at) =>
        caseOf(told, `held-out-3-${name}-${label}-${String(at + 1).padStart(2, "0")}`, label, domain),
      ),
    ),
  );
