import { type AgentSession, recordReceipt, submitReport } from "../src/index.ts";
import type { TestCompany } from "./open-company.ts";

/** A whole month. */
export const february = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };

export interface Figure {
  metric: string;
  /** What was read, and how its report writes it: a claim for each. */
  values: [string, ...string[]];
  /** Null: it was measured at the moment. */
  period: typeof february | null;
  /** Default: the shop. */
  entity?: string;
  /** Default: a count. */
  unit?: string;
  /** Default: a system of the agent's own. */
  source?: string;
  /** Default: without any number. */
  text?: string;
}

/** A second later an agent reads a figure from a system and reports it; what was found of each claim. */
export async function reportFigure(company: TestCompany, session: AgentSession, figure: Figure) {
  company.clock.advance(1_000);
  const { metric, values, period, entity = "shop", unit = "count", source = session.agent, text = "so it is" } = figure;
  const said = { metric, unit, period, entity };
  const facts = [{ ...said, value: values[0], observedAt: company.clock.now().toISOString() }];
  const call = { tool: "read_figures", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, facts, source };
  const { id } = await recordReceipt(company.deps, session, call, "k".repeat(32));
  const claims = values.map((value) => ({ ...said, value, receipts: [id] }));
  return (await submitReport(company.deps, session, { task: null, text, run: null, receiptId: null, claims })).claims;
}
